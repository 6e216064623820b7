/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/fd.h"
#include "model/domain.h"
#include "model/tree.h"
#include "pack/stream.h"
#include "source/package.h"

#include <string.h>

#define BLOCK (64 * 1024) /* bytes: what a manifest counts as allocated */

/* A reader that fails once it has given more data than the manifest allows: space was
 * looked for by that number, and a small compressed image can unfold without end. */
typedef struct {
    VpDiskReader parent;
    VpDiskReader *reader;
    const VpImage *image;
    guint64 left; /* bytes of blocks that are not zero */
} BoundedReader;

/* What the tool cannot read although the header is right is the image's fault: the file's
 * own bytes were there to be read. */
static gboolean
blame_image(const VpImage *image, GError *why, GError **error)
{
    if (image->format == VP_IMAGE_FORMAT_QCOW2 && g_error_matches(why, VP_ERROR, VP_ERROR_FAILED)) {
        vp_error_set(error, VP_ERROR_DAMAGED, "%s: %s: the package is damaged", image->member,
                     why->message);
        g_error_free(why);
    } else {
        g_propagate_prefixed_error(error, why, "%s: ", image->member);
    }
    return FALSE;
}

static gboolean
is_zero(const char *data, gsize length)
{
    return data[0] == 0 && memcmp(data, data + 1, length - 1) == 0;
}

static gboolean
bounded_pread(VpDiskReader *reader, guint64 offset, gpointer buffer, gsize length, GError **error)
{
    BoundedReader *bounded = (BoundedReader *)reader;
    GError *why = NULL;
    if (!vp_disk_reader_pread(bounded->reader, offset, buffer, length, &why))
        return blame_image(bounded->image, why, error);
    for (gsize done = 0; done < length; done += BLOCK) {
        gsize block = MIN(length - done, BLOCK);
        if (is_zero((const char *)buffer + done, block))
            continue;
        if (block > bounded->left) {
            vp_error_set(error, VP_ERROR_DAMAGED, "%s: it holds more data than the manifest says",
                         bounded->image->member);
            return FALSE;
        }
        bounded->left -= block;
    }
    return TRUE;
}

static gboolean
bounded_extent(VpDiskReader *reader, guint64 offset, VpExtent *ret_extent, GError **error)
{
    BoundedReader *bounded = (BoundedReader *)reader;
    GError *why = NULL;
    return vp_disk_reader_extent(bounded->reader, offset, ret_extent, &why) ||
           blame_image(bounded->image, why, error);
}

static int
bounded_get_file(const VpDiskReader *reader, guint64 *ret_from)
{
    return vp_disk_reader_get_file(((const BoundedReader *)reader)->reader, ret_from);
}

static void
bounded_close(VpDiskReader *reader)
{
    vp_disk_reader_close(((BoundedReader *)reader)->reader);
    g_free(reader);
}

static VpDiskReader *
bounded_reader_new(VpDiskReader *reader, const VpImage *image)
{
    static const VpDiskReaderOps ops = {bounded_pread, bounded_extent, bounded_close,
                                        bounded_get_file};
    BoundedReader *bounded = g_new0(BoundedReader, 1);
    bounded->parent = (VpDiskReader){&ops, reader->size};
    bounded->reader = reader;
    bounded->image = image;
    bounded->left = image->allocated;
    return &bounded->parent;
}

/* What opening an image of a package takes. */
typedef struct {
    const VpPackage *package;
    const VpImage *image;
    VpRunAs run_as;
} Member;

/* Checked again at every opening: what is read is what was looked at. */
static VpDiskReader *
open_disk(VpMachineDisk *disk, gpointer data, GError **error)
{
    const Member *member = data;
    vp_autofd int fd = vp_source_open_image(member->package, member->image, error);
    if (fd < 0)
        return NULL;
    VpDiskReader *reader = vp_image_open_fd(fd, member->image->format, &member->run_as, error);
    if (!reader) {
        g_prefix_error(error, "%s: ", member->image->member);
        return NULL;
    }
    return bounded_reader_new(reader, member->image);
}

static gboolean
add_disk(VpMachine *machine, const VpPackage *package, const VpRunAs *run_as,
         const VpMomentDisk *entry, GError **error)
{
    const VpManifest *manifest = vp_package_get_manifest(package);
    const VpImage *image = vp_manifest_find_image(manifest, entry->image);
    if (image->file_digest)
        return vp_source_add_kept_disk(machine, package, run_as, entry, error);
    vp_autofd int fd = vp_source_open_image(package, image, error);
    if (fd < 0)
        return FALSE;
    Member *member = g_new0(Member, 1);
    *member = (Member){package, image, *run_as};
    VpMachineDisk *disk = vp_machine_add_disk(machine, entry->target, image->member);
    disk->format = image->format;
    disk->size = image->virtual_size;
    disk->bytes = image->allocated;
    disk->digest = g_strdup(entry->digest);
    disk->open = open_disk;
    disk->data = member;
    disk->data_free = g_free;
    return TRUE;
}

static gboolean
add_state(VpMachine *machine, const VpPackage *package, const VpMoment *moment, GError **error)
{
    if (moment->nvram) {
        machine->nvram = vp_package_load_member(package, moment->nvram, error);
        if (!machine->nvram)
            return FALSE;
    }
    for (guint i = 0; i < moment->tpm->len; i++) {
        const VpMember *member = moment->tpm->pdata[i];
        g_autoptr(GBytes) data = vp_package_load_member(package, member, error);
        if (!data)
            return FALSE;
        if (!g_str_has_prefix(member->name, "tpm/")) {
            vp_error_set(error, VP_ERROR_UNSAFE, "%s: the TPM state %s lies outside of tpm/",
                         vp_package_get_path(package), member->name);
            return FALSE;
        }
        vp_machine_add_tpm(machine, member->name + strlen("tpm/"), data);
    }
    return TRUE;
}

/* What a sink asks of a machine; the rest is read from the domain XML itself. */
static VpManifest *
copy_about(const VpManifest *manifest)
{
    VpManifest *about = vp_manifest_new();
    about->config_only = manifest->config_only;
    about->created = manifest->created;
    about->autostart = manifest->autostart;
    about->hypervisor = g_strdup(manifest->hypervisor);
    about->hypervisor_version = manifest->hypervisor_version;
    about->libvirt_version = manifest->libvirt_version;
    about->host = g_strdup(manifest->host);
    about->domain_name = g_strdup(manifest->domain_name);
    about->domain_uuid = g_strdup(manifest->domain_uuid);
    return about;
}

/* Every disk of the manifest is one of the domain. */
static gboolean
check_targets(xmlDoc *domain, const VpMoment *moment, GError **error)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(domain);
    for (guint i = 0; i < moment->disks->len; i++) {
        const VpMomentDisk *entry = moment->disks->pdata[i];
        if (vp_domain_disks_find(disks, entry->target))
            continue;
        vp_error_set(error, VP_ERROR_DAMAGED, "package.xml: disk “%s” is none of the domain's",
                     entry->target);
        return FALSE;
    }
    return TRUE;
}

static gboolean
load_domain(VpMachine *machine, const VpPackage *package, const VpMoment *moment, GError **error)
{
    g_autoptr(GBytes) bytes = vp_package_load_member(package, moment->domain, error);
    if (!bytes)
        return FALSE;
    gsize length;
    const char *text = g_bytes_get_data(bytes, &length);
    machine->domain = vp_xml_parse(text, length, moment->domain->name, error);
    if (!machine->domain || !vp_domain_check(machine->domain, moment->domain->name, error))
        return FALSE;
    vp_machine_describe(machine);
    return check_targets(machine->domain, moment, error);
}

/* What opening the RAM of a package takes. */
typedef struct {
    const VpPackage *package;
    const VpMomentRam *ram;
} Stream;

static GInputStream *
open_stream(gpointer data, GError **error)
{
    const Stream *stream = data;
    return vp_package_open_stream(stream->package, stream->ram->stream, stream->ram->size, error);
}

gboolean
vp_source_add_ram(VpMachine *machine, const VpPackage *package, const VpMomentRam *ram,
                  GError **error)
{
    VpRam *description = vp_package_load_ram(package, ram, error);
    if (!description)
        return FALSE;
    Stream *stream = g_new0(Stream, 1);
    *stream = (Stream){package, ram};
    VpMachineRam *part = vp_machine_set_ram(machine, description);
    part->size = ram->size;
    part->open = open_stream;
    part->data = stream;
    part->data_free = g_free;
    return TRUE;
}

VpMachine *
vp_source_open_package(const VpPackage *package, const VpRunAs *run_as, gboolean with_ram,
                       GError **error)
{
    const VpManifest *manifest = vp_package_get_manifest(package);
    const VpMoment *moment = vp_manifest_get_moment(manifest);
    g_autoptr(VpMachine) machine = vp_machine_new();
    machine->about = copy_about(manifest);
    machine->moment = g_strdup(moment->name);
    machine->consistency = moment->consistency;
    if (vp_manifest_is_tree(manifest))
        machine->tree = vp_tree_new();
    if (!load_domain(machine, package, moment, error))
        return NULL;
    for (guint i = 0; i < moment->disks->len; i++) {
        if (!add_disk(machine, package, run_as, moment->disks->pdata[i], error))
            return NULL;
    }
    if (with_ram && moment->ram && !vp_source_add_ram(machine, package, moment->ram, error))
        return NULL;
    if (machine->tree && !vp_source_open_kept(machine, package, run_as, error))
        return NULL;
    return add_state(machine, package, moment, error) ? g_steal_pointer(&machine) : NULL;
}
