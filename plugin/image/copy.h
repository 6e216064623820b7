/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * copy: guest data from a reader to a writer, with the content digest taken on
 * the way. One pass: reading, hashing and writing run side by side; holes are
 * never read, blocks of zeros never written; memory is bounded whatever the size.
 */
#pragma once

#include "base/disk.h"
#include "base/progress.h"
#include "image/digest.h"

typedef struct {
    char digest[VP_DIGEST_HEX];
    guint64 allocated; /* bytes of 64 KiB blocks that are not zero */
} VpCopyResult;

/* Copies all of @reader to @writer; without @writer (NULL) only the digest is
 * taken. @meter (may be NULL) advances by the bytes of extents that are not
 * holes. Where the file system can, both share the bytes, and what is read and digested is the
 * new disk. Does not flush. VP_ERROR_INTERRUPTED when cancelled. */
gboolean vp_copy_guest_data(VpDiskReader *reader, VpDiskWriter *writer, VpMeter *meter,
                            GCancellable *cancellable, VpCopyResult *ret_result, GError **error);

/* Bytes of @reader that are not holes: what a copy has to move. */
gboolean vp_copy_measure(VpDiskReader *reader, GCancellable *cancellable, guint64 *ret_bytes,
                         GError **error);
