/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A package with snapshots: images that were kept as they were, moments that lie on them. */
#include "base/fd.h"
#include "image/raw.h"
#include "model/snapshot-xml.h"
#include "model/tree.h"
#include "source/package.h"

#include <string.h>

/* What opening a disk as of a moment takes; the manifest's entry outlives it. */
typedef struct {
    const VpPackage *package;
    const VpMomentDisk *disk;
    VpRunAs run_as;
} Disk;

static VpDiskReader *
open_disk(VpMachineDisk *part, gpointer data, GError **error)
{
    const Disk *disk = data;
    return vp_source_open_disk_of(disk->package, disk->disk, &disk->run_as, error);
}

static void
add_part(VpMachine *machine, const VpPackage *package, const VpRunAs *run_as,
         const VpMomentDisk *entry)
{
    const VpImage *image = vp_manifest_find_image(vp_package_get_manifest(package), entry->image);
    Disk *disk = g_new0(Disk, 1);
    *disk = (Disk){package, entry, *run_as};
    VpMachineDisk *part = vp_machine_add_disk(machine, entry->target, image->member);
    part->format = image->format;
    part->size = image->virtual_size;
    part->bytes = image->allocated;
    part->digest = g_strdup(entry->digest);
    part->open = open_disk;
    part->data = disk;
    part->data_free = g_free;
}

gboolean
vp_source_add_kept_disk(VpMachine *machine, const VpPackage *package, const VpRunAs *run_as,
                        const VpMomentDisk *entry, GError **error)
{
    add_part(machine, package, run_as, entry);
    g_ptr_array_add(machine->tree->now,
                    vp_moment_disk_new(entry->target, entry->image, entry->digest));
    return TRUE;
}

/* What opening the file of an image takes. */
typedef struct {
    const VpPackage *package;
    const VpImage *image;
} File;

static VpDiskReader *
open_file(VpTreeImage *image, GError **error)
{
    const File *file = image->data;
    vp_autofd int fd = vp_source_open_image(file->package, file->image, error);
    return fd < 0 ? NULL : vp_raw_open_fd(fd, error);
}

/* "vda" of "vda.1": whose disk it was found for. */
static gboolean
add_image(VpTree *tree, const VpPackage *package, const VpImage *image, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(image->id, ".", 2);
    vp_autofd int fd = vp_source_open_image(package, image, error);
    if (fd < 0)
        return FALSE;
    VpTreeImage *kept = vp_tree_add_image(tree, vp_image_copy(image), parts[0]);
    File *file = g_new0(File, 1);
    *file = (File){package, image};
    kept->source = g_strdup(image->member);
    kept->bytes = image->allocated;
    g_ptr_array_unref(kept->snapshots);
    kept->snapshots = vp_manifest_find_snapshots(vp_package_get_manifest(package), image->id);
    kept->open = open_file;
    kept->data = file;
    kept->data_free = g_free;
    return TRUE;
}

/* The parent that its XML names is that of the manifest. */
static gboolean
parent_agrees(const VpManifest *manifest, const VpMoment *moment, const xmlNode *root)
{
    g_autofree char *name = vp_xml_get_text(vp_xml_find_path(root, "parent/name"));
    for (guint i = 0; i < manifest->moments->len; i++) {
        const VpMoment *other = manifest->moments->pdata[i];
        if (moment->parent && strcmp(other->id, moment->parent) == 0)
            return g_strcmp0(other->name, name) == 0;
    }
    return !name;
}

/* RAM lies where the XML says: inside an image, in a member, or there is none. */
static gboolean
ram_agrees(const VpMoment *moment, const xmlNode *root)
{
    const xmlNode *memory = vp_xml_find(root, "memory");
    gboolean internal = vp_xml_has(memory, "snapshot", "internal");
    gboolean external = vp_xml_has(memory, "snapshot", "external");
    gboolean with = moment->consistency == VP_CONSISTENCY_RAM;
    return external == (moment->ram != NULL) && with == (internal || external);
}

static gboolean
check_agrees(const VpManifest *manifest, const VpMoment *moment, xmlDoc *xml, GError **error)
{
    const xmlNode *root = xmlDocGetRootElement(xml);
    g_autofree char *name = vp_xml_get_text(vp_xml_find(root, "name"));
    g_autofree char *state = vp_xml_get_text(vp_xml_find(root, "state"));
    if (g_strcmp0(name, moment->name) == 0 && g_strcmp0(state, moment->snapshot->state) == 0 &&
        parent_agrees(manifest, moment, root) && ram_agrees(moment, root))
        return TRUE;
    vp_error_set(error, VP_ERROR_DAMAGED,
                 "%s: its name, state, RAM or parent is another than the manifest says",
                 moment->snapshot->xml->name);
    return FALSE;
}

static xmlDoc *
load_snapshot(const VpPackage *package, const VpMoment *moment, GError **error)
{
    const VpMember *member = moment->snapshot->xml;
    g_autoptr(GBytes) bytes = vp_package_load_member(package, member, error);
    if (!bytes)
        return NULL;
    gsize length;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(xmlDoc) xml = vp_snapshot_xml_parse(text, length, member->name, error);
    if (!xml || !check_agrees(vp_package_get_manifest(package), moment, xml, error))
        return NULL;
    vp_snapshot_xml_strip(xml);
    return g_steal_pointer(&xml);
}

static gboolean
add_moment(VpTree *tree, const VpPackage *package, const VpRunAs *run_as, const VpMoment *moment,
           GError **error)
{
    VpTreeMoment *snapshot = vp_tree_add_moment(tree, vp_moment_copy(moment));
    snapshot->machine = vp_machine_new();
    snapshot->machine->moment = g_strdup(moment->name);
    snapshot->machine->consistency = moment->consistency;
    xmlDoc *xml = load_snapshot(package, moment, error);
    if (!xml)
        return FALSE;
    vp_tree_moment_set_xml(snapshot, xml);
    for (guint i = 0; i < moment->disks->len; i++) {
        const VpMomentDisk *disk = moment->disks->pdata[i];
        if (disk->digest)
            add_part(snapshot->machine, package, run_as, disk);
    }
    return !moment->ram || vp_source_add_ram(snapshot->machine, package, moment->ram, error);
}

gboolean
vp_source_open_kept(VpMachine *machine, const VpPackage *package, const VpRunAs *run_as,
                    GError **error)
{
    const VpManifest *manifest = vp_package_get_manifest(package);
    for (guint i = 0; i < manifest->images->len; i++) {
        const VpImage *image = manifest->images->pdata[i];
        if (image->file_digest && !add_image(machine->tree, package, image, error))
            return FALSE;
    }
    for (guint i = 1; i < manifest->moments->len; i++) {
        if (!add_moment(machine->tree, package, run_as, manifest->moments->pdata[i], error))
            return FALSE;
    }
    return TRUE;
}
