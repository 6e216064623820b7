/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/manifest.h"

#include <string.h>

static xmlNode *
child(xmlNode *parent, const char *name)
{
    return xmlNewChild(parent, NULL, (const xmlChar *)name, NULL);
}

static void
text_child(xmlNode *parent, const char *name, const char *text)
{
    xmlNewTextChild(parent, NULL, (const xmlChar *)name, (const xmlChar *)text);
}

static void
set_number(xmlNode *node, const char *name, guint64 number)
{
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, number);
    vp_xml_set(node, name, text);
}

/* A missing value is a missing attribute. */
static void
set(xmlNode *node, const char *name, const char *value)
{
    if (value)
        vp_xml_set(node, name, value);
}

static void
format_head(xmlNode *root, const VpManifest *manifest)
{
    g_autofree char *version = g_strdup_printf("%u.%u", manifest->major, manifest->minor);
    vp_xml_set(root, "version", version);
    text_child(root, "producer", manifest->producer);
    g_autoptr(GDateTime) created = g_date_time_new_from_unix_utc(manifest->created);
    g_autofree char *time = g_date_time_format(created, "%Y-%m-%dT%H:%M:%SZ");
    text_child(root, "created", time);
    text_child(root, "content", manifest->config_only ? "config" : "full");
}

static void
format_origin(xmlNode *root, const VpManifest *manifest)
{
    xmlNode *origin = child(root, "origin");
    set(origin, "host", manifest->host);
    set(origin, "uri", manifest->uri);
    xmlNode *domain = child(origin, "domain");
    set(domain, "name", manifest->domain_name);
    set(domain, "uuid", manifest->domain_uuid);
    xmlNode *hypervisor = child(origin, "hypervisor");
    set(hypervisor, "type", manifest->hypervisor);
    set_number(hypervisor, "version", manifest->hypervisor_version);
    set_number(child(origin, "libvirt"), "version", manifest->libvirt_version);
}

static void
format_machine(xmlNode *root, const VpManifest *manifest)
{
    xmlNode *machine = child(root, "machine");
    set(machine, "arch", manifest->arch);
    set(machine, "virt-type", manifest->virt_type);
    set(machine, "type", manifest->machine_type);
    set(machine, "autostart", manifest->autostart ? "yes" : NULL);
    if (manifest->cpu_mode || manifest->cpu_model) {
        xmlNode *cpu = child(machine, "cpu");
        set(cpu, "mode", manifest->cpu_mode);
        set(cpu, "model", manifest->cpu_model);
    }
    if (manifest->firmware_path || manifest->firmware_features) {
        xmlNode *firmware = child(machine, "firmware");
        set(firmware, "path", manifest->firmware_path);
        set(firmware, "features", manifest->firmware_features);
        set(firmware, "sha256", manifest->firmware_digest);
    }
}

/* libvirt's own XML stands below <networks> as it is; what libvirt itself wrote is
 * well-formed, anything else is not passed on. */
static void
format_networks(xmlNode *root, const VpManifest *manifest)
{
    if (manifest->networks->len == 0)
        return;
    xmlNode *networks = child(root, "networks");
    for (guint i = 0; i < manifest->networks->len; i++) {
        const VpNetworkAdvice *advice = manifest->networks->pdata[i];
        g_autoptr(xmlDoc) doc = vp_xml_parse(advice->xml, strlen(advice->xml), advice->name, NULL);
        if (doc)
            xmlAddChild(networks, xmlDocCopyNode(xmlDocGetRootElement(doc), root->doc, 1));
    }
}

static void
format_left_out(xmlNode *root, const VpManifest *manifest)
{
    if (manifest->left_out->len == 0)
        return;
    xmlNode *list = child(root, "left-out");
    for (guint i = 0; i < manifest->left_out->len; i++) {
        const VpLeftOut *left_out = manifest->left_out->pdata[i];
        text_child(list, "resource", left_out->reason);
        vp_xml_set(list->last, "name", left_out->resource);
    }
}

static void
format_images(xmlNode *root, const VpManifest *manifest)
{
    xmlNode *images = child(root, "images");
    for (guint i = 0; i < manifest->images->len; i++) {
        const VpImage *image = manifest->images->pdata[i];
        xmlNode *node = child(images, "image");
        set(node, "id", image->id);
        set(node, "member", image->member);
        set(node, "format", vp_image_format_to_string(image->format));
        set_number(node, "virtual-size", image->virtual_size);
        set_number(node, "file-size", image->file_size);
        set_number(node, "allocated", image->allocated);
        set(node, "backing", image->backing);
        set(node, "file-digest", image->file_digest);
    }
}

static void
format_member(xmlNode *parent, const char *name, const VpMember *member)
{
    if (!member)
        return;
    xmlNode *node = child(parent, name);
    set(node, "member", member->name);
    set_number(node, "size", member->size);
    set(node, "sha256", member->digest);
}

static void
format_snapshot(xmlNode *moment, const VpMomentSnapshot *snapshot)
{
    if (!snapshot)
        return;
    format_member(moment, "snapshot", snapshot->xml);
    xmlNode *node = moment->last;
    set(node, "state", snapshot->state);
    set_number(node, "created", snapshot->created);
    set(node, "current", snapshot->current ? "yes" : NULL);
    if (snapshot->description)
        text_child(node, "description", snapshot->description);
}

static void
format_ram(xmlNode *moment, const VpMomentRam *ram)
{
    if (!ram)
        return;
    xmlNode *node = child(moment, "ram");
    set_number(node, "size", ram->size);
    format_member(node, "description", ram->description);
    format_member(node, "stream", ram->stream);
}

static void
format_moment(xmlNode *moments, const VpMoment *moment)
{
    xmlNode *node = child(moments, "moment");
    set(node, "id", moment->id);
    set(node, "parent", moment->parent);
    set(node, "name", moment->name);
    set(node, "consistency", vp_consistency_to_string(moment->consistency));
    format_member(node, "domain", moment->domain);
    format_snapshot(node, moment->snapshot);
    format_member(node, "nvram", moment->nvram);
    format_ram(node, moment->ram);
    for (guint i = 0; i < moment->tpm->len; i++)
        format_member(node, "tpm", moment->tpm->pdata[i]);
    for (guint i = 0; i < moment->disks->len; i++) {
        const VpMomentDisk *disk = moment->disks->pdata[i];
        xmlNode *entry = child(node, "disk");
        set(entry, "target", disk->target);
        set(entry, "image", disk->image);
        set(entry, "snapshot", disk->snapshot);
        set(entry, "overlay", disk->overlay);
        set(entry, "digest", disk->digest);
    }
}

char *
vp_manifest_format(const VpManifest *manifest)
{
    g_autoptr(xmlDoc) doc = vp_xml_new("package");
    xmlNode *root = xmlDocGetRootElement(doc);
    format_head(root, manifest);
    format_origin(root, manifest);
    format_machine(root, manifest);
    format_networks(root, manifest);
    format_left_out(root, manifest);
    format_images(root, manifest);
    xmlNode *moments = child(root, "moments");
    for (guint i = 0; i < manifest->moments->len; i++)
        format_moment(moments, manifest->moments->pdata[i]);
    return vp_xml_format(doc);
}
