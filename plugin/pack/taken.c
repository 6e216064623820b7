/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pack/taken.h"
#include "base/arrival.h"
#include "model/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define TAKEN_NAME VP_MANIFEST_NAME ".taken"

static gboolean
rename_in(const char *folder, const char *from, const char *to, GError **error)
{
    g_autofree char *old = g_build_filename(folder, from, NULL);
    g_autofree char *new = g_build_filename(folder, to, NULL);
    if (renameat2(AT_FDCWD, old, AT_FDCWD, new, RENAME_NOREPLACE) < 0) {
        vp_error_set_errno(error, errno, "%s: cannot become %s", old, to);
        return FALSE;
    }
    return TRUE;
}

static gboolean
sync_folder(const char *folder, GError **error)
{
    g_autofree char *inside = g_build_filename(folder, TAKEN_NAME, NULL);
    return vp_sync_folder_of(inside, error);
}

gboolean
vp_package_take(const char *path, GError **error)
{
    GError *why = NULL;
    if (!rename_in(path, VP_MANIFEST_NAME, TAKEN_NAME, error))
        return FALSE;
    if (sync_folder(path, &why))
        return TRUE;
    if (!rename_in(path, TAKEN_NAME, VP_MANIFEST_NAME, NULL)) {
        vp_error_set(error, VP_ERROR_PARTIAL, "%s; the package %s is left taken (%s)", why->message,
                     path, TAKEN_NAME);
        g_clear_error(&why);
        return FALSE;
    }
    g_propagate_error(error, why);
    return FALSE;
}

gboolean
vp_package_give_back(const char *path, GError **error)
{
    return rename_in(path, TAKEN_NAME, VP_MANIFEST_NAME, error) && sync_folder(path, error);
}

gboolean
vp_package_is_taken(int fd, const char *path, GError **error)
{
    if (faccessat(fd, TAKEN_NAME, F_OK, AT_SYMLINK_NOFOLLOW) < 0)
        return FALSE;
    vp_error_set(error, VP_ERROR_DAMAGED,
                 "%s: its files became those of a domain, by import --mode in-place (%s): it is no "
                 "package any more",
                 path, TAKEN_NAME);
    return TRUE;
}
