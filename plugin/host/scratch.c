/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/scratch.h"

#include "host/files.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* libvirt shortens the name. Where an earlier run, cut off, left a folder of the same
 * number behind, the name tells. */
static char *
find_folder(const char *parent, int id, const char *name)
{
    g_autofree char *prefix = g_strdup_printf("domain-%d-", id);
    g_autoptr(GDir) dir = g_dir_open(parent, 0, NULL);
    char *found = NULL;

    for (const char *entry; dir != NULL && (entry = g_dir_read_name(dir));) {
        if (!g_str_has_prefix(entry, prefix))
            continue;
        gboolean fits = g_str_has_prefix(name, entry + strlen(prefix));
        if (found != NULL && !fits)
            continue;
        g_free(found);
        found = g_build_filename(parent, entry, NULL);
        if (fits)
            break;
    }
    return found;
}

char *
vp_scratch_find_run_folder(VpScope scope, int id, const char *name, GError **error)
{
    g_autofree char *parent = vp_path_runs(scope);
    g_autofree char *folder = find_folder(parent, id, name);

    if (folder != NULL && access(folder, R_OK | W_OK | X_OK) == 0)
        return g_steal_pointer(&folder);
    if (folder != NULL || access(parent, R_OK | X_OK) < 0)
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: the disks of a running domain are read through a socket there, which "
                     "this user cannot reach: export as root, or shut the domain off",
                     folder ? folder : parent);
    else
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: libvirt has no folder for domain %s there: shut it off to export it",
                     parent, name);
    return NULL;
}

static void
set_no_space(GError **error, const char *const *folders, guint64 needed)
{
    g_autofree char *size = g_format_size_full(needed, G_FORMAT_SIZE_IEC_UNITS);
    g_autofree char *places = g_strjoinv(", ", (char **)folders);

    vp_error_set(error, VP_ERROR_FAILED,
                 "no space for the scratch files that reading a running domain takes: %s are "
                 "needed in one of %s: make room there, or shut the domain off",
                 size, places);
}

typedef struct {
    const char *folder;
    guint64 room;
} Place;

static int
compare_places(gconstpointer a, gconstpointer b)
{
    const Place *first = a;
    const Place *second = b;

    return first->room > second->room ? -1 : first->room < second->room;
}

GStrv
vp_scratch_sort(const char *const *folders, guint64 needed, GError **error)
{
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(Place));

    for (guint i = 0; folders[i] != NULL; i++) {
        Place place = {.folder = folders[i]};
        guint64 filesystem;
        if (vp_folder_is_writable(place.folder) &&
            vp_space_free(place.folder, &place.room, &filesystem, NULL) && place.room >= needed)
            g_array_append_val(places, place);
    }
    if (places->len == 0) {
        set_no_space(error, folders, needed);
        return NULL;
    }
    g_array_sort(places, compare_places);
    char **sorted = g_new0(char *, places->len + 1);
    for (guint i = 0; i < places->len; i++)
        sorted[i] = g_strdup(g_array_index(places, Place, i).folder);
    return sorted;
}

static char *
make_in(const char *parent, const struct stat *like, GError **error)
{
    g_autofree char *folder = g_build_filename(parent, ".vp-scratch-XXXXXX", NULL);

    if (g_mkdtemp_full(folder, 0700) == NULL) {
        vp_error_set_errno(error, errno, "%s: cannot make a folder for scratch files", parent);
        return NULL;
    }
    if (lchown(folder, like->st_uid, like->st_gid) == 0)
        return g_steal_pointer(&folder);
    vp_error_set_errno(error, errno, "%s: cannot give it to QEMU's user", folder);
    g_rmdir(folder);
    return NULL;
}

char *
vp_scratch_make(const char *const *folders, const char *like, GError **error)
{
    g_autoptr(GError) cause = NULL;
    struct stat status;

    if (stat(like, &status) < 0) {
        vp_error_set_errno(error, errno, "%s", like);
        return NULL;
    }
    for (guint i = 0; folders[i] != NULL; i++) {
        g_clear_error(&cause);
        char *folder = make_in(folders[i], &status, &cause);
        if (folder != NULL)
            return folder;
    }
    g_propagate_error(error, g_steal_pointer(&cause));
    return NULL;
}
