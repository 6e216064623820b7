/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * serve: the bytes of an open file over NBD, read-only, to one client: the way a
 * tool that runs as another user gets a file that this user could not open. The
 * tools take no descriptors of files (only QEMU itself does), but sockets.
 */
#pragma once

#include "base/error.h"

typedef struct _VpServe VpServe;

/* Bytes of the file that the client sees as zeros. */
typedef struct {
    guint64 offset;
    gsize length; /* at most 64 */
} VpServeBlank;

/* Serves the file @fd (stays the caller's, its offset is not used) on the connected @socket,
 * which it takes over, in a thread of its own. @blank may be NULL. */
VpServe *vp_serve_start(int fd, const VpServeBlank *blank, int socket, GError **error);

/* Ends it, at once, and frees; NULL is fine. */
void vp_serve_free(VpServe *serve);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpServe, vp_serve_free)
