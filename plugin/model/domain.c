/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/domain.h"

#include <string.h>

static void
disk_free(VpDomainDisk *disk)
{
    g_free(disk->target);
    g_free(disk->type);
    g_free(disk->path);
    g_free(disk->pool);
    g_free(disk->volume);
    g_free(disk->format);
    g_free(disk);
}

static void
nic_free(VpDomainNic *nic)
{
    g_free(nic->type);
    g_free(nic->source);
    g_free(nic->mac);
    g_free(nic);
}

xmlNode *
vp_domain_devices(xmlDoc *domain)
{
    return vp_xml_ensure(xmlDocGetRootElement(domain), "devices");
}

char *
vp_domain_get_name(xmlDoc *domain)
{
    return vp_xml_get_text(vp_xml_find(xmlDocGetRootElement(domain), "name"));
}

char *
vp_domain_get_uuid(xmlDoc *domain)
{
    return vp_xml_get_text(vp_xml_find(xmlDocGetRootElement(domain), "uuid"));
}

static VpDiskDevice
parse_device(const xmlNode *node)
{
    if (vp_xml_has(node, "device", "cdrom"))
        return VP_DEVICE_CDROM;
    if (vp_xml_has(node, "device", "floppy"))
        return VP_DEVICE_FLOPPY;
    if (vp_xml_has(node, "device", "lun"))
        return VP_DEVICE_LUN;
    return VP_DEVICE_DISK;
}

/* A <source> that names nothing (only <seclabel>, startupPolicy …) is no medium. */
static VpSourceKind
parse_source(VpDomainDisk *disk)
{
    if (strcmp(disk->type, "file") == 0) {
        disk->path = vp_xml_get(disk->source, "file");
        return disk->path ? VP_SOURCE_FILE : VP_SOURCE_NONE;
    }
    if (strcmp(disk->type, "block") == 0) {
        disk->path = vp_xml_get(disk->source, "dev");
        return disk->path ? VP_SOURCE_BLOCK : VP_SOURCE_NONE;
    }
    if (strcmp(disk->type, "volume") == 0) {
        disk->pool = vp_xml_get(disk->source, "pool");
        disk->volume = vp_xml_get(disk->source, "volume");
        return disk->pool && disk->volume ? VP_SOURCE_VOLUME : VP_SOURCE_NONE;
    }
    if (strcmp(disk->type, "network") == 0)
        return disk->source ? VP_SOURCE_NETWORK : VP_SOURCE_NONE;
    return VP_SOURCE_OTHER;
}

static VpDomainDisk *
parse_disk(xmlNode *node)
{
    g_autofree char *target = vp_xml_get(vp_xml_find(node, "target"), "dev");
    if (!target)
        return NULL;
    VpDomainDisk *disk = g_new0(VpDomainDisk, 1);
    disk->node = node;
    disk->source = vp_xml_find(node, "source");
    disk->target = g_steal_pointer(&target);
    disk->device = parse_device(node);
    disk->type = vp_xml_get(node, "type");
    if (!disk->type)
        disk->type = g_strdup("file");
    disk->kind = parse_source(disk);
    disk->format = vp_xml_get(vp_xml_find(node, "driver"), "type");
    if (!disk->format)
        disk->format = g_strdup("raw");
    disk->shareable = vp_xml_find(node, "shareable") != NULL;
    return disk;
}

GPtrArray *
vp_domain_disks(xmlDoc *domain)
{
    GPtrArray *disks = g_ptr_array_new_with_free_func((GDestroyNotify)disk_free);
    xmlNode *devices = vp_xml_find(xmlDocGetRootElement(domain), "devices");
    for (xmlNode *node = vp_xml_find(devices, "disk"); node;
         node = vp_xml_find_next(node, "disk")) {
        VpDomainDisk *disk = parse_disk(node);
        if (disk)
            g_ptr_array_add(disks, disk);
    }
    return disks;
}

VpDomainDisk *
vp_domain_disks_find(GPtrArray *disks, const char *target)
{
    for (guint i = 0; i < disks->len; i++) {
        VpDomainDisk *disk = disks->pdata[i];
        if (strcmp(disk->target, target) == 0)
            return disk;
    }
    return NULL;
}

void
vp_domain_disks_join(GPtrArray *disks, GPtrArray *more)
{
    for (guint i = 0; i < more->len;) {
        const VpDomainDisk *disk = more->pdata[i];
        if (vp_domain_disks_find(disks, disk->target))
            i++;
        else
            g_ptr_array_add(disks, g_ptr_array_steal_index(more, i));
    }
}

/* The attribute of <source> that names what a NIC is connected to. */
static char *
nic_source(const xmlNode *node, const char *type)
{
    const xmlNode *source = vp_xml_find(node, "source");
    static const char *const attributes[] = {"network", "bridge", "dev"};
    for (gsize i = 0; i < G_N_ELEMENTS(attributes); i++) {
        char *value = vp_xml_get(source, attributes[i]);
        if (value)
            return value;
    }
    return NULL;
}

GPtrArray *
vp_domain_nics(xmlDoc *domain)
{
    GPtrArray *nics = g_ptr_array_new_with_free_func((GDestroyNotify)nic_free);
    xmlNode *devices = vp_xml_find(xmlDocGetRootElement(domain), "devices");
    for (xmlNode *node = vp_xml_find(devices, "interface"); node;
         node = vp_xml_find_next(node, "interface")) {
        VpDomainNic *nic = g_new0(VpDomainNic, 1);
        nic->node = node;
        nic->index = nics->len;
        nic->type = vp_xml_get(node, "type");
        if (!nic->type)
            nic->type = g_strdup("");
        nic->source = nic_source(node, nic->type);
        nic->mac = vp_xml_get(vp_xml_find(node, "mac"), "address");
        g_ptr_array_add(nics, nic);
    }
    return nics;
}

gboolean
vp_domain_disk_is_removable(const VpDomainDisk *disk)
{
    return disk->device == VP_DEVICE_CDROM || disk->device == VP_DEVICE_FLOPPY;
}

char *
vp_domain_disk_describe(const VpDomainDisk *disk)
{
    switch (disk->kind) {
    case VP_SOURCE_NONE:
        return g_strdup("no medium");
    case VP_SOURCE_FILE:
    case VP_SOURCE_BLOCK:
        return g_strdup(disk->path);
    case VP_SOURCE_VOLUME:
        return g_strdup_printf("%s/%s", disk->pool, disk->volume);
    case VP_SOURCE_NETWORK: {
        g_autofree char *protocol = vp_xml_get(disk->source, "protocol");
        g_autofree char *name = vp_xml_get(disk->source, "name");
        return g_strdup_printf("%s:%s", protocol ? protocol : "network", name ? name : "");
    }
    case VP_SOURCE_OTHER:
        break;
    }
    return g_strdup_printf("type %s", disk->type);
}

/* <nvram>/path</nvram>, or since libvirt 8.5 <nvram type='file'><source file='/path'/>. */
static char *
nvram_path(const xmlNode *nvram)
{
    char *path = vp_xml_get(vp_xml_find(nvram, "source"), "file");
    if (!path && nvram && !vp_xml_find(nvram, "source"))
        path = vp_xml_get_text(nvram);
    if (path && !*g_strstrip(path))
        g_clear_pointer(&path, g_free);
    return path;
}

char *
vp_domain_source_get_key(const xmlNode *source)
{
    g_autofree char *protocol = vp_xml_get(source, "protocol");
    g_autofree char *name = vp_xml_get(source, "name");
    return g_strdup_printf("%s:%s", protocol ? protocol : "", name ? name : "");
}

gboolean
vp_domain_has_nvram(xmlDoc *domain, char **ret_path)
{
    xmlNode *os = vp_xml_find(xmlDocGetRootElement(domain), "os");
    xmlNode *nvram = vp_xml_find(os, "nvram");
    *ret_path = nvram_path(nvram);
    if (vp_xml_has(vp_xml_find(os, "loader"), "stateless", "yes"))
        return FALSE;
    return nvram || vp_xml_has(os, "firmware", "efi");
}

gboolean
vp_domain_has_tpm(xmlDoc *domain)
{
    xmlNode *devices = vp_xml_find(xmlDocGetRootElement(domain), "devices");
    for (xmlNode *tpm = vp_xml_find(devices, "tpm"); tpm; tpm = vp_xml_find_next(tpm, "tpm")) {
        if (vp_xml_has(vp_xml_find(tpm, "backend"), "type", "emulator"))
            return TRUE;
    }
    return FALSE;
}

gboolean
vp_domain_check(xmlDoc *domain, const char *what, GError **error)
{
    xmlNode *root = xmlDocGetRootElement(domain);
    g_autofree char *name = vp_domain_get_name(domain);
    g_autofree char *type = vp_xml_get(root, "type");
    if (vp_xml_is(root, "domain") && name && *name && type)
        return TRUE;
    vp_error_set(error, VP_ERROR_DAMAGED, "%s: not a libvirt domain with a type and a name", what);
    return FALSE;
}

void
vp_domain_remove_metadata(xmlDoc *domain, const char *uri)
{
    xmlNode *metadata = vp_xml_find(xmlDocGetRootElement(domain), "metadata");
    if (!metadata)
        return;
    gboolean found = FALSE;
    for (xmlNode *node = metadata->children, *next; node; node = next) {
        next = node->next;
        if (node->type != XML_ELEMENT_NODE || !node->ns || strcmp((char *)node->ns->href, uri) != 0)
            continue;
        vp_xml_remove(node);
        found = TRUE;
    }
    if (!found)
        return;
    vp_xml_trim(metadata);
    if (!metadata->children)
        vp_xml_remove(metadata);
}
