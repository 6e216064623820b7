/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ram: the RAM of a machine put on a host, for sink/host.c only. */
#pragma once

#include "base/arrival.h"
#include "sink/sink.h"

/* Writes the save image of the machine beside its disks, and proves its RAM by reading it to
 * its end. Freeing the arrival, which is never committed, removes the file. */
VpArrival *vp_sink_write_ram(const VpHostSink *sink, GError **error);

/* Resumes the domain, which is defined, from @image as the plan says. What runs is in the
 * journal. */
gboolean vp_sink_resume(const VpHostSink *sink, const VpArrival *image, GError **error);
