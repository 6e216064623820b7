/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stream: a member that is one long stream of bytes, kept in zstd (RFC 8878): the RAM. It
 * never lies in memory as a whole.
 */
#pragma once

#include "base/progress.h"
#include "pack/package.h"
#include "pack/writer.h"

/* Writes all of @stream as the member @name; how the manifest lists it (caller frees), and
 * in *@ret_size the bytes that came out of @stream. @meter counts these. The same bytes
 * give the same file with the same libzstd. */
VpMember *
vp_package_writer_add_stream(VpPackageWriter *writer, const char *name, GInputStream *stream,
                             VpMeter *meter, GCancellable *cancellable, guint64 *ret_size,
                             GError **error);

/* The bytes in @member, unpacked: @size of them. Its end is reached without error only when
 * size and digest are those of the manifest; VP_ERROR_DAMAGED else. Caller unrefs. */
GInputStream *vp_package_open_stream(const VpPackage *package, const VpMember *member, guint64 size,
                                     GError **error);
