/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/arrival.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct _VpArrival {
    char *temporary;
    char *final;
    gboolean folder;
    gboolean committed;
};

/* ".NAME.vp-XXXXXX" beside @path, the name cut so that it fits NAME_MAX. */
static char *
temporary_template(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    return g_strdup_printf("%s/.%.200s.vp-XXXXXX", folder, name);
}

static VpArrival *
arrival_new(char *temporary, const char *path, gboolean folder)
{
    VpArrival *arrival = g_new0(VpArrival, 1);
    arrival->temporary = temporary;
    arrival->final = g_strdup(path);
    arrival->folder = folder;
    return arrival;
}

VpArrival *
vp_arrival_new_file(const char *path, mode_t mode, GError **error)
{
    g_autofree char *temporary = temporary_template(path);
    int fd = g_mkstemp_full(temporary, O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) {
        vp_error_set_errno(error, errno, "%s", path);
        return NULL;
    }
    if (fchmod(fd, mode) < 0) {
        vp_error_set_errno(error, errno, "%s", temporary);
        close(fd);
        g_unlink(temporary);
        return NULL;
    }
    close(fd);
    return arrival_new(g_steal_pointer(&temporary), path, FALSE);
}

VpArrival *
vp_arrival_new_folder(const char *path, GError **error)
{
    g_autofree char *temporary = temporary_template(path);
    if (!g_mkdtemp_full(temporary, 0700)) {
        vp_error_set_errno(error, errno, "%s", path);
        return NULL;
    }
    return arrival_new(g_steal_pointer(&temporary), path, TRUE);
}

const char *
vp_arrival_get_temporary(const VpArrival *arrival)
{
    return arrival->temporary;
}

const char *
vp_arrival_get_final(const VpArrival *arrival)
{
    return arrival->final;
}

gboolean
vp_arrival_fill(VpArrival *arrival, gconstpointer data, gsize length, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (g_file_set_contents_full(arrival->temporary, data, (gssize)length,
                                 G_FILE_SET_CONTENTS_ONLY_EXISTING, 0600, &cause))
        return TRUE;
    vp_error_set(error, VP_ERROR_FAILED, "%s", cause->message);
    return FALSE;
}

gboolean
vp_hand_over(const char *path, uid_t uid, gid_t gid, mode_t mode, GError **error)
{
    gboolean gives = uid != (uid_t)-1 || gid != (gid_t)-1;
    /* In this order: chown() clears bits that chmod() set. */
    if (gives && lchown(path, uid, gid) < 0) {
        vp_error_set_errno(error, errno, "cannot be given to %d:%d", (int)uid, (int)gid);
        return FALSE;
    }
    if (chmod(path, mode) < 0) {
        vp_error_set_errno(error, errno, "mode %04o", (guint)mode);
        return FALSE;
    }
    return TRUE;
}

static gboolean
sync_path(const char *path, int flags, GError **error)
{
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0 || fsync(fd) < 0) {
        vp_error_set_errno(error, errno, "%s", path);
        if (fd >= 0)
            close(fd);
        return FALSE;
    }
    close(fd);
    return TRUE;
}

gboolean
vp_sync_folder_of(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    return sync_path(folder, O_RDONLY | O_DIRECTORY, error);
}

/* File systems without renameat2() flags (some FUSE and NFS) answer EINVAL; there
 * link() gives a file its name without replacing, and rmdir()'s rules protect a folder. */
static int
rename_fresh(const VpArrival *arrival)
{
    if (renameat2(AT_FDCWD, arrival->temporary, AT_FDCWD, arrival->final, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
    if (!arrival->folder)
        return link(arrival->temporary, arrival->final) < 0 ? -1 : unlink(arrival->temporary);
    if (g_file_test(arrival->final, G_FILE_TEST_EXISTS)) {
        errno = EEXIST;
        return -1;
    }
    return rename(arrival->temporary, arrival->final);
}

static gboolean
swap(const VpArrival *arrival, unsigned int flags)
{
    return renameat2(AT_FDCWD, arrival->final, AT_FDCWD, arrival->temporary, flags) == 0;
}

/* Makes the name durable that was just given; what cannot be told to be is taken back, with
 * @flags of renameat2(). */
static gboolean
keep_name(VpArrival *arrival, unsigned int flags, GError **error)
{
    GError *why = NULL;
    arrival->committed = TRUE;
    if (vp_sync_folder_of(arrival->final, &why))
        return TRUE;
    if (swap(arrival, flags)) {
        arrival->committed = FALSE;
        g_propagate_error(error, why);
        return FALSE;
    }
    vp_error_set(error, VP_ERROR_PARTIAL, "%s; %s is left (%s)", why->message, arrival->final,
                 g_strerror(errno));
    g_error_free(why);
    return FALSE;
}

/* After the exchange the temporary name holds what was replaced. */
static gboolean
exchange(VpArrival *arrival, GError **error)
{
    if (!swap(arrival, RENAME_EXCHANGE)) {
        vp_error_set_errno(error, errno, "%s: cannot be replaced in one step", arrival->final);
        return FALSE;
    }
    g_autoptr(GError) why = NULL;
    if (!keep_name(arrival, RENAME_EXCHANGE, error))
        return FALSE;
    if (vp_remove_tree(arrival->temporary, &why))
        return TRUE;
    vp_error_set(error, VP_ERROR_PARTIAL, "%s is there, but %s, which it replaces, is left (%s)",
                 arrival->final, arrival->temporary, why->message);
    return FALSE;
}

gboolean
vp_arrival_commit(VpArrival *arrival, gboolean replace, GError **error)
{
    int flags = arrival->folder ? O_RDONLY | O_DIRECTORY : O_RDONLY;
    if (!sync_path(arrival->temporary, flags, error))
        return FALSE;
    if (rename_fresh(arrival) < 0) {
        if (replace && errno == EEXIST)
            return exchange(arrival, error);
        vp_error_set_errno(error, errno, "%s", arrival->final);
        return FALSE;
    }
    return keep_name(arrival, 0, error);
}

gboolean
vp_arrival_commit_as(VpArrival *arrival, uid_t uid, gid_t gid, mode_t mode, GError **error)
{
    if (vp_hand_over(arrival->temporary, uid, gid, mode, error))
        return vp_arrival_commit(arrival, FALSE, error);
    g_prefix_error(error, "%s: ", arrival->final);
    return FALSE;
}

void
vp_arrival_abandon(VpArrival *arrival, GError **error)
{
    g_autoptr(GError) why = NULL;
    if (arrival->committed || vp_remove_tree(arrival->temporary, &why))
        return;
    g_autofree char *left = g_strdup_printf("%s is left (%s)", arrival->temporary, why->message);
    vp_error_add_left(error, left);
}

void
vp_arrival_free(VpArrival *arrival)
{
    if (!arrival)
        return;
    vp_arrival_abandon(arrival, NULL);
    g_free(arrival->temporary);
    g_free(arrival->final);
    g_free(arrival);
}

static int
remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    return remove(path);
}

gboolean
vp_remove_tree(const char *path, GError **error)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) == 0 || errno == ENOENT)
        return TRUE;
    vp_error_set_errno(error, errno, "%s: cannot be removed", path);
    return FALSE;
}
