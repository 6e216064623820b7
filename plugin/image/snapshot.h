/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * snapshot: what the table of internal snapshots of a qcow2 image of this host
 * says and QEMU's tools do not: they show a snapshot in the size that the disk
 * has today.
 */
#pragma once

#include "base/error.h"

/* An entry of the table, as far as it is of use here. */
typedef struct {
    guint64 l1_offset;     /* in the file */
    guint32 l1_size;       /* entries */
    guint64 disk_size;     /* bytes, 0 when the image does not say */
    guint64 vm_state_size; /* bytes, 0 for a snapshot without RAM */
    guint64 taken;         /* nanoseconds since the epoch */
} VpSnapshotEntry;

typedef struct {
    char *name;
    VpSnapshotEntry entry;
} VpSnapshotNamed;

/* All entries of the qcow2 image open at @fd, whose @path is for messages: array of
 * VpSnapshotNamed that frees its members. Bounded, whatever the file says. */
GPtrArray *vp_snapshot_list(int fd, const char *path, GError **error);

/* The entry called @name of the qcow2 image open at @fd, whose @path is for messages.
 * VP_ERROR_NOT_FOUND when there is no such snapshot. */
gboolean vp_snapshot_find_entry(int fd, const char *path, const char *name,
                                VpSnapshotEntry *ret_entry, GError **error);

/* As vp_snapshot_find_entry(), of the image in the file or block device @path. */
gboolean
vp_snapshot_lookup(const char *path, const char *name, VpSnapshotEntry *ret_entry, GError **error);
