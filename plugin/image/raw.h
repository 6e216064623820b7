/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* raw: raw images, read and written with no tool at all. */
#pragma once

#include "image/open.h"

/* Reads the raw image, file or block device, open at @fd, which stays the caller's; its
 * file offset is moved. */
VpDiskReader *vp_raw_open_fd(int fd, GError **error);

/* As vp_image_create(), for raw. */
VpDiskWriter *vp_raw_create(const char *path, const VpImageSpec *spec, GError **error);
