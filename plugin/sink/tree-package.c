/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A machine with its snapshots goes into a package: its images as they are. */
#include "base/fd.h"
#include "image/container.h"
#include "image/open.h"
#include "image/raw.h"
#include "image/snapshot.h"
#include "sink/package.h"

#include <fcntl.h>
#include <string.h>

static gboolean
copy_file(const VpPackageSink *sink, VpTreeImage *image, const char *path, VpCopyResult *ret_result,
          GError **error)
{
    const VpImage *entry = image->entry;
    const VpTreeImage *below =
        entry->backing ? vp_tree_find_image(sink->machine->tree, entry->backing) : NULL;
    g_autofree char *name = below ? g_path_get_basename(below->entry->member) : NULL;
    VpBacking backing = {name, below ? below->entry->format : VP_IMAGE_FORMAT_QCOW2};
    VpDiskReader *file = image->open(image, error);
    g_autoptr(VpDiskReader) reader =
        file ? vp_container_wrap(file, entry->format, below ? &backing : NULL, image->source, error)
             : NULL;
    VpImageSpec spec = {
        .format = VP_IMAGE_FORMAT_RAW,
        .virtual_size = reader ? reader->size : 0,
        .uid = (uid_t)-1,
        .gid = (gid_t)-1,
        .mode = sink->file_mode,
    };
    g_autoptr(VpDiskWriter) writer = reader ? vp_image_create(path, &spec, error) : NULL;
    return writer &&
           vp_copy_guest_data(reader, writer, sink->meter, sink->cancellable, ret_result, error) &&
           vp_disk_writer_flush(writer, error) && vp_disk_writer_commit(writer, error);
}

/* Takes out what libvirt does not know: it would be no part of the tree. */
static gboolean
delete_strangers(const VpTreeImage *image, int fd, const char *path, gboolean *ret_changed,
                 GError **error)
{
    g_autoptr(GPtrArray) list = vp_snapshot_list(fd, image->source, error);
    for (guint i = 0; list && i < list->len; i++) {
        const char *name = ((const VpSnapshotNamed *)list->pdata[i])->name;
        if (g_ptr_array_find_with_equal_func(image->snapshots, name, g_str_equal, NULL))
            continue;
        if (!vp_container_delete_snapshot(path, name, error))
            return FALSE;
        *ret_changed = TRUE;
    }
    return list != NULL;
}

static gboolean
check_tables(const VpTreeImage *image, int fd, gboolean *ret_untidy, GError **error)
{
    if (vp_container_check(fd, NULL, image->source, ret_untidy, error))
        return TRUE;
    if (!g_error_matches(*error, VP_ERROR, VP_ERROR_INTERRUPTED))
        g_prefix_error(error, "the image is damaged, see qemu-img check: ");
    return FALSE;
}

/* A source may have lost some of its space in a crash; a package has only what is clean. */
static gboolean
tidy(const VpTreeImage *image, const char *path, gboolean *ret_changed, GError **error)
{
    vp_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);
    gboolean untidy = FALSE;
    if (fd < 0) {
        vp_error_set_errno(error, errno, "%s", path);
        return FALSE;
    }
    if (!delete_strangers(image, fd, path, ret_changed, error) ||
        !check_tables(image, fd, &untidy, error))
        return FALSE;
    if (!untidy)
        return TRUE;
    *ret_changed = TRUE;
    return vp_container_tidy(path, error) && check_tables(image, fd, &untidy, error);
}

/* Its size and digest, once it is what it stays. */
static gboolean
take_stock(const VpPackageSink *sink, VpImage *entry, const char *path, VpCopyResult *result,
           gboolean changed, GError **error)
{
    vp_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);
    g_autoptr(VpDiskReader) reader = fd < 0 ? NULL : vp_raw_open_fd(fd, error);
    if (fd < 0)
        vp_error_set_errno(error, errno, "%s", path);
    if (!reader ||
        (changed && !vp_copy_guest_data(reader, NULL, NULL, sink->cancellable, result, error)))
        return FALSE;
    entry->file_size = reader->size;
    entry->allocated = result->allocated;
    entry->file_digest = g_strdup(result->digest);
    return TRUE;
}

static gboolean
add_image(const VpPackageSink *sink, VpTreeImage *image, VpPackageWriter *writer, GError **error)
{
    VpImage *entry = image->entry;
    gboolean changed = FALSE;
    VpCopyResult result;
    entry->member =
        g_strdup_printf("disks/%s.%s", entry->id, vp_image_format_to_string(entry->format));
    g_autofree char *path = vp_package_writer_reserve(writer, entry->member, error);
    if (!path || !copy_file(sink, image, path, &result, error) ||
        (entry->format == VP_IMAGE_FORMAT_QCOW2 && !tidy(image, path, &changed, error)) ||
        !take_stock(sink, entry, path, &result, changed, error))
        return FALSE;
    g_ptr_array_add(sink->machine->about->images, vp_image_copy(entry));
    return TRUE;
}

static gboolean
add_images(const VpPackageSink *sink, VpPackageWriter *writer, GError **error)
{
    const VpTree *tree = sink->machine->tree;
    for (guint i = 0; i < tree->images->len; i++) {
        VpTreeImage *image = tree->images->pdata[i];
        g_autofree char *resource = g_strdup_printf("disk:%s", image->entry->id);
        vp_meter_set_resource(sink->meter, resource);
        if (!add_image(sink, image, writer, error)) {
            g_prefix_error(error, "disk %s: ", image->target);
            return FALSE;
        }
    }
    return TRUE;
}

/* What the guest saw then, taken from the source: it proves the copy too. */
static char *
digest_disk(const VpPackageSink *sink, VpMachine *machine, const char *target, GError **error)
{
    VpMachineDisk *part = vp_machine_find_disk(machine, target);
    VpDiskReader *reader = vp_machine_disk_open(part, error);
    VpCopyResult result;
    gboolean read =
        reader && vp_copy_guest_data(reader, NULL, sink->meter, sink->cancellable, &result, error);
    vp_machine_disk_close(part);
    return read ? g_strdup(result.digest) : NULL;
}

static gboolean
digest_disks(const VpPackageSink *sink, VpMachine *machine, GPtrArray *disks, GError **error)
{
    for (guint i = 0; i < disks->len; i++) {
        VpMomentDisk *disk = disks->pdata[i];
        if (!vp_machine_find_disk(machine, disk->target))
            continue; /* the snapshot left it out */
        g_autofree char *resource = g_strdup_printf("disk:%s", disk->target);
        vp_meter_set_resource(sink->meter, resource);
        disk->digest = digest_disk(sink, machine, disk->target, error);
        if (!disk->digest) {
            g_prefix_error(error, "disk %s: ", disk->target);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean
add_moment(const VpPackageSink *sink, VpTreeMoment *moment, VpPackageWriter *writer, GError **error)
{
    VpMoment *entry = moment->entry;
    g_autofree char *name = g_strdup_printf("snapshots/%s.xml", entry->id);
    g_autofree char *prefix = g_strdup_printf("snapshots/%s.", entry->id);
    g_autofree char *text = vp_xml_format(moment->xml);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    entry->snapshot->xml = vp_package_writer_add(writer, name, bytes, error);
    return entry->snapshot->xml && digest_disks(sink, moment->machine, entry->disks, error) &&
           vp_sink_package_ram(sink, moment->machine->ram, writer, prefix, entry, error);
}

gboolean
vp_sink_package_tree(const VpPackageSink *sink, VpPackageWriter *writer, GError **error)
{
    VpManifest *manifest = sink->machine->about;
    VpMoment *now = vp_manifest_get_moment(manifest);
    VpTree *tree = sink->machine->tree;
    if (!add_images(sink, writer, error) || !digest_disks(sink, sink->machine, tree->now, error))
        return FALSE;
    for (guint i = 0; i < tree->now->len; i++) {
        const VpMomentDisk *disk = tree->now->pdata[i];
        g_ptr_array_add(now->disks, vp_moment_disk_new(disk->target, disk->image, disk->digest));
    }
    for (guint i = 0; i < tree->moments->len; i++) {
        VpTreeMoment *moment = tree->moments->pdata[i];
        if (!add_moment(sink, moment, writer, error)) {
            g_prefix_error(error, "snapshot %s: ", moment->entry->name);
            return FALSE;
        }
        g_ptr_array_add(manifest->moments, g_steal_pointer(&moment->entry));
    }
    return TRUE;
}
