/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * container: an image as the file that it is: with its internal snapshots, and what RAM
 * they hold. Copied byte for byte; just the name of its backing file changes.
 */
#pragma once

#include "base/disk.h"
#include "base/process.h"

typedef struct {
    const char *name; /* as it stands in the header */
    VpImageFormat format;
} VpBacking;

/* The bytes of an image's file that @file reads, which is taken over; @what names it in
 * messages. A qcow2 shows a header of version 3 that names @backing (may be NULL: none),
 * whatever it was, and has no bitmaps; a raw image stays as it is. */
VpDiskReader *vp_container_wrap(VpDiskReader *file, VpImageFormat format, const VpBacking *backing,
                                const char *what, GError **error);

/* Bytes of the disk in the image that @file reads. */
gboolean vp_container_get_size(VpDiskReader *file, VpImageFormat format, guint64 *ret_size,
                               const char *what, GError **error);

/* Pure: the same change in the first @length bytes of a qcow2, which are its first cluster.
 * VP_ERROR_FAILED where the name does not fit. */
gboolean vp_container_set_backing(guint8 *cluster, gsize length, const VpBacking *backing,
                                  const char *what, GError **error);

/* What QEMU says of the tables of the qcow2 open at @fd, read through a tool that runs as
 * @run_as (NULL: as the caller). VP_ERROR_FAILED when they are wrong. *@ret_untidy: there is
 * space in use that nobody needs, or it was not closed in good order. */
gboolean vp_container_check(int fd, const VpRunAs *run_as, const char *what, gboolean *ret_untidy,
                            GError **error);

/* Tidies the qcow2 at @path, one of this host's own. */
gboolean vp_container_tidy(const char *path, GError **error);

/* Takes the internal snapshot @name out of the qcow2 at @path, one of this host's own. */
gboolean vp_container_delete_snapshot(const char *path, const char *name, GError **error);
