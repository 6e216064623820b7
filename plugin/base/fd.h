/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fd: a file descriptor that closes itself at the end of its block. */
#pragma once

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <unistd.h>

static inline void
vp_fd_clear(int *fd)
{
    int saved_errno = errno;
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    errno = saved_errno;
}

/* vp_autofd int fd = …; hand it on with g_steal_fd(). */
#define vp_autofd __attribute__((cleanup(vp_fd_clear)))

/* Reads @length bytes at @offset, all of them, without moving the descriptor; FALSE with
 * errno set, 0 where the file ends early. */
static inline gboolean
vp_fd_pread_all(int fd, guint64 offset, gpointer buffer, gsize length)
{
    for (gsize done = 0; done < length;) {
        gssize got = pread(fd, (char *)buffer + done, length - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0)
            errno = 0;
        if (got <= 0)
            return FALSE;
        done += (gsize)got;
    }
    return TRUE;
}

/* Writes @length bytes at @offset, all of them, without moving the descriptor; FALSE with errno
 * set. */
static inline gboolean
vp_fd_pwrite_all(int fd, guint64 offset, gconstpointer buffer, gsize length)
{
    for (gsize done = 0; done < length;) {
        gssize put = pwrite(fd, (const char *)buffer + done, length - done, (off_t)(offset + done));
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return FALSE;
        done += (gsize)put;
    }
    return TRUE;
}
