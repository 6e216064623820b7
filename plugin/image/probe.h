/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * probe: what qemu-img says of an image of this host. Only for images that a
 * domain of this host names with their format; never for those of a package.
 */
#pragma once

#include "base/error.h"

typedef struct {
    char *id;
    char *name;
    guint64 vm_state_size; /* bytes */
} VpInternalSnapshot;

typedef struct {
    char *format;
    guint64 virtual_size; /* bytes */
    gboolean encrypted;
    gboolean data_file;   /* keeps its data in another file */
    char *backing;        /* absolute, or a URL; NULL for none */
    char *backing_format; /* NULL when the image does not say */
    GPtrArray *snapshots; /* of VpInternalSnapshot */
} VpImageInfo;

void vp_image_info_free(VpImageInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpImageInfo, vp_image_info_free)

/* `qemu-img info` of @filename (a path or QEMU's json: name) as @format; the lock
 * is honoured: an image that a running domain writes is VP_ERROR_FAILED. Looks at
 * this one layer only. Caller frees. */
VpImageInfo *
vp_image_probe(const char *filename, const char *format, GCancellable *cancellable, GError **error);

/* Pure: the struct from the JSON of `qemu-img info --output=json`. */
VpImageInfo *vp_image_info_parse(const char *json, GError **error);
