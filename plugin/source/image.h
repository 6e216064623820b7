/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* image: images of a package, opened as its manifest says. */
#pragma once

#include "image/open.h"
#include "pack/package.h"

/* A descriptor of the member of @image, once its header has been checked: the backing file
 * and the internal snapshots that it names are those of the manifest. -1 on error. */
int vp_source_open_image(const VpPackage *package, const VpImage *image, GError **error);

/* The bytes of @disk at its moment, on whatever images it lies, each with a checked header.
 * A tool reads them as @run_as. */
VpDiskReader *vp_source_open_disk_of(const VpPackage *package, const VpMomentDisk *disk,
                                     const VpRunAs *run_as, GError **error);
