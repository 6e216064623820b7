/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ops/undo.h"
#include "base/arrival.h"
#include "pack/taken.h"
#include "virt/define.h"
#include "virt/pool.h"
#include "virt/restore.h"

#include <errno.h>
#include <glib/gstdio.h>

static gboolean
undo_path(const char *path, VpConnection *connection, GError **error)
{
    return vp_remove_tree(path, error);
}

static gboolean
undo_folder(const char *path, VpConnection *connection, GError **error)
{
    if (g_rmdir(path) == 0 || errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST)
        return TRUE;
    vp_error_set_errno(error, errno, "%s", path);
    return FALSE;
}

static gboolean
undo_volume(const char *name, VpConnection *connection, GError **error)
{
    vp_connection_reach(connection, NULL);
    g_auto(GStrv) parts = g_strsplit(name, "/", 2);
    return vp_volume_delete(connection, parts[0], parts[1], error);
}

/* There is no way back, and that must be said. */
static gboolean
undo_device(const char *path, VpConnection *connection, GError **error)
{
    vp_error_set(error, VP_ERROR_FAILED, "overwritten: what was on it is lost");
    return FALSE;
}

static gboolean
undo_taken(const char *path, VpConnection *connection, GError **error)
{
    return vp_package_give_back(path, error);
}

static gboolean
undo_owner(const char *what, VpConnection *connection, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(what, ":", 4);
    guint number[3];
    for (gsize i = 0; i < G_N_ELEMENTS(number); i++)
        number[i] = (guint)g_ascii_strtoull(parts[i], NULL, 8);
    return vp_hand_over(parts[3], number[0], number[1], number[2], error);
}

static gboolean
undo_domain(const char *uuid, VpConnection *connection, GError **error)
{
    vp_connection_reach(connection, NULL);
    return vp_virt_undefine(connection, uuid, error);
}

static gboolean
undo_run(const char *uuid, VpConnection *connection, GError **error)
{
    vp_connection_reach(connection, NULL);
    return vp_virt_stop(connection, uuid, error);
}

static const struct {
    const char *what;
    gboolean (*undo)(const char *what, VpConnection *connection, GError **error);
} table[] = {
    [VP_JOURNAL_FILE] = {"the file", undo_path},
    [VP_JOURNAL_FOLDER] = {"the folder", undo_folder},
    [VP_JOURNAL_TREE] = {"the folder", undo_path},
    [VP_JOURNAL_VOLUME] = {"the volume", undo_volume},
    [VP_JOURNAL_DEVICE] = {"the device", undo_device},
    [VP_JOURNAL_TAKEN] = {"the package", undo_taken},
    [VP_JOURNAL_OWNER] = {"the owner of", undo_owner},
    [VP_JOURNAL_DOMAIN] = {"the domain", undo_domain},
    [VP_JOURNAL_RUN] = {"the running domain", undo_run},
};

void
vp_undo(VpJournal *journal, VpConnection *connection, GError **error)
{
    for (VpJournalEntry *next; (next = vp_journal_pop(journal));) {
        g_autoptr(VpJournalEntry) entry = next;
        g_autoptr(GError) local = NULL;
        if (table[entry->kind].undo(entry->what, connection, &local))
            continue;
        g_autofree char *left = g_strdup_printf("%s %s is left (%s)", table[entry->kind].what,
                                                entry->what, local->message);
        vp_error_add_left(error, left);
    }
}
