/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sink/place.h"
#include "image/container.h"
#include "image/device.h"
#include "image/network.h"
#include "sink/tree.h"
#include "virt/pool.h"
#include "virt/storage.h"

#include <string.h>

void
vp_placing_free(VpPlacing *placing)
{
    vp_disk_writer_free(placing->writer);
    g_free(placing->file);
    g_free(placing);
}

static VpPlacing *
placing_new(VpDiskWriter *writer, const char *file)
{
    if (!writer)
        return NULL;
    VpPlacing *placing = g_new0(VpPlacing, 1);
    placing->writer = writer;
    placing->file = g_strdup(file);
    return placing;
}

VpPlacing *
vp_sink_place_file(const VpHostSink *sink, const char *path, const VpImageSpec *spec,
                   GError **error)
{
    VpDiskWriter *writer = vp_image_create(path, spec, error);
    /* It goes by itself; where it cannot, that is told. */
    if (writer && writer->temporary)
        vp_journal_note(sink->journal, VP_JOURNAL_FILE, writer->temporary);
    return placing_new(writer, path);
}

char *
vp_sink_name_place(const VpPlanDisk *entry)
{
    return entry->path ? g_strdup(entry->path)
                       : g_strdup_printf("%s/%s", entry->pool, entry->volume);
}

/* libvirt may round the size up: the device is written to its end. */
static VpDiskWriter *
open_block_volume(const VpHostSink *sink, const VpPlanDisk *entry, guint64 size, GError **error)
{
    gboolean block = FALSE;
    g_autofree char *path =
        vp_volume_get_path(sink->connection, entry->pool, entry->volume, &block, error);
    if (!path)
        return NULL;
    if (block && strcmp(path, entry->path) == 0)
        return vp_device_open(path, size, error);
    vp_error_set(error, VP_ERROR_FAILED, "pool %s: the volume %s lies at %s, not at %s",
                 entry->pool, entry->volume, path, entry->path);
    return NULL;
}

/* What it held before is lost from here on. */
static VpPlacing *
place_on_device(const VpHostSink *sink, const VpPlanDisk *entry, guint64 size, GError **error)
{
    VpPlacing *placing = placing_new(vp_device_open(entry->path, size, error), NULL);
    if (placing)
        vp_journal_note(sink->journal, VP_JOURNAL_DEVICE, entry->path);
    return placing;
}

static VpPlacing *
place_volume(const VpHostSink *sink, const VpPlanDisk *entry, guint64 size, GError **error)
{
    g_autofree char *name = g_strdup_printf("%s/%s", entry->pool, entry->volume);
    const VpPoolFact *pool = vp_host_facts_find_pool(sink->facts, entry->pool);
    gboolean partition = pool && vp_pool_has_partitions(pool);
    if (!vp_volume_create(sink->connection, entry->pool, entry->volume, size, partition, error))
        return NULL;
    /* After: one that somebody else made meanwhile is not ours to delete. */
    vp_journal_note(sink->journal, VP_JOURNAL_VOLUME, name);
    VpDiskWriter *writer =
        entry->source ? vp_network_open_new(xmlDocGetRootElement(entry->source), size, name, error)
                      : open_block_volume(sink, entry, size, error);
    return placing_new(writer, NULL);
}

VpPlacing *
vp_sink_place(const VpHostSink *sink, const VpPlanDisk *entry, VpImageSpec *spec, GError **error)
{
    vp_image_format_parse(entry->format, &spec->format);
    gboolean exists =
        entry->pool && vp_host_facts_has_volume(sink->facts, entry->pool, entry->volume);
    if (entry->is_block && (!entry->pool || exists))
        return place_on_device(sink, entry, spec->virtual_size, error);
    if (entry->pool && (entry->is_block || entry->source))
        return place_volume(sink, entry, spec->virtual_size, error);
    if (!vp_sink_make_folders_above(sink, entry->path, 0755, error))
        return NULL;
    return vp_sink_place_file(sink, entry->path, spec, error);
}

gboolean
vp_sink_check_digest(const VpMachineDisk *disk, const VpCopyResult *result, GError **error)
{
    if (!disk->digest || strcmp(disk->digest, result->digest) == 0)
        return TRUE;
    vp_error_set(error, VP_ERROR_DAMAGED,
                 "%s: its bytes are not those that were exported (content digest %.12s…, the "
                 "manifest says %.12s…)",
                 disk->source, result->digest, disk->digest);
    return FALSE;
}

gboolean
vp_sink_check_tables(const VpHostSink *sink, int fd, const char *path, const char *what,
                     const char *advice, GError **error)
{
    gboolean untidy = FALSE;
    g_autoptr(GError) why = NULL;
    if (vp_container_check(fd, &sink->run_as, path, &untidy, &why) && !untidy)
        return TRUE;
    if (vp_check_cancelled(sink->cancellable, error))
        vp_error_set(error, VP_ERROR_DAMAGED, "%s: %s%s", what,
                     why ? why->message : "it holds space that nobody needs", advice);
    return FALSE;
}
