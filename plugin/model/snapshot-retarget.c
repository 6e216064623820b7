/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/snapshot-retarget.h"
#include "model/abi.h"
#include "model/check-parts.h"
#include "model/domain.h"
#include "model/retarget.h"

#include <string.h>

void
vp_snapshot_plan_free(VpSnapshotPlan *plan)
{
    g_clear_pointer(&plan->xml, xmlFreeDoc);
    g_clear_pointer(&plan->ram, xmlFreeDoc);
    g_free(plan);
}

static gboolean
has_ram(const VpTreeMoment *moment)
{
    return moment->entry->consistency == VP_CONSISTENCY_RAM;
}

/* What the definitions of one snapshot become. */
typedef struct {
    const VpTreeMoment *moment;
    VpPlan plan; /* that of the machine, with the disks of then */
    const VpHostFacts *facts;
    char *resource;
    VpReport *report;
} Then;

/* The definition of now was told of already, and in most cases this is the same. */
static xmlDoc *
retarget(const Then *then, xmlDoc *definition)
{
    xmlDoc *domain = xmlCopyDoc(definition, 1);
    g_autofree char *name = vp_escape(then->moment->entry->name);
    g_autofree char *where = g_strdup_printf("snapshot %s: ", name);
    vp_retarget_moment(domain, &then->plan, then->resource, then->report);
    vp_check_powers(&then->plan, domain, then->facts, where, then->report);
    return domain;
}

static void
copy_element(xmlNode *root, const xmlNode *from, const char *name)
{
    xmlNode *node = vp_xml_find(from, name);
    if (node)
        xmlAddChild(root, xmlDocCopyNode(node, root->doc, 1));
}

static void
add_text(xmlNode *root, const char *name, const char *text)
{
    if (text)
        vp_xml_set_text(vp_xml_add(root, name), text);
}

static void
add_parent(const Then *then, xmlNode *root, const xmlNode *from)
{
    g_autofree char *name = vp_xml_get_text(vp_xml_find_path(from, "parent/name"));
    if (then->moment->entry->parent)
        add_text(vp_xml_add(root, "parent"), "name", name);
}

static void
add_memory(const Then *then, xmlNode *root, const VpPlanFile *save)
{
    gboolean with = has_ram(then->moment);
    xmlNode *memory = vp_xml_add(root, "memory");
    vp_xml_set(memory, "snapshot", save ? "external" : with ? "internal" : "no");
    if (save)
        vp_xml_set(memory, "file", save->path);
}

/* Its snapshots are somebody else's to take. */
static gboolean
is_manual(const Then *then, const char *target)
{
    const xmlNode *disks = vp_xml_find(xmlDocGetRootElement(then->moment->xml), "disks");
    for (xmlNode *disk = vp_xml_find(disks, "disk"); disk; disk = vp_xml_find_next(disk, "disk")) {
        if (vp_xml_has(disk, "name", target))
            return vp_xml_has(disk, "snapshot", "manual");
    }
    return FALSE;
}

static void
add_disk(const Then *then, xmlNode *disks, const char *target)
{
    const VpMomentDisk *lies = vp_moment_find_disk(then->moment->entry, target);
    const VpPlanFile *overlay =
        lies && lies->overlay ? vp_plan_find_file(then->plan.images, lies->overlay) : NULL;
    xmlNode *disk = vp_xml_add(disks, "disk");
    vp_xml_set(disk, "name", target);
    vp_xml_set(disk, "snapshot",
               overlay                   ? "external"
               : lies && lies->snapshot  ? "internal"
               : is_manual(then, target) ? "manual"
                                         : "no");
    if (!overlay)
        return;
    vp_xml_set(disk, "type", "file");
    vp_xml_set(vp_xml_add(disk, "driver"), "type", vp_image_format_to_string(overlay->format));
    vp_xml_set(vp_xml_add(disk, "source"), "file", overlay->path);
}

/* libvirt wants each disk of the definition named, or guesses. */
static void
add_disks(const Then *then, xmlNode *root, xmlDoc *domain)
{
    xmlNode *list = vp_xml_add(root, "disks");
    g_autoptr(GPtrArray) disks = vp_domain_disks(domain);
    for (guint i = 0; i < disks->len; i++)
        add_disk(then, list, ((const VpDomainDisk *)disks->pdata[i])->target);
}

/* The importer may do without that snapshot. */
static void
check_abi(const Then *then, xmlDoc *was, xmlDoc *is)
{
    g_autoptr(GPtrArray) differences = vp_abi_compare(was, is);
    g_autofree char *name = vp_escape(then->moment->entry->name);
    for (guint i = 0; i < differences->len; i++) {
        const VpAbiDifference *difference = differences->pdata[i];
        if (vp_abi_is_address(difference)) {
            vp_report_add(then->report, VP_FINDING_RAM_IDENTITY, VP_LEVEL_WARNING, then->resource,
                          "%s: the address is another in the RAM of the snapshot “%s”: a copy that "
                          "goes back to it has that again",
                          difference->what, name);
            vp_report_add_fix(then->report, "--mac keep");
            continue;
        }
        vp_report_add(then->report, VP_FINDING_RAM_ABI, VP_LEVEL_WARNING, then->resource,
                      "%s: an option or an edit changes what the RAM of the snapshot “%s” was made "
                      "with: the copy cannot go back to it",
                      difference->what, name);
    }
}

static void
add_definition(const Then *then, xmlNode *root, gsize index)
{
    if (!then->moment->definitions[index])
        return;
    g_autoptr(xmlDoc) domain = retarget(then, then->moment->definitions[index]);
    if (index == 0)
        add_disks(then, root, domain);
    if (index == 0 && has_ram(then->moment))
        check_abi(then, then->moment->definitions[index], domain);
    xmlNode *node = xmlDocCopyNode(xmlDocGetRootElement(domain), root->doc, 1);
    xmlNodeSetName(node, (const xmlChar *)vp_snapshot_definitions[index]);
    xmlAddChild(root, node);
}

static xmlDoc *
build(const Then *then, const VpPlanFile *save)
{
    const VpMoment *entry = then->moment->entry;
    const xmlNode *from = xmlDocGetRootElement(then->moment->xml);
    g_autofree char *created = g_strdup_printf("%" G_GUINT64_FORMAT, entry->snapshot->created);
    xmlDoc *doc = vp_xml_new("domainsnapshot");
    xmlNode *root = xmlDocGetRootElement(doc);
    add_text(root, "name", entry->name);
    add_text(root, "description", entry->snapshot->description);
    add_text(root, "state", entry->snapshot->state);
    add_parent(then, root, from);
    add_text(root, "creationTime", created);
    add_memory(then, root, save);
    for (gsize i = 0; i < VP_SNAPSHOT_DEFINITIONS; i++)
        add_definition(then, root, i);
    if (has_ram(then->moment))
        copy_element(root, from, "cookie");
    return doc;
}

static void
check_cpu(const Then *then)
{
    const char *why = g_hash_table_lookup(then->facts->lacks_cpu, then->moment->entry->id);
    if (!why)
        return;
    g_autofree char *name = vp_escape(then->moment->entry->name);
    vp_report_add(then->report, VP_FINDING_RAM_NEEDS_SAME_CPU, VP_LEVEL_WARNING, then->resource,
                  "this host cannot give the processor that the RAM of the snapshot “%s” was made "
                  "with: the copy cannot go back to it: %s",
                  name, why);
}

static VpSnapshotPlan *
plan_snapshot(const Then *then)
{
    const VpMachineRam *ram = then->moment->machine->ram;
    const VpPlanFile *save = vp_plan_find_file(then->plan.saves, then->moment->entry->id);
    VpSnapshotPlan *snapshot = g_new0(VpSnapshotPlan, 1);
    snapshot->moment = then->moment;
    if (has_ram(then->moment))
        check_cpu(then);
    snapshot->xml = build(then, save);
    if (!save)
        return snapshot;
    snapshot->ram = retarget(then, ram->description->domain);
    snapshot->ram_path = save->path;
    return snapshot;
}

/* One permission is for all of them. */
static void
check_ram(const VpTree *tree, const VpPlan *plan, VpReport *report)
{
    g_autofree char *first = NULL;
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < tree->moments->len; i++) {
        const VpTreeMoment *moment = tree->moments->pdata[i];
        g_autofree char *name = vp_escape(moment->entry->name);
        if (!has_ram(moment))
            continue;
        if (!first)
            first = g_strdup_printf("snapshot:%s", moment->entry->id);
        g_string_append_printf(names, "%s“%s”", names->len > 0 ? ", " : "", name);
    }
    if (!first)
        return;
    vp_report_add(report, VP_FINDING_RAM_IDENTITY, VP_LEVEL_WARNING, first,
                  "a guest that goes back to a snapshot with RAM has the name, the addresses and "
                  "the UUID of then, until it boots anew: %s",
                  names->str);
    if (plan->allow & 1u << VP_POWER_RAM)
        return;
    vp_report_add(report, VP_FINDING_POWER_REFUSED, VP_LEVEL_ERROR, first,
                  "snapshots of the package have RAM, which QEMU would take up as its own state "
                  "when somebody reverts to them: that is the power “ram”, for a package whose "
                  "writer is trusted: %s",
                  names->str);
    vp_report_add_fix(report, "--allow ram");
}

GPtrArray *
vp_snapshots_retarget(const VpMachine *machine, const VpPlan *plan, const VpHostFacts *facts,
                      VpReport *report)
{
    GPtrArray *snapshots = g_ptr_array_new_with_free_func((GDestroyNotify)vp_snapshot_plan_free);
    for (guint i = 0; machine->tree && i < machine->tree->moments->len; i++) {
        const VpTreeMoment *moment = machine->tree->moments->pdata[i];
        g_autoptr(GPtrArray) disks = vp_plan_disks_then(plan, machine->tree, moment->entry);
        g_autofree char *resource = g_strdup_printf("snapshot:%s", moment->entry->id);
        Then then = {moment, *plan, facts, resource, report};
        then.plan.disks = disks;
        g_ptr_array_add(snapshots, plan_snapshot(&then));
    }
    if (machine->tree)
        check_ram(machine->tree, plan, report);
    return snapshots;
}
