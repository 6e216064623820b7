/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/snapshot.h"
#include "model/snapshot-xml.h"

#include <string.h>

static void
snapshot_disk_free(VpSnapshotDisk *disk)
{
    g_free(disk->target);
    g_free(disk->overlay);
    g_free(disk);
}

void
vp_snapshot_free(VpSnapshot *snapshot)
{
    if (!snapshot)
        return;
    g_free(snapshot->name);
    g_free(snapshot->parent);
    g_free(snapshot->state);
    g_free(snapshot->ram_file);
    g_clear_pointer(&snapshot->domain, xmlFreeDoc);
    g_clear_pointer(&snapshot->live, xmlFreeDoc);
    g_free(snapshot->cookie);
    g_ptr_array_unref(snapshot->disks);
    g_free(snapshot);
}

static VpSnapshotKind
parse_kind(const xmlNode *node)
{
    if (vp_xml_has(node, "snapshot", "internal"))
        return VP_SNAPSHOT_INTERNAL;
    if (vp_xml_has(node, "snapshot", "external"))
        return VP_SNAPSHOT_EXTERNAL;
    return vp_xml_has(node, "snapshot", "manual") ? VP_SNAPSHOT_MANUAL : VP_SNAPSHOT_NONE;
}

static void
parse_disks(const xmlNode *root, VpSnapshot *snapshot)
{
    const xmlNode *disks = vp_xml_find(root, "disks");
    for (xmlNode *node = vp_xml_find(disks, "disk"); node; node = vp_xml_find_next(node, "disk")) {
        VpSnapshotDisk *disk = g_new0(VpSnapshotDisk, 1);
        disk->target = vp_xml_get(node, "name");
        disk->kind = parse_kind(node);
        disk->overlay = vp_xml_get(vp_xml_find(node, "source"), "file");
        if (!disk->overlay)
            disk->overlay = vp_xml_get(vp_xml_find(node, "source"), "dev");
        g_ptr_array_add(snapshot->disks, disk);
    }
}

/* The definition that boots: of a running domain libvirt keeps the persistent one as
 * <inactiveDomain> beside the live one. */
static xmlDoc *
parse_domain(xmlDoc *snapshot)
{
    xmlDoc *domain = vp_snapshot_xml_find_domain(snapshot, "inactiveDomain");
    return domain ? domain : vp_snapshot_xml_find_domain(snapshot, "domain");
}

static void
parse_ram(const xmlNode *root, VpSnapshot *snapshot)
{
    const xmlNode *memory = vp_xml_find(root, "memory");
    xmlNode *cookie = vp_xml_find(root, "cookie");
    snapshot->ram = memory ? parse_kind(memory) : VP_SNAPSHOT_NONE;
    snapshot->ram_file = vp_xml_get(memory, "file");
    snapshot->cookie = cookie ? vp_xml_format_node(cookie) : NULL;
}

static gint64
parse_time(const xmlNode *root)
{
    g_autofree char *text = vp_xml_get_text(vp_xml_find(root, "creationTime"));
    gint64 seconds = text ? g_ascii_strtoll(text, NULL, 10) : 0;
    return CLAMP(seconds, 0, VP_SNAPSHOT_CREATED_MAX);
}

VpSnapshot *
vp_snapshot_parse(const char *xml, GError **error)
{
    g_autoptr(xmlDoc) doc = vp_xml_parse(xml, strlen(xml), "snapshot", error);
    if (!doc)
        return NULL;
    xmlNode *root = xmlDocGetRootElement(doc);
    g_autoptr(VpSnapshot) snapshot = g_new0(VpSnapshot, 1);
    snapshot->disks = g_ptr_array_new_with_free_func((GDestroyNotify)snapshot_disk_free);
    snapshot->name = vp_xml_get_text(vp_xml_find(root, "name"));
    snapshot->parent = vp_xml_get_text(vp_xml_find_path(root, "parent/name"));
    snapshot->state = vp_xml_get_text(vp_xml_find(root, "state"));
    snapshot->created = parse_time(root);
    snapshot->domain = parse_domain(doc);
    snapshot->live = vp_snapshot_xml_find_domain(doc, "domain");
    parse_ram(root, snapshot);
    parse_disks(root, snapshot);
    if (!snapshot->name || !snapshot->state || !snapshot->live) {
        vp_error_set(error, VP_ERROR_FAILED,
                     "snapshot %s: libvirt has no domain definition of that moment",
                     snapshot->name ? snapshot->name : "");
        return NULL;
    }
    return g_steal_pointer(&snapshot);
}

gboolean
vp_snapshot_was_off(const VpSnapshot *snapshot)
{
    return strcmp(snapshot->state, "shutoff") == 0;
}

const VpSnapshotDisk *
vp_snapshot_find_disk(const VpSnapshot *snapshot, const char *target)
{
    for (guint i = 0; i < snapshot->disks->len; i++) {
        const VpSnapshotDisk *disk = snapshot->disks->pdata[i];
        if (disk->target && strcmp(disk->target, target) == 0)
            return disk;
    }
    return NULL;
}
