/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * disk: the two interfaces that the bytes of a disk go through, whatever lies
 * behind them (a file, NBD, a volume). A reader shows what the guest sees.
 */
#pragma once

#include "base/error.h"

typedef struct {
    guint64 length; /* bytes from the offset asked for, at least 1 */
    gboolean zero;  /* reads as zeros and need not be read */
} VpExtent;

typedef struct _VpDiskReader VpDiskReader;

typedef struct {
    gboolean (*pread)(VpDiskReader *reader, guint64 offset, gpointer buffer, gsize length,
                      GError **error);
    gboolean (*extent)(VpDiskReader *reader, guint64 offset, VpExtent *ret_extent, GError **error);
    void (*close)(VpDiskReader *reader);
    int (*get_file)(const VpDiskReader *reader, guint64 *ret_from); /* may be NULL */
} VpDiskReaderOps;

struct _VpDiskReader {
    const VpDiskReaderOps *ops;
    guint64 size; /* bytes of the disk */
};

/* Reads @length bytes at @offset into @buffer; all of them or an error. One
 * thread at a time. */
gboolean vp_disk_reader_pread(VpDiskReader *reader, guint64 offset, gpointer buffer, gsize length,
                              GError **error);

/* The extent that starts at @offset (below the size), clamped to the disk. */
gboolean
vp_disk_reader_extent(VpDiskReader *reader, guint64 offset, VpExtent *ret_extent, GError **error);

/* A descriptor of the plain file that holds the disk, byte for byte, from offset *@ret_from to its
 * end; -1 where there is none. Stays the reader's. */
int vp_disk_reader_get_file(const VpDiskReader *reader, guint64 *ret_from);

/* Closes and frees; NULL is fine. */
void vp_disk_reader_close(VpDiskReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpDiskReader, vp_disk_reader_close)

typedef struct _VpDiskWriter VpDiskWriter;

typedef struct {
    gboolean (*pwrite)(VpDiskWriter *writer, guint64 offset, gconstpointer buffer, gsize length,
                       GError **error);
    gboolean (*zero)(VpDiskWriter *writer, guint64 offset, guint64 length, GError **error);
    gboolean (*flush)(VpDiskWriter *writer, GError **error);
    gboolean (*commit)(VpDiskWriter *writer, GError **error);
    void (*free)(VpDiskWriter *writer);
    VpDiskReader *(*share)(VpDiskWriter *writer, int fd); /* may be NULL */
} VpDiskWriterOps;

struct _VpDiskWriter {
    const VpDiskWriterOps *ops;
    gboolean starts_zeroed; /* a new disk: what is never written reads as zeros */
    const char *temporary;  /* the file that it is until committed; NULL where it is none */
};

/* Writes @length bytes at @offset; all or an error. Offsets and lengths are
 * multiples of 64 KiB, but for the disk's end. */
gboolean vp_disk_writer_pwrite(VpDiskWriter *writer, guint64 offset, gconstpointer buffer,
                               gsize length, GError **error);

/* Makes @length bytes at @offset read as zeros. */
gboolean vp_disk_writer_zero(VpDiskWriter *writer, guint64 offset, guint64 length, GError **error);

/* Lets a disk to which nothing was written hold all that the file @fd holds, without a copy: the
 * file system shares it. A reader of the disk as it is then; NULL, and nothing changed, where
 * that cannot be. */
VpDiskReader *vp_disk_writer_share(VpDiskWriter *writer, int fd);

/* Ends the writing: all bytes are on stable storage, under the temporary name. */
gboolean vp_disk_writer_flush(VpDiskWriter *writer, GError **error);

/* Gives a flushed disk its final name; never replaces a file. */
gboolean vp_disk_writer_commit(VpDiskWriter *writer, GError **error);

/* Frees; a disk that was not committed is removed. NULL is fine. */
void vp_disk_writer_free(VpDiskWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpDiskWriter, vp_disk_writer_free)
