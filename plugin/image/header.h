/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * header: a bounded look at an image of a package before any tool sees it.
 * Source of the layout: QEMU docs/interop/qcow2.txt.
 */
#pragma once

#include "base/error.h"

/* What an image of a package must be. */
typedef struct {
    VpImageFormat format;
    guint64 virtual_size;       /* bytes */
    const char *backing;        /* the backing file name it must have, or NULL for none */
    const GPtrArray *snapshots; /* of char *: its internal snapshots, just these; or NULL */
} VpImageExpectation;

/* Checks the image open at @fd against @expected; @what names it in messages.
 * qcow2: magic, version 3, cluster size, no external data file, no encryption,
 * no dirty or corrupt mark, no feature bit or header extension that could lead
 * out of the file, sizes and tables within QEMU's own bounds and within the
 * file, internal snapshots just as expected. raw: the file is as long as the disk.
 * VP_ERROR_UNSAFE for what leads out of the image or is outside the bounds, VP_ERROR_DAMAGED
 * for what contradicts the manifest. The file offset of @fd is not used or moved.
 */
gboolean
vp_header_check(int fd, const VpImageExpectation *expected, const char *what, GError **error);
