/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/lock.h"
#include "base/fd.h"

#include <fcntl.h>

/* QEMU's block/file-posix.c: who uses a permission locks the byte of it, who does
 * not share it with others locks another; both locks are shared ones. */
#define BYTE_OF_USE    100
#define BYTE_OF_REFUSE 200
#define WRITE          1 /* the number of the permission */

static gboolean
set_lock(int fd, off_t byte)
{
    struct flock lock = {
        .l_type = F_RDLCK,
        .l_whence = SEEK_SET,
        .l_start = byte,
        .l_len = 1,
    };

    return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

static gboolean
is_locked(int fd, off_t byte)
{
    struct flock lock = {
        .l_type = F_WRLCK,
        .l_whence = SEEK_SET,
        .l_start = byte,
        .l_len = 1,
    };

    return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

gboolean
vp_lock_against_writers(const char *path, int *ret_lock, GError **error)
{
    vp_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        vp_error_set_errno(error, errno, "%s", path);
        return FALSE;
    }
    /* Ours first, then a look for theirs: two who come at once both see it. */
    set_lock(fd, BYTE_OF_REFUSE + WRITE);
    if (is_locked(fd, BYTE_OF_USE + WRITE)) {
        vp_error_set(error, VP_ERROR_FAILED, "%s: in use by a running domain: shut it off first",
                     path);
        return FALSE;
    }
    *ret_lock = g_steal_fd(&fd);
    return TRUE;
}
