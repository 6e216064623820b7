/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lock: QEMU's locks on the files of images, for the one case where its own tools
 * leave them out: qemu-nbd lets others write to a raw image that it reads.
 */
#pragma once

#include "base/error.h"

/* Sees to it that no QEMU writes to the file or block device @path while *@ret_lock,
 * a descriptor for the caller to close, is open. VP_ERROR_FAILED when one does
 * already. Where a file system has no locks, QEMU has none either. */
gboolean vp_lock_against_writers(const char *path, int *ret_lock, GError **error);
