/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* package: the parts of writing a package, for sink/ only. */
#pragma once

#include "model/tree.h"
#include "sink/sink.h"

/* Writes the images of the machine's tree and its snapshots, and adds them to the manifest,
 * which has its first moment already. */
gboolean vp_sink_package_tree(const VpPackageSink *sink, VpPackageWriter *writer, GError **error);

/* Writes @ram, if it is any, as members whose names begin with @prefix, for @moment. */
gboolean
vp_sink_package_ram(const VpPackageSink *sink, const VpMachineRam *ram, VpPackageWriter *writer,
                    const char *prefix, VpMoment *moment, GError **error);
