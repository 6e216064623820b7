/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* snapshot: a view of libvirt's <domainsnapshot> XML. */
#pragma once

#include "model/domain.h"

typedef enum {
    VP_SNAPSHOT_NONE, /* the disk was left out */
    VP_SNAPSHOT_INTERNAL,
    VP_SNAPSHOT_EXTERNAL,
    VP_SNAPSHOT_MANUAL,
} VpSnapshotKind;

typedef struct {
    char *target;
    VpSnapshotKind kind;
    char *overlay; /* external: the file or block device that was put on top, or NULL */
} VpSnapshotDisk;

#define VP_SNAPSHOT_CREATED_MAX G_MAXUINT32 /* seconds: what nanoseconds can count is more */

typedef struct {
    char *name;
    char *parent;       /* name of the snapshot before it, or NULL */
    char *state;        /* "shutoff", "running", "paused", "disk-snapshot" */
    gint64 created;     /* seconds since the epoch, 0 to VP_SNAPSHOT_CREATED_MAX */
    VpSnapshotKind ram; /* where its RAM is: internal, external or none */
    char *ram_file;     /* external: libvirt's save image */
    xmlDoc *domain;     /* the definition of that moment that boots */
    xmlDoc *live;       /* the definition that its RAM belongs to */
    char *cookie;       /* of libvirt, for the RAM; or NULL */
    GPtrArray *disks;   /* of VpSnapshotDisk */
} VpSnapshot;

/* VP_ERROR_FAILED where the XML lacks the domain of that moment. Caller frees. */
VpSnapshot *vp_snapshot_parse(const char *xml, GError **error);
void vp_snapshot_free(VpSnapshot *snapshot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpSnapshot, vp_snapshot_free)

/* The domain was shut off then. */
gboolean vp_snapshot_was_off(const VpSnapshot *snapshot);

/* How the disk of @target stands in it. */
const VpSnapshotDisk *vp_snapshot_find_disk(const VpSnapshot *snapshot, const char *target);
