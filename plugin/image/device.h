/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* device: a block device that is overwritten with a disk. */
#pragma once

#include "base/disk.h"

/* Opens the block device @path, which nobody else may have claimed, to be overwritten by a disk
 * of @size bytes, which it must have room for. What lies beyond the disk is zeroed by the flush;
 * nothing that was on the device before can be read afterwards. It has no other name: what was
 * written stays, committed or not. */
VpDiskWriter *vp_device_open(const char *path, guint64 size, GError **error);

/* What a block device is to an import. */
typedef struct {
    guint64 size;  /* bytes */
    gboolean busy; /* mounted, claimed by the kernel, or a QEMU writes to it */
    gboolean read_only;
} VpDeviceState;

/* Looks at the block device @path; FALSE, nothing set, when it is none or cannot be opened. */
gboolean vp_device_look(const char *path, VpDeviceState *ret_state);
