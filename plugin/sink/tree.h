/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tree: a machine with its snapshots put on a host, for sink/host.c only. Without snapshots
 * there is nothing to do. */
#pragma once

#include "sink/sink.h"

/* Copies the images that are kept as they are, naming the new ones below them. VpPlacings
 * go to @placings and paths to sink->files. */
gboolean vp_sink_copy_images(const VpHostSink *sink, GPtrArray *placings, GError **error);

/* Proves what was copied, once it has its names: tables, and each disk at each moment. */
gboolean vp_sink_prove_images(const VpHostSink *sink, GError **error);

/* Dates the images that a snapshot left behind: no later than that, since the time of their last
 * write tells whether they still are what the snapshot left. Where a file system does not take
 * it, a later export of the snapshot says what to do. */
void vp_sink_date_images(const VpHostSink *sink);

/* Writes the RAM of snapshots that have their own, dated like their images. */
gboolean vp_sink_place_saves(const VpHostSink *sink, GError **error);

/* Tells libvirt of the snapshots of the domain, which is defined. */
gboolean vp_sink_redefine(const VpHostSink *sink, GError **error);

/* Of host.c: makes the folders above @path that are missing, noting each. */
gboolean
vp_sink_make_folders_above(const VpHostSink *sink, const char *path, mode_t mode, GError **error);
