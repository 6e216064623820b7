/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vmstate: the RAM of an internal snapshot, where QEMU keeps it in a qcow2 file: behind
 * the virtual disk, in the clusters of the snapshot's own L1 table (QEMU
 * docs/interop/qcow2.txt, "Snapshots"; block/qcow2.h, qcow2_vm_state_offset()). It is
 * QEMU's migration stream. A running domain does not write to these clusters.
 */
#pragma once

#include "base/error.h"

/* A stream of the RAM of the internal snapshot @name of the qcow2 file or block device
 * @path, read as the guest's QEMU wrote it; *@ret_size gets its bytes. NULL with
 * VP_ERROR_NOT_FOUND when there is no such snapshot or it has no RAM, VP_ERROR_FAILED
 * for what is no migration stream or lies outside the file. Every table is bounded by
 * QEMU's own limits. Caller unrefs. */
GInputStream *
vp_vmstate_open(const char *path, const char *name, guint64 *ret_size, GError **error);
