/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * nbd: a disk over NBD, read and written by libnbd. What the reader and writer
 * ops of base/disk.h need, with libnbd's errors as GErrors.
 */
#pragma once

#include "base/disk.h"

typedef struct _VpNbd VpNbd;

/* Speaks to the server behind the connected @socket, which it takes over, about the
 * export @name ("" for a server that has one only); @what names the disk in messages.
 * Once the cancellable that is current now is cancelled nothing waits for the server
 * any more: all that is asked of it is VP_ERROR_INTERRUPTED. */
VpNbd *vp_nbd_new(int socket, const char *name, const char *what, GError **error);

/* Bytes of the disk. */
guint64 vp_nbd_get_size(const VpNbd *nbd);

/* Read and write all @length bytes at @offset. */
gboolean vp_nbd_pread(VpNbd *nbd, guint64 offset, gpointer buffer, gsize length, GError **error);
gboolean
vp_nbd_pwrite(VpNbd *nbd, guint64 offset, gconstpointer buffer, gsize length, GError **error);

/* Makes @length bytes at @offset read as zeros. */
gboolean vp_nbd_zero(VpNbd *nbd, guint64 offset, guint64 length, GError **error);

/* All written bytes have left the server for the file. */
gboolean vp_nbd_flush(VpNbd *nbd, GError **error);

/* The extent at @offset. Asks the server for long stretches and remembers the
 * last answer; a server that knows of no extents has data everywhere. */
gboolean vp_nbd_extent(VpNbd *nbd, guint64 offset, VpExtent *ret_extent, GError **error);

/* Takes leave of the server in good order; nothing can be asked any more. */
void vp_nbd_shutdown(VpNbd *nbd);

/* Breaks the connection off, when it is still there, and frees; NULL is fine. */
void vp_nbd_free(VpNbd *nbd);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpNbd, vp_nbd_free)
