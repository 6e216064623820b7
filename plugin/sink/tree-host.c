/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/fd.h"
#include "image/container.h"
#include "image/raw.h"
#include "sink/place.h"
#include "sink/ram.h"
#include "sink/tree.h"
#include "virt/tree.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define HEAD_MAX (2 * 1024 * 1024) /* bytes: the largest cluster, which holds the header */

static gboolean
set_damaged(const char *what, GError **error)
{
    vp_error_set(error, VP_ERROR_DAMAGED, "%s: its bytes are not those that were exported", what);
    return FALSE;
}

/* Writes the header of the copy, which names the copy of what the image lies on. */
static gboolean
write_head(const VpHostSink *sink, VpTreeImage *image, VpDiskWriter *writer, GError **error)
{
    const VpPlanFile *below = vp_plan_find_file(sink->plan->images, image->entry->backing);
    VpBacking backing = {below->path, below->format};
    VpDiskReader *file = image->open(image, error);
    g_autoptr(VpDiskReader) reader =
        file ? vp_container_wrap(file, VP_IMAGE_FORMAT_QCOW2, &backing, image->source, error)
             : NULL;
    gsize length = reader ? (gsize)MIN(reader->size, HEAD_MAX) : 0;
    g_autofree char *head = g_malloc(MAX(length, 1));
    return reader && vp_disk_reader_pread(reader, 0, head, length, error) &&
           vp_disk_writer_pwrite(writer, 0, head, length, error);
}

static VpPlacing *
copy_image(const VpHostSink *sink, VpTreeImage *image, const char *path, GError **error)
{
    const VpImage *entry = image->entry;
    g_autoptr(VpDiskReader) reader = image->open(image, error);
    VpImageSpec spec = {
        .format = VP_IMAGE_FORMAT_RAW,
        .virtual_size = reader ? reader->size : 0,
        .uid = sink->facts->owner_uid,
        .gid = sink->facts->owner_gid,
        .mode = sink->plan->file_mode,
    };
    g_autoptr(VpPlacing) placing = reader ? vp_sink_place_file(sink, path, &spec, error) : NULL;
    VpCopyResult result;
    if (!placing || !vp_copy_guest_data(reader, placing->writer, sink->meter, sink->cancellable,
                                        &result, error))
        return NULL;
    if (strcmp(result.digest, entry->file_digest) != 0 && !set_damaged(image->source, error))
        return NULL;
    gboolean whole = (!entry->backing || write_head(sink, image, placing->writer, error)) &&
                     vp_disk_writer_flush(placing->writer, error);
    return whole ? g_steal_pointer(&placing) : NULL;
}

gboolean
vp_sink_copy_images(const VpHostSink *sink, GPtrArray *placings, GError **error)
{
    for (guint i = 0; i < sink->plan->images->len; i++) {
        const VpPlanFile *file = sink->plan->images->pdata[i];
        VpTreeImage *image = vp_tree_find_image(sink->machine->tree, file->id);
        vp_meter_set_resource(sink->meter, file->resource);
        if (!vp_sink_make_folders_above(sink, file->path, 0755, error))
            return FALSE;
        VpPlacing *placing = copy_image(sink, image, file->path, error);
        if (!placing) {
            g_prefix_error(error, "image %s: ", file->id);
            return FALSE;
        }
        g_ptr_array_add(placings, placing);
        g_ptr_array_add(sink->files, g_strdup(file->path));
    }
    return TRUE;
}

static int
open_copy(const VpHostSink *sink, const char *id, GError **error)
{
    const char *path = vp_plan_find_file(sink->plan->images, id)->path;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        vp_error_set_errno(error, errno, "%s", path);
    return fd;
}

static gboolean
prove_tables(const VpHostSink *sink, const VpPlanFile *file, GError **error)
{
    vp_autofd int fd = open_copy(sink, file->id, error);
    g_autofree char *what = g_strdup_printf("image %s", file->id);
    return fd >= 0 && vp_sink_check_tables(sink, fd, file->path, what,
                                           ": the package is damaged: export it again", error);
}

static GArray *
open_layers(const VpHostSink *sink, const char *id, GError **error)
{
    g_autoptr(GArray) layers = vp_image_chain_new();
    while (id) {
        const VpImage *entry = vp_tree_find_image(sink->machine->tree, id)->entry;
        VpImageFd layer = {open_copy(sink, id, error), entry->format};
        if (layer.fd < 0)
            return NULL;
        g_array_append_val(layers, layer);
        id = entry->backing;
    }
    return g_steal_pointer(&layers);
}

static gboolean
prove_disk(const VpHostSink *sink, const VpMomentDisk *disk, GError **error)
{
    g_autofree char *resource = g_strdup_printf("disk:%s", disk->target);
    g_autoptr(GArray) layers = open_layers(sink, disk->image, error);
    if (!layers)
        return FALSE;
    vp_meter_set_resource(sink->meter, resource);
    g_autoptr(VpDiskReader) reader =
        vp_image_open_chain((const VpImageFd *)(gpointer)layers->data, layers->len, disk->snapshot,
                            &sink->run_as, error);
    VpCopyResult result;
    return reader &&
           vp_copy_guest_data(reader, NULL, sink->meter, sink->cancellable, &result, error) &&
           (strcmp(result.digest, disk->digest) == 0 || set_damaged(disk->target, error));
}

static gboolean
prove_disks(const VpHostSink *sink, GPtrArray *disks, GError **error)
{
    for (guint i = 0; i < disks->len; i++) {
        const VpMomentDisk *disk = disks->pdata[i];
        gboolean copied = vp_plan_find_file(sink->plan->images, disk->image) != NULL;
        if (!copied || !disk->digest || prove_disk(sink, disk, error))
            continue;
        g_prefix_error(error, "disk %s: ", disk->target);
        return FALSE;
    }
    return TRUE;
}

gboolean
vp_sink_prove_images(const VpHostSink *sink, GError **error)
{
    const VpTree *tree = sink->machine->tree;
    for (guint i = 0; i < sink->plan->images->len; i++) {
        const VpPlanFile *file = sink->plan->images->pdata[i];
        if (file->format == VP_IMAGE_FORMAT_QCOW2 && !prove_tables(sink, file, error))
            return FALSE;
    }
    if (tree && !prove_disks(sink, tree->now, error))
        return FALSE;
    for (guint i = 0; tree && i < tree->moments->len; i++) {
        const VpTreeMoment *moment = tree->moments->pdata[i];
        if (!prove_disks(sink, moment->entry->disks, error)) {
            g_prefix_error(error, "snapshot %s: ", moment->entry->name);
            return FALSE;
        }
    }
    return TRUE;
}

static void
date_file(const char *path, gint64 seconds)
{
    struct stat status;
    const struct timespec times[] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = seconds}};
    if (stat(path, &status) == 0 && status.st_mtim.tv_sec >= seconds)
        utimensat(AT_FDCWD, path, times, 0);
}

/* What holds the snapshot inside is written to afterwards, what lies below is not. */
static void
date_chain(const VpHostSink *sink, const VpMomentDisk *disk, gint64 created)
{
    const VpImage *top = vp_tree_find_image(sink->machine->tree, disk->image)->entry;
    for (const char *id = disk->snapshot ? top->backing : top->id; disk->digest && id;) {
        const VpPlanFile *file = vp_plan_find_file(sink->plan->images, id);
        if (file)
            date_file(file->path, created);
        id = vp_tree_find_image(sink->machine->tree, id)->entry->backing;
    }
}

void
vp_sink_date_images(const VpHostSink *sink)
{
    const VpTree *tree = sink->machine->tree;
    for (guint i = 0; tree && i < tree->moments->len; i++) {
        const VpMoment *entry = ((const VpTreeMoment *)tree->moments->pdata[i])->entry;
        for (guint j = 0; j < entry->disks->len; j++)
            date_chain(sink, entry->disks->pdata[j], (gint64)entry->snapshot->created);
    }
}

gboolean
vp_sink_place_saves(const VpHostSink *sink, GError **error)
{
    for (guint i = 0; i < sink->snapshots->len; i++) {
        const VpSnapshotPlan *snapshot = sink->snapshots->pdata[i];
        if (!snapshot->ram)
            continue;
        VpRamImage image = {snapshot->moment->machine->ram, snapshot->ram, snapshot->ram_path};
        if (!vp_sink_make_folders_above(sink, image.path, 0755, error))
            return FALSE;
        g_autoptr(VpArrival) arrival = vp_sink_write_ram(sink, &image, error);
        if (!arrival || !vp_arrival_commit(arrival, FALSE, error))
            return FALSE;
        vp_journal_note(sink->journal, VP_JOURNAL_FILE, image.path);
        date_file(image.path, (gint64)snapshot->moment->entry->snapshot->created);
        g_ptr_array_add(sink->files, g_strdup(image.path));
    }
    return TRUE;
}

gboolean
vp_sink_redefine(const VpHostSink *sink, GError **error)
{
    for (guint i = 0; i < sink->snapshots->len; i++) {
        const VpSnapshotPlan *snapshot = sink->snapshots->pdata[i];
        const VpMoment *entry = snapshot->moment->entry;
        g_autofree char *xml = vp_xml_format(snapshot->xml);
        if (!vp_check_cancelled(sink->cancellable, error))
            return FALSE;
        if (!vp_virt_redefine_snapshot(sink->connection, sink->plan->uuid, xml,
                                       entry->snapshot->current, error)) {
            g_prefix_error(error, "snapshot %s: ", entry->name);
            return FALSE;
        }
    }
    return TRUE;
}
