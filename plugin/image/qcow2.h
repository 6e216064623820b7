/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * qcow2: a new qcow2 image, uncompressed, written with no tool between: its bytes
 * go from our memory into the file, once.
 */
#pragma once

#include "image/open.h"

/* As vp_image_create(), for qcow2 that is not compressed. */
VpDiskWriter *vp_qcow2_create(const char *path, const VpImageSpec *spec, GError **error);
