/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* place: disks of a machine put where the plan says, for sink/host.c and its parts only. */
#pragma once

#include "image/open.h"
#include "sink/sink.h"

/* A disk on its way. */
typedef struct {
    VpDiskWriter *writer;
    char *file; /* path of the file that the commit makes; NULL where the disk lies in none */
} VpPlacing;

void vp_placing_free(VpPlacing *placing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpPlacing, vp_placing_free)

/* Makes an empty disk of @spec where @entry says, under a temporary name if it is a file; what
 * has no other name, a volume, is in the journal. @spec->format is that of @entry. */
VpPlacing *
vp_sink_place(const VpHostSink *sink, const VpPlanDisk *entry, VpImageSpec *spec, GError **error);

/* The same for a file. */
VpPlacing *vp_sink_place_file(const VpHostSink *sink, const char *path, const VpImageSpec *spec,
                              GError **error);

/* Whether what was read of @disk is what the manifest says; VP_ERROR_DAMAGED else. */
gboolean
vp_sink_check_digest(const VpMachineDisk *disk, const VpCopyResult *result, GError **error);

/* Whether the tables of the qcow2 open at @fd, the file @path, are right, and hold no space that
 * nobody needs; VP_ERROR_DAMAGED else, about @what, that ends with @advice. */
gboolean vp_sink_check_tables(const VpHostSink *sink, int fd, const char *path, const char *what,
                              const char *advice, GError **error);

/* What the disk of @entry is called in a result: its path, or POOL/VOLUME. Caller frees. */
char *vp_sink_name_place(const VpPlanDisk *entry);
