/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* take: what is done with disks of a package that are not copied, for sink/host.c only. */
#pragma once

#include "sink/place.h"

/* Makes the layer of @entry over the image of @disk; it gets its name with all the others. */
VpPlacing *vp_sink_link_disk(const VpHostSink *sink, const VpMachineDisk *disk,
                             const VpPlanDisk *entry, GError **error);

/* Where the plan says so: makes the images of the package the domain's own, once it is proved
 * that they are whole and that nobody uses them. The package is none any more then. */
gboolean vp_sink_take_package(const VpHostSink *sink, GError **error);

/* Once the domain is defined: the package that it lies on was not taken by another meanwhile. */
gboolean vp_sink_check_linked(const VpHostSink *sink, GError **error);

/* Where the plan says so: proves the contents of all disks before anything is made. */
gboolean vp_sink_prove_first(const VpHostSink *sink, GError **error);
