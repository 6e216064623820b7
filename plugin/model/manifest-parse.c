/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/manifest.h"

#include <string.h>

static gboolean
check_member_names(const xmlNode *node, GError **error)
{
    g_autofree char *name = vp_xml_get(node, "member");
    if (name && (!vp_member_name_is_safe(name) || strcmp(name, VP_MANIFEST_NAME) == 0)) {
        vp_error_set(error, VP_ERROR_UNSAFE, "package.xml: the member name “%s” is unsafe", name);
        return FALSE;
    }
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_ELEMENT_NODE && !check_member_names(child, error))
            return FALSE;
    }
    return TRUE;
}

/* "1.0": two numbers without sign or space; a large one is newer than all. */
static gboolean
parse_version(const xmlNode *root, VpManifest *manifest, GError **error)
{
    g_autofree char *version = vp_xml_get(root, "version");
    g_auto(GStrv) parts = g_strsplit(version ? version : "", ".", 2);
    gboolean numbers = g_strv_length(parts) == 2;
    for (char **part = parts; *part; part++)
        numbers = numbers && **part && strspn(*part, "0123456789") == strlen(*part);
    if (!vp_xml_is(root, "package") || !numbers) {
        vp_error_set(error, VP_ERROR_DAMAGED, "package.xml: not a manifest with a version");
        return FALSE;
    }
    manifest->major = (guint)MIN(g_ascii_strtoull(parts[0], NULL, 10), G_MAXUINT);
    manifest->minor = (guint)MIN(g_ascii_strtoull(parts[1], NULL, 10), G_MAXUINT);
    if (manifest->major <= VP_MANIFEST_MAJOR)
        return TRUE;
    vp_error_set(error, VP_ERROR_VERSION,
                 "package.xml: format version %s is newer than this virt-porter reads (%d.x): "
                 "use a newer virt-porter",
                 version, VP_MANIFEST_MAJOR);
    return FALSE;
}

/* The schema has looked at the form of numbers: none overflows. */
static guint64
get_number(const xmlNode *node, const char *name)
{
    g_autofree char *text = vp_xml_get(node, name);
    return text ? g_ascii_strtoull(text, NULL, 10) : 0;
}

static gint64
parse_time(const char *text)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, NULL);
    return time ? g_date_time_to_unix(time) : 0;
}

static void
parse_head(const xmlNode *root, VpManifest *manifest)
{
    manifest->producer = vp_xml_get_text(vp_xml_find(root, "producer"));
    g_autofree char *created = vp_xml_get_text(vp_xml_find(root, "created"));
    manifest->created = parse_time(created);
    g_autofree char *content = vp_xml_get_text(vp_xml_find(root, "content"));
    manifest->config_only = g_strcmp0(content, "config") == 0;

    const xmlNode *origin = vp_xml_find(root, "origin");
    manifest->host = vp_xml_get(origin, "host");
    manifest->uri = vp_xml_get(origin, "uri");
    const xmlNode *domain = vp_xml_find(origin, "domain");
    manifest->domain_name = vp_xml_get(domain, "name");
    manifest->domain_uuid = vp_xml_get(domain, "uuid");
    const xmlNode *hypervisor = vp_xml_find(origin, "hypervisor");
    manifest->hypervisor = vp_xml_get(hypervisor, "type");
    manifest->hypervisor_version = get_number(hypervisor, "version");
    manifest->libvirt_version = get_number(vp_xml_find(origin, "libvirt"), "version");
}

static void
parse_machine(const xmlNode *root, VpManifest *manifest)
{
    const xmlNode *machine = vp_xml_find(root, "machine");
    manifest->autostart = vp_xml_has(machine, "autostart", "yes");
    manifest->arch = vp_xml_get(machine, "arch");
    manifest->virt_type = vp_xml_get(machine, "virt-type");
    manifest->machine_type = vp_xml_get(machine, "type");
    const xmlNode *cpu = vp_xml_find(machine, "cpu");
    manifest->cpu_mode = vp_xml_get(cpu, "mode");
    manifest->cpu_model = vp_xml_get(cpu, "model");
    const xmlNode *firmware = vp_xml_find(machine, "firmware");
    manifest->firmware_path = vp_xml_get(firmware, "path");
    manifest->firmware_features = vp_xml_get(firmware, "features");
    manifest->firmware_digest = vp_xml_get(firmware, "sha256");
}

static void
parse_advice(const xmlNode *root, VpManifest *manifest)
{
    const xmlNode *networks = vp_xml_find(root, "networks");
    for (xmlNode *node = vp_xml_find(networks, "network"); node;
         node = vp_xml_find_next(node, "network")) {
        g_autofree char *name = vp_xml_get_text(vp_xml_find(node, "name"));
        g_autofree char *xml = vp_xml_format_node(node);
        g_ptr_array_add(manifest->networks, vp_network_advice_new(name, xml));
    }
    const xmlNode *left_out = vp_xml_find(root, "left-out");
    for (xmlNode *node = vp_xml_find(left_out, "resource"); node;
         node = vp_xml_find_next(node, "resource")) {
        g_autofree char *name = vp_xml_get(node, "name");
        g_autofree char *reason = vp_xml_get_text(node);
        g_ptr_array_add(manifest->left_out, vp_left_out_new(name, reason));
    }
}

static void
parse_images(const xmlNode *root, VpManifest *manifest)
{
    const xmlNode *images = vp_xml_find(root, "images");
    for (xmlNode *node = vp_xml_find(images, "image"); node;
         node = vp_xml_find_next(node, "image")) {
        g_autofree char *id = vp_xml_get(node, "id");
        g_autofree char *format = vp_xml_get(node, "format");
        VpImage *image = vp_image_new(id);
        image->member = vp_xml_get(node, "member");
        vp_image_format_parse(format, &image->format);
        image->virtual_size = get_number(node, "virtual-size");
        image->file_size = get_number(node, "file-size");
        image->allocated = get_number(node, "allocated");
        image->backing = vp_xml_get(node, "backing");
        image->file_digest = vp_xml_get(node, "file-digest");
        g_ptr_array_add(manifest->images, image);
    }
}

static VpMember *
parse_member(const xmlNode *node)
{
    if (!node)
        return NULL;
    g_autofree char *name = vp_xml_get(node, "member");
    g_autofree char *digest = vp_xml_get(node, "sha256");
    return vp_member_new(name, get_number(node, "size"), digest);
}

static VpMomentRam *
parse_ram(const xmlNode *node)
{
    if (!node)
        return NULL;
    return vp_moment_ram_new(parse_member(vp_xml_find(node, "description")),
                             parse_member(vp_xml_find(node, "stream")), get_number(node, "size"));
}

static VpMomentSnapshot *
parse_snapshot(const xmlNode *node)
{
    if (!node)
        return NULL;
    g_autofree char *state = vp_xml_get(node, "state");
    VpMomentSnapshot *snapshot =
        vp_moment_snapshot_new(parse_member(node), state, get_number(node, "created"));
    snapshot->current = vp_xml_has(node, "current", "yes");
    snapshot->description = vp_xml_get_text(vp_xml_find(node, "description"));
    return snapshot;
}

static VpMoment *
parse_moment(const xmlNode *node)
{
    g_autofree char *id = vp_xml_get(node, "id");
    g_autofree char *consistency = vp_xml_get(node, "consistency");
    VpMoment *moment = vp_moment_new(id);
    moment->parent = vp_xml_get(node, "parent");
    moment->name = vp_xml_get(node, "name");
    vp_consistency_parse(consistency, &moment->consistency);
    moment->domain = parse_member(vp_xml_find(node, "domain"));
    moment->snapshot = parse_snapshot(vp_xml_find(node, "snapshot"));
    moment->nvram = parse_member(vp_xml_find(node, "nvram"));
    moment->ram = parse_ram(vp_xml_find(node, "ram"));
    for (xmlNode *tpm = vp_xml_find(node, "tpm"); tpm; tpm = vp_xml_find_next(tpm, "tpm"))
        g_ptr_array_add(moment->tpm, parse_member(tpm));
    for (xmlNode *disk = vp_xml_find(node, "disk"); disk; disk = vp_xml_find_next(disk, "disk")) {
        g_autofree char *target = vp_xml_get(disk, "target");
        g_autofree char *image = vp_xml_get(disk, "image");
        g_autofree char *digest = vp_xml_get(disk, "digest");
        VpMomentDisk *entry = vp_moment_disk_new(target, image, digest);
        entry->snapshot = vp_xml_get(disk, "snapshot");
        entry->overlay = vp_xml_get(disk, "overlay");
        g_ptr_array_add(moment->disks, entry);
    }
    return moment;
}

VpManifest *
vp_manifest_parse(const char *text, gsize length, GError **error)
{
    g_autoptr(xmlDoc) doc = vp_xml_parse(text, length, VP_MANIFEST_NAME, error);
    if (!doc)
        return NULL;
    xmlNode *root = xmlDocGetRootElement(doc);
    vp_xml_strip_foreign(root);
    g_autoptr(VpManifest) manifest = vp_manifest_new();
    if (!check_member_names(root, error) || !parse_version(root, manifest, error))
        return NULL;
    if (!vp_xml_validate(doc, "package.rng", error)) {
        g_prefix_error(error, "package.xml: not valid: ");
        return NULL;
    }
    parse_head(root, manifest);
    parse_machine(root, manifest);
    parse_advice(root, manifest);
    parse_images(root, manifest);
    const xmlNode *moments = vp_xml_find(root, "moments");
    for (xmlNode *node = vp_xml_find(moments, "moment"); node;
         node = vp_xml_find_next(node, "moment"))
        g_ptr_array_add(manifest->moments, parse_moment(node));
    return vp_manifest_check(manifest, error) ? g_steal_pointer(&manifest) : NULL;
}
