/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* package: the parts of opening a package as a source, for source/ only. */
#pragma once

#include "source/image.h"
#include "source/source.h"

/* Adds the disk @entry of now, whose image was kept as it was, to the machine and its tree. */
gboolean vp_source_add_kept_disk(VpMachine *machine, const VpPackage *package,
                                 const VpRunAs *run_as, const VpMomentDisk *entry, GError **error);

/* Fills the machine's tree: images and snapshots. */
gboolean vp_source_open_kept(VpMachine *machine, const VpPackage *package, const VpRunAs *run_as,
                             GError **error);

/* Gives the machine the RAM of a package, its description read. */
gboolean vp_source_add_ram(VpMachine *machine, const VpPackage *package, const VpMomentRam *ram,
                           GError **error);
