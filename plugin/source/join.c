/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Disks that a machine ran with go along, into a definition that does not know them, with what they
 * hang on. */
#include "source/parts.h"

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
    vp_source_warn_differs(joining->opening, "domain", what, joining->advice);
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

void
vp_source_join_disks(const VpOpening *opening, xmlDoc *there, const char *advice)
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
        vp_source_warn_differs(opening, resource, disk->target, advice);
        if (!vp_source_reason_to_leave_out(opening->options, disk))
            vp_report_add_fix(opening->report, "--exclude %s", disk->target);
        add_disk(&joining, disk);
    }
}

GPtrArray *
vp_source_join_then(const VpOpening *opening, xmlDoc *then)
{
    vp_source_join_disks(
        opening, then,
        "it was there at that moment, and the definition that boots has it not: it is added to "
        "the definition in the package");
    GPtrArray *disks = vp_domain_disks(then);
    g_autoptr(GPtrArray) inactive = vp_domain_disks(opening->machine->domain);
    vp_domain_disks_join(disks, inactive);
    return disks;
}
