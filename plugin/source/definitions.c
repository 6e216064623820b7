/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The two definitions of a running domain, and what only one of them has. */
#include "base/strings.h"
#include "source/parts.h"

static void
warn(const VpOpening *opening, const char *resource, const char *what, const char *advice)
{
    vp_report_add(opening->report, VP_FINDING_DEFINITION_DIFFERS, VP_LEVEL_WARNING, resource,
                  "%s: %s", what, advice);
}

/* What libvirt wrote into the live definition by itself, and what might be taken there
 * where the disk is new. */
static void
strip_disk(xmlNode *disk)
{
    static const char *const elements[] = {"alias", "address", "boot", "backingStore", "mirror"};
    for (gsize i = 0; i < G_N_ELEMENTS(elements); i++)
        vp_xml_remove_all(disk, elements[i]);
    xmlNode *source = vp_xml_find(disk, "source");
    if (source)
        vp_xml_set(source, "index", NULL);
}

static void
add_disk(xmlDoc *domain, const VpDomainDisk *disk)
{
    xmlNode *copy = xmlDocCopyNode(disk->node, domain, 1);
    strip_disk(copy);
    xmlNode *place = vp_xml_add(vp_domain_devices(domain), "disk");
    xmlReplaceNode(place, copy);
    xmlFreeNode(place);
}

/* Disks of @there that the definition does not know go along all the same. */
static void
add_disks(const VpOpening *opening, xmlDoc *there, const char *advice)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(there);
    g_autoptr(GPtrArray) inactive = vp_domain_disks(opening->machine->domain);
    for (guint i = 0; i < disks->len; i++) {
        const VpDomainDisk *disk = disks->pdata[i];
        if (vp_domain_disks_find(inactive, disk->target))
            continue;
        g_autofree char *resource = g_strdup_printf("disk:%s", disk->target);
        warn(opening, resource, disk->target, advice);
        vp_report_add_fix(opening->report, "--exclude %s", disk->target);
        add_disk(opening->machine->domain, disk);
    }
}

static void
join_disks(const VpOpening *opening)
{
    g_autoptr(GPtrArray) live = vp_domain_disks(opening->live);
    g_autoptr(GPtrArray) inactive = vp_domain_disks(opening->machine->domain);
    add_disks(opening, opening->live,
              "the running domain has this disk, its definition has not: it goes along, and is "
              "added to the definition in the package");
    for (guint i = 0; i < inactive->len; i++) {
        const VpDomainDisk *disk = inactive->pdata[i];
        if (vp_domain_disks_find(live, disk->target))
            continue;
        g_autofree char *resource = g_strdup_printf("disk:%s", disk->target);
        warn(opening, resource, disk->target,
             "the definition has this disk, the running domain has not: it is left out");
        vp_machine_leave_out(opening->machine, resource, "not part of the running domain");
    }
}

static gboolean
has_nic(GPtrArray *nics, const char *mac)
{
    for (guint i = 0; i < nics->len; i++) {
        const VpDomainNic *nic = nics->pdata[i];
        if (nic->mac && g_ascii_strcasecmp(nic->mac, mac) == 0)
            return TRUE;
    }
    return FALSE;
}

static void
compare_nics(const VpOpening *opening)
{
    g_autoptr(GPtrArray) live = vp_domain_nics(opening->live);
    g_autoptr(GPtrArray) inactive = vp_domain_nics(opening->machine->domain);
    for (guint i = 0; i < live->len; i++) {
        const VpDomainNic *nic = live->pdata[i];
        if (nic->mac && !has_nic(inactive, nic->mac))
            warn(opening, "domain", nic->mac,
                 "the running domain has this NIC, its definition has not: the package does not "
                 "hold it");
    }
    for (guint i = 0; i < inactive->len; i++) {
        const VpDomainNic *nic = inactive->pdata[i];
        g_autofree char *resource = g_strdup_printf("nic:%u", nic->index);
        if (nic->mac && !has_nic(live, nic->mac))
            warn(opening, resource, nic->mac,
                 "the definition has this NIC, the running domain has not");
    }
}

/* Controllers follow the devices on them. */
static gboolean
is_counted(const xmlNode *node)
{
    static const char *const others[] = {"disk", "interface", "controller", "emulator", NULL};
    return node->type == XML_ELEMENT_NODE && !g_strv_contains(others, (const char *)node->name);
}

static void
add_kinds(GHashTable *kinds, const xmlNode *devices)
{
    for (xmlNode *node = devices ? devices->children : NULL; node; node = node->next) {
        if (is_counted(node))
            g_hash_table_add(kinds, (gpointer)node->name);
    }
}

static void
compare_counts(const VpOpening *opening)
{
    const xmlNode *live = vp_xml_find(xmlDocGetRootElement(opening->live), "devices");
    const xmlNode *inactive =
        vp_xml_find(xmlDocGetRootElement(opening->machine->domain), "devices");
    g_autoptr(GHashTable) kinds = g_hash_table_new(g_str_hash, g_str_equal);
    add_kinds(kinds, live);
    add_kinds(kinds, inactive);
    g_auto(GStrv) names = vp_strv_from_keys(kinds);
    for (char **name = names; *name; name++) {
        guint there = vp_xml_count(live, *name);
        guint defined = vp_xml_count(inactive, *name);
        if (there == defined)
            continue;
        g_autofree char *what = g_strdup_printf(
            "the running domain has %u, its definition %u of them: the package holds the latter",
            there, defined);
        warn(opening, "domain", *name, what);
    }
}

void
vp_source_join_definitions(const VpOpening *opening)
{
    join_disks(opening);
    compare_nics(opening);
    compare_counts(opening);
}

GPtrArray *
vp_source_join_then(const VpOpening *opening, xmlDoc *then)
{
    add_disks(opening, then,
              "it was there at that moment, and the definition that boots has it not: it goes "
              "along, and is added to the definition in the package");
    GPtrArray *disks = vp_domain_disks(then);
    g_autoptr(GPtrArray) inactive = vp_domain_disks(opening->machine->domain);
    vp_domain_disks_join(disks, inactive);
    return disks;
}
