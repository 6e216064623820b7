/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ram: the RAM of a machine put on a host, for sink/host.c only. */
#pragma once

#include "base/arrival.h"
#include "sink/sink.h"

/* RAM that becomes a save image. */
typedef struct {
    const VpMachineRam *ram;
    xmlDoc *domain;   /* its definition, retargeted */
    const char *path; /* absolute */
} VpRamImage;

/* Writes @image beside its path, and proves the RAM by reading it to its end. Freeing the
 * arrival removes the file unless it was committed. */
VpArrival *vp_sink_write_ram(const VpHostSink *sink, const VpRamImage *image, GError **error);

/* Resumes the domain, which is defined, from @image as the plan says. What runs is in the
 * journal. */
gboolean vp_sink_resume(const VpHostSink *sink, const VpArrival *image, GError **error);
