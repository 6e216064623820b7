/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/open.h"
#include "pack/stream.h"
#include "sink/package.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

VpImageFormat
vp_package_sink_format(const VpPackageSink *sink, const VpMachineDisk *disk)
{
    gboolean medium = disk->format == VP_IMAGE_FORMAT_RAW;
    return sink->format && !medium ? *sink->format : disk->format;
}

static gboolean
copy_image(const VpPackageSink *sink, VpMachineDisk *disk, const char *path,
           const VpImageSpec *spec, VpCopyResult *ret_result, GError **error)
{
    VpDiskReader *reader = vp_machine_disk_open(disk, error);
    if (!reader)
        return FALSE;
    g_autoptr(VpDiskWriter) writer = vp_image_create(path, spec, error);
    return writer &&
           vp_copy_guest_data(reader, writer, sink->meter, sink->cancellable, ret_result, error) &&
           vp_disk_writer_flush(writer, error) && vp_disk_writer_commit(writer, error);
}

static gboolean
add_disk(const VpPackageSink *sink, VpMachineDisk *disk, VpPackageWriter *writer, GError **error)
{
    VpManifest *manifest = sink->machine->about;
    VpImageSpec spec = {
        .format = vp_package_sink_format(sink, disk),
        .virtual_size = disk->size,
        .uid = (uid_t)-1,
        .gid = (gid_t)-1,
        .mode = sink->file_mode,
    };
    spec.compress = sink->compress && spec.format == VP_IMAGE_FORMAT_QCOW2;
    g_autofree char *member =
        g_strdup_printf("disks/%s.%s", disk->target, vp_image_format_to_string(spec.format));
    g_autofree char *path = vp_package_writer_reserve(writer, member, error);
    VpCopyResult result;
    if (!path || !copy_image(sink, disk, path, &spec, &result, error))
        return FALSE;
    GStatBuf status;
    if (g_stat(path, &status) < 0) {
        vp_error_set_errno(error, errno, "%s", path);
        return FALSE;
    }
    VpImage *image = vp_image_new(disk->target);
    image->member = g_steal_pointer(&member);
    image->format = spec.format;
    image->virtual_size = disk->size;
    image->file_size = (guint64)status.st_size;
    image->allocated = result.allocated;
    g_ptr_array_add(manifest->images, image);
    g_ptr_array_add(vp_manifest_get_moment(manifest)->disks,
                    vp_moment_disk_new(disk->target, disk->target, result.digest));
    return TRUE;
}

gboolean
vp_sink_package_ram(const VpPackageSink *sink, const VpMachineRam *ram, VpPackageWriter *writer,
                    const char *prefix, VpMoment *moment, GError **error)
{
    if (!ram)
        return TRUE;
    vp_meter_set_resource(sink->meter, "ram");
    g_autofree char *text = vp_ram_format(ram->description);
    g_autofree char *xml = g_strconcat(prefix, VP_RAM_XML_NAME, NULL);
    g_autofree char *zst = g_strconcat(prefix, VP_RAM_STREAM_NAME, NULL);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    g_autoptr(GInputStream) stream = ram->open(ram->data, error);
    if (!stream)
        return FALSE;
    guint64 size;
    VpMember *packed = vp_package_writer_add_stream(writer, zst, stream, sink->meter,
                                                    sink->cancellable, &size, error);
    if (!packed) {
        g_prefix_error(error, "RAM: ");
        return FALSE;
    }
    if (size == 0) {
        vp_member_free(packed);
        vp_error_set(error, VP_ERROR_FAILED, "RAM: there is none in its file");
        if (!sink->machine->tree)
            vp_error_add_fix(error, "--no-ram");
        return FALSE;
    }
    VpMember *description = vp_package_writer_add(writer, xml, bytes, error);
    moment->ram = vp_moment_ram_new(description, packed, size);
    return description != NULL;
}

static gboolean
add_files(const VpMachine *machine, VpPackageWriter *writer, VpMoment *moment, GError **error)
{
    g_autofree char *text = vp_xml_format(machine->domain);
    g_autoptr(GBytes) domain = g_bytes_new(text, strlen(text));
    moment->domain = vp_package_writer_add(writer, "domain.xml", domain, error);
    if (!moment->domain)
        return FALSE;
    if (machine->nvram) {
        moment->nvram = vp_package_writer_add(writer, "nvram.fd", machine->nvram, error);
        if (!moment->nvram)
            return FALSE;
    }
    for (guint i = 0; i < machine->tpm->len; i++) {
        const VpMachineFile *file = machine->tpm->pdata[i];
        g_autofree char *name = g_strconcat("tpm/", file->name, NULL);
        VpMember *member = vp_package_writer_add(writer, name, file->data, error);
        if (!member)
            return FALSE;
        g_ptr_array_add(moment->tpm, member);
    }
    return TRUE;
}

static gboolean
write_package(const VpPackageSink *sink, VpPackageWriter *writer, char **ret_identity,
              GError **error)
{
    /* The manifest is the machine's own account of itself, with what was written. */
    VpMachine *machine = sink->machine;
    VpMoment *moment = vp_moment_new("0");
    moment->name = g_strdup(machine->moment);
    moment->consistency = machine->consistency;
    g_ptr_array_add(machine->about->moments, moment);
    for (guint i = 0; i < machine->disks->len; i++) {
        VpMachineDisk *disk = machine->disks->pdata[i];
        if (machine->tree && vp_tree_find_now(machine->tree, disk->target))
            continue;
        g_autofree char *resource = g_strdup_printf("disk:%s", disk->target);
        vp_meter_set_resource(sink->meter, resource);
        if (!add_disk(sink, disk, writer, error)) {
            g_prefix_error(error, "disk %s: ", disk->target);
            return FALSE;
        }
    }
    if (machine->tree && !vp_sink_package_tree(sink, writer, error))
        return FALSE;
    return vp_sink_package_ram(sink, machine->ram, writer, "", moment, error) &&
           add_files(machine, writer, moment, error) &&
           vp_check_cancelled(sink->cancellable, error) && vp_machine_prove(machine, error) &&
           vp_package_writer_commit(writer, machine->about, ret_identity, error);
}

gboolean
vp_sink_package(const VpPackageSink *sink, char **ret_identity, GError **error)
{
    g_autoptr(VpPackageWriter) writer = vp_package_writer_new(sink->path, sink->replace, error);
    if (!writer)
        return FALSE;
    if (write_package(sink, writer, ret_identity, error))
        return TRUE;
    vp_package_writer_abandon(writer, error);
    return FALSE;
}
