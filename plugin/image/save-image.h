/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * save-image: libvirt's save image: a header, the domain XML with a cookie, and the RAM
 * as QEMU's migration stream. Source: libvirt src/qemu/qemu_saveimage.h, version 2.
 * A header of somebody else is never passed on: a wrong one aborts libvirtd.
 */
#pragma once

#include "base/error.h"

typedef struct {
    char *xml;            /* of the domain */
    char *cookie;         /* libvirt's own, or NULL */
    gboolean running;     /* FALSE: it was paused */
    guint64 size;         /* bytes of the stream; 0 where a compressed image does not say */
    GInputStream *stream; /* the migration stream, in no compression */
} VpSaveImage;

/* Opens the save image @path, in whatever compression it was written (raw, gzip, bzip2,
 * xz, lzop, zstd). VP_ERROR_FAILED for what is none, is incomplete, or written in a way
 * that is not a stream. Caller frees. */
VpSaveImage *vp_save_image_open(const char *path, GError **error);
void vp_save_image_free(VpSaveImage *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpSaveImage, vp_save_image_free)

/* All of a save image that stands before the stream, which follows uncompressed.
 * @cookie may be NULL. Caller unrefs. */
GBytes *vp_save_image_format_head(const char *xml, const char *cookie, gboolean running);
