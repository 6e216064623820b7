/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/disk.h"

gboolean
vp_disk_reader_pread(VpDiskReader *reader, guint64 offset, gpointer buffer, gsize length,
                     GError **error)
{
    g_assert(length <= reader->size && offset <= reader->size - length);
    return reader->ops->pread(reader, offset, buffer, length, error);
}

gboolean
vp_disk_reader_extent(VpDiskReader *reader, guint64 offset, VpExtent *ret_extent, GError **error)
{
    g_assert(offset < reader->size);
    VpExtent extent;
    if (!reader->ops->extent(reader, offset, &extent, error))
        return FALSE;
    extent.length = MIN(extent.length, reader->size - offset);
    *ret_extent = extent;
    return TRUE;
}

int
vp_disk_reader_get_file(const VpDiskReader *reader, guint64 *ret_from)
{
    return reader->ops->get_file ? reader->ops->get_file(reader, ret_from) : -1;
}

void
vp_disk_reader_close(VpDiskReader *reader)
{
    if (reader)
        reader->ops->close(reader);
}

gboolean
vp_disk_writer_pwrite(VpDiskWriter *writer, guint64 offset, gconstpointer buffer, gsize length,
                      GError **error)
{
    return writer->ops->pwrite(writer, offset, buffer, length, error);
}

gboolean
vp_disk_writer_zero(VpDiskWriter *writer, guint64 offset, guint64 length, GError **error)
{
    return writer->ops->zero(writer, offset, length, error);
}

VpDiskReader *
vp_disk_writer_share(VpDiskWriter *writer, int fd)
{
    return writer->ops->share ? writer->ops->share(writer, fd) : NULL;
}

gboolean
vp_disk_writer_flush(VpDiskWriter *writer, GError **error)
{
    return writer->ops->flush(writer, error);
}

gboolean
vp_disk_writer_commit(VpDiskWriter *writer, GError **error)
{
    return writer->ops->commit(writer, error);
}

void
vp_disk_writer_free(VpDiskWriter *writer)
{
    if (writer)
        writer->ops->free(writer);
}
