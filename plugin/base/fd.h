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
