/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The two definitions of a running domain, and what only one of them has. */
#include "base/strings.h"
#include "source/parts.h"

void
vp_source_warn_differs(const VpOpening *opening, const char *resource, const char *what,
                       const char *advice)
{
    vp_report_add(opening->report, VP_FINDING_DEFINITION_DIFFERS, VP_LEVEL_WARNING, resource,
                  "%s: %s", what, advice);
}

static void
join_disks(const VpOpening *opening)
{
    g_autoptr(GPtrArray) live = vp_domain_disks(opening->live);
    g_autoptr(GPtrArray) inactive = vp_domain_disks(opening->machine->domain);
    vp_source_join_disks(opening, opening->live,
                         "the running domain has it, its definition has not: it is added to "
                         "the definition in the package");
    for (guint i = 0; i < inactive->len; i++) {
        const VpDomainDisk *disk = inactive->pdata[i];
        if (vp_domain_disks_find(live, disk->target))
            continue;
        g_autofree char *resource = g_strdup_printf("disk:%s", disk->target);
        vp_source_warn_differs(
            opening, resource, disk->target,
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
            vp_source_warn_differs(
                opening, "domain", nic->mac,
                "the running domain has this NIC, its definition has not: the package does not "
                "hold it");
    }
    for (guint i = 0; i < inactive->len; i++) {
        const VpDomainNic *nic = inactive->pdata[i];
        g_autofree char *resource = g_strdup_printf("nic:%u", nic->index);
        if (nic->mac && !has_nic(live, nic->mac))
            vp_source_warn_differs(opening, resource, nic->mac,
                                   "the definition has this NIC, the running domain has not");
    }
}

/* Disks and NICs are told apart by name; libvirt itself adds ports for what is plugged in. */
static gboolean
is_counted(const xmlNode *node)
{
    static const char *const others[] = {"disk", "interface", "emulator", NULL};
    gboolean port = vp_xml_is(node, "controller") && vp_xml_has(node, "type", "pci");
    return node->type == XML_ELEMENT_NODE && !port &&
           !g_strv_contains(others, (const char *)node->name);
}

/* "input tablet usb": what makes it another device than "input mouse ps2". */
static char *
describe_kind(const xmlNode *node)
{
    const struct {
        const xmlNode *node;
        const char *attribute;
    } parts[] = {
        {node, "type"},
        {node, "model"},
        {node, "bus"},
        {vp_xml_find(node, "model"), "type"},  /* of video */
        {vp_xml_find(node, "target"), "name"}, /* of a channel */
    };
    g_autoptr(GString) kind = g_string_new((const char *)node->name);
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *value = vp_xml_get(parts[i].node, parts[i].attribute);
        if (value)
            g_string_append_printf(kind, " %s", value);
    }
    return g_string_free(g_steal_pointer(&kind), FALSE);
}

enum { LIVE, INACTIVE, DEFINITIONS };

/* Counts the devices of the definition @which: kinds is of text to guint[DEFINITIONS]. */
static void
count_kinds(xmlDoc *domain, gsize which, GHashTable *kinds)
{
    for (xmlNode *node = vp_domain_devices(domain)->children; node; node = node->next) {
        if (!is_counted(node))
            continue;
        g_autofree char *kind = describe_kind(node);
        guint *counts = g_hash_table_lookup(kinds, kind);
        if (!counts) {
            counts = g_new0(guint, DEFINITIONS);
            g_hash_table_insert(kinds, g_steal_pointer(&kind), counts);
        }
        counts[which]++;
    }
}

static void
compare_counts(const VpOpening *opening)
{
    g_autoptr(GHashTable) kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    count_kinds(opening->live, LIVE, kinds);
    count_kinds(opening->machine->domain, INACTIVE, kinds);
    g_auto(GStrv) names = vp_strv_from_keys(kinds);
    for (char **name = names; *name; name++) {
        const guint *counts = g_hash_table_lookup(kinds, *name);
        if (counts[LIVE] == counts[INACTIVE])
            continue;
        g_autofree char *what = g_strdup_printf(
            "the running domain has %u, its definition %u of them: the package holds the latter",
            counts[LIVE], counts[INACTIVE]);
        vp_source_warn_differs(opening, "domain", *name, what);
    }
}

void
vp_source_join_definitions(const VpOpening *opening)
{
    join_disks(opening);
    compare_nics(opening);
    compare_counts(opening);
}
