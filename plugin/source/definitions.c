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

/* Disks of @there, as which the machine ran, that its definition does not know. */
typedef struct {
    const VpOpening *opening;
    xmlDoc *there;
    const char *advice;  /* why they go along */
    GHashTable *indexes; /* of what they hang on: controller of @there to its index in the
                            definition */
} Joining;

/* What libvirt wrote into the live definition by itself. */
static void
strip_disk(xmlNode *disk)
{
    static const char *const elements[] = {"alias", "boot", "backingStore", "mirror"};
    for (gsize i = 0; i < G_N_ELEMENTS(elements); i++)
        vp_xml_remove_all(disk, elements[i]);
    xmlNode *source = vp_xml_find(disk, "source");
    if (source)
        vp_xml_set(source, "index", NULL);
}

static xmlNode *
find_controller(xmlDoc *domain, const char *type, const char *index)
{
    const xmlNode *devices = vp_domain_devices(domain);
    for (xmlNode *node = vp_xml_find(devices, "controller"); node;
         node = vp_xml_find_next(node, "controller")) {
        if (vp_xml_has(node, "type", type) && vp_xml_has(node, "index", index))
            return node;
    }
    return NULL;
}

/* What the disk hangs on; NULL where it is a device of its own on PCI or the like. */
static xmlNode *
find_controller_of(xmlDoc *domain, const xmlNode *disk)
{
    const xmlNode *address = vp_xml_find(disk, "address");
    gboolean drive = vp_xml_has(address, "type", "drive");
    if (!drive && !vp_xml_has(address, "type", "usb"))
        return NULL;
    g_autofree char *type = vp_xml_get(vp_xml_find(disk, "target"), "bus");
    g_autofree char *index = vp_xml_get(address, drive ? "controller" : "bus");
    return type && index ? find_controller(domain, type, index) : NULL;
}

/* Its index there: that which it has, or where another has that one that is free. The place on
 * PCI is libvirt's to choose, for another device may have it. */
static char *
add_controller(const Joining *joining, const xmlNode *controller)
{
    xmlDoc *domain = joining->opening->machine->domain;
    g_autofree char *type = vp_xml_get(controller, "type");
    g_autofree char *model = vp_xml_get(controller, "model");
    g_autofree char *index = vp_xml_get(controller, "index");
    g_autofree char *what =
        g_strdup_printf("controller %s %s (%s)", type, index, model ? model : "of no model");
    warn(joining->opening, "domain", what, joining->advice);
    for (guint i = 0; find_controller(domain, type, index); i++) {
        g_free(index);
        index = g_strdup_printf("%u", i);
    }
    xmlNode *added = vp_xml_add(vp_domain_devices(domain), "controller");
    vp_xml_set(added, "type", type);
    vp_xml_set(added, "index", index);
    vp_xml_set(added, "model", model);
    return g_steal_pointer(&index);
}

/* The index that @controller has in the definition, where another model would hide the disk from
 * the guest. */
static const char *
carry_controller(const Joining *joining, xmlNode *controller)
{
    const char *known = g_hash_table_lookup(joining->indexes, controller);
    if (known)
        return known;
    g_autofree char *type = vp_xml_get(controller, "type");
    g_autofree char *index = vp_xml_get(controller, "index");
    g_autofree char *model = vp_xml_get(controller, "model");
    xmlNode *same = find_controller(joining->opening->machine->domain, type, index);
    g_autofree char *defined = vp_xml_get(same, "model");
    char *is = same && g_strcmp0(model, defined) == 0 ? g_steal_pointer(&index)
                                                      : add_controller(joining, controller);
    g_hash_table_insert(joining->indexes, controller, is);
    return is;
}

static gboolean
is_same_drive(const xmlNode *a, const xmlNode *b)
{
    static const char *const attributes[] = {"type", "controller", "bus", "target", "unit"};
    g_autofree char *bus = vp_xml_get(vp_xml_find(a, "target"), "bus");
    if (!bus || !vp_xml_has(vp_xml_find(b, "target"), "bus", bus))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(attributes); i++) {
        g_autofree char *here = vp_xml_get(vp_xml_find(a, "address"), attributes[i]);
        g_autofree char *there = vp_xml_get(vp_xml_find(b, "address"), attributes[i]);
        if (g_strcmp0(here, there) != 0)
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_taken(GPtrArray *disks, const xmlNode *disk)
{
    for (guint i = 0; i < disks->len; i++) {
        if (is_same_drive(((const VpDomainDisk *)disks->pdata[i])->node, disk))
            return TRUE;
    }
    return FALSE;
}

/* An address on a controller says on which; every other is libvirt's to choose. */
static void
place_disk(const Joining *joining, xmlNode *disk)
{
    xmlNode *controller = find_controller_of(joining->there, disk);
    xmlNode *address = vp_xml_find(disk, "address");
    const char *index = controller ? carry_controller(joining, controller) : NULL;
    g_autoptr(GPtrArray) disks = vp_domain_disks(joining->opening->machine->domain);
    gboolean drive = index && vp_xml_has(address, "type", "drive");
    if (drive)
        vp_xml_set(address, "controller", index);
    if (!drive || is_taken(disks, disk))
        vp_xml_remove_all(disk, "address");
}

static void
add_disk(const Joining *joining, const VpDomainDisk *disk)
{
    xmlDoc *domain = joining->opening->machine->domain;
    xmlNode *copy = xmlDocCopyNode(disk->node, domain, 1);
    strip_disk(copy);
    place_disk(joining, copy);
    xmlNode *place = vp_xml_add(vp_domain_devices(domain), "disk");
    xmlReplaceNode(place, copy);
    xmlFreeNode(place);
}

static void
add_disks(const VpOpening *opening, xmlDoc *there, const char *advice)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(there);
    g_autoptr(GPtrArray) inactive = vp_domain_disks(opening->machine->domain);
    g_autoptr(GHashTable) indexes = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    Joining joining = {opening, there, advice, indexes};
    for (guint i = 0; i < disks->len; i++) {
        const VpDomainDisk *disk = disks->pdata[i];
        if (vp_domain_disks_find(inactive, disk->target))
            continue;
        g_autofree char *resource = g_strdup_printf("disk:%s", disk->target);
        warn(opening, resource, disk->target, advice);
        vp_report_add_fix(opening->report, "--exclude %s", disk->target);
        add_disk(&joining, disk);
    }
}

static void
join_disks(const VpOpening *opening)
{
    g_autoptr(GPtrArray) live = vp_domain_disks(opening->live);
    g_autoptr(GPtrArray) inactive = vp_domain_disks(opening->machine->domain);
    add_disks(opening, opening->live,
              "the running domain has it, its definition has not: it goes along, and is added to "
              "the definition in the package");
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
