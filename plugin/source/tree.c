/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A domain that is shut off, with all its snapshots. */
#include "source/tree.h"
#include "image/open.h"
#include "model/snapshot-xml.h"
#include "virt/tree.h"

#include <string.h>

/* A disk of now that cannot be kept as it is goes as ever, unless a snapshot needs it. */
static gboolean
add_now(const VpOpening *opening, VpTree *tree, GError **error)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(opening->machine->domain);
    for (guint i = 0; i < opening->machine->disks->len; i++) {
        const VpMachineDisk *part = opening->machine->disks->pdata[i];
        const VpDomainDisk *disk = vp_domain_disks_find(disks, part->target);
        g_autoptr(VpLayer) layer = vp_source_find_layer(opening, disk, FALSE, error);
        if (!layer)
            return FALSE;
        if (!vp_source_can_keep(layer))
            continue;
        const VpTreeImage *image =
            vp_source_add_chain(&(VpLooking){opening, tree, part->target}, layer, TRUE, error);
        if (!image)
            return FALSE;
        g_ptr_array_add(tree->now, vp_moment_disk_new(part->target, image->entry->id, NULL));
    }
    return TRUE;
}

/* What reading a disk as of a snapshot takes. */
typedef struct {
    VpLayer *layer;
    char *snapshot; /* inside the top image, or NULL */
} Reading;

static void
reading_free(gpointer data)
{
    Reading *reading = data;
    vp_layer_free(reading->layer);
    g_free(reading->snapshot);
    g_free(reading);
}

static VpDiskReader *
open_reading(VpMachineDisk *disk, gpointer data, GError **error)
{
    const Reading *reading = data;
    return vp_image_open(reading->layer, reading->snapshot, error);
}

static void
add_reading(const VpOpening *then, const VpDomainDisk *disk, const VpTreeImage *image,
            VpLayer *layer, const char *snapshot)
{
    Reading *reading = g_new0(Reading, 1);
    reading->layer = layer;
    reading->snapshot = g_strdup(snapshot);
    VpMachineDisk *part = vp_machine_add_disk(then->machine, disk->target, image->source);
    part->bytes = image->bytes;
    part->open = open_reading;
    part->data = reading;
    part->data_free = reading_free;
}

static void
want_snapshot(VpTreeImage *image, const char *name)
{
    if (!g_ptr_array_find_with_equal_func(image->snapshots, name, g_str_equal, NULL))
        g_ptr_array_add(image->snapshots, g_strdup(name));
}

/* A disk that the snapshot holds. */
static gboolean
add_held(const VpLooking *looking, VpMoment *entry, const VpDomainDisk *disk, GError **error)
{
    const VpOpening *then = looking->opening;
    const char *name = then->snapshot->name;
    VpSnapshotKind kind = vp_source_kind_of_disk(then, disk);
    gboolean internal = kind == VP_SNAPSHOT_INTERNAL;
    g_autoptr(VpLayer) layer = vp_source_find_layer(then, disk, FALSE, error);
    VpTreeImage *image = layer ? vp_source_add_chain(looking, layer, FALSE, error) : NULL;
    if (!image || !vp_source_check_moment(then, disk, layer, error))
        return FALSE;
    VpMomentDisk *lies = vp_moment_disk_new(disk->target, image->entry->id, NULL);
    g_ptr_array_add(entry->disks, lies);
    if (internal) {
        lies->snapshot = g_strdup(name);
        want_snapshot(image, name);
    } else if (kind == VP_SNAPSHOT_EXTERNAL) {
        const VpSnapshotDisk *made = vp_snapshot_find_disk(then->snapshot, disk->target);
        const VpTreeImage *overlay = vp_source_find_image(looking->tree, made->overlay);
        lies->overlay = overlay ? g_strdup(overlay->entry->id) : NULL;
    }
    add_reading(then, disk, image, g_steal_pointer(&layer), lies->snapshot);
    return TRUE;
}

static gboolean
add_disk(const VpLooking *looking, VpMoment *entry, const VpDomainDisk *disk, GError **error)
{
    const VpOpening *then = looking->opening;
    VpSnapshotKind kind = vp_source_kind_of_disk(then, disk);
    gboolean held = kind == VP_SNAPSHOT_INTERNAL || kind == VP_SNAPSHOT_EXTERNAL;
    const char *reason = vp_source_reason_to_leave_out(then->options, disk);
    if (reason && held) {
        vp_error_set(error, VP_ERROR_USAGE,
                     "disk %s: cannot be left out (%s): the snapshot %s holds it", disk->target,
                     reason, then->snapshot->name);
        return FALSE;
    }
    gboolean readable = held || vp_xml_find(disk->node, "readonly");
    return reason || !readable || add_held(looking, entry, disk, error);
}

/* As which the machine ran, and what only the definition that boots has. */
static gboolean
add_disks(const VpOpening *then, VpTree *tree, VpMoment *entry, GError **error)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(then->snapshot->live);
    g_autoptr(GPtrArray) inactive = vp_domain_disks(then->machine->domain);
    vp_domain_disks_join(disks, inactive);
    for (guint i = 0; i < disks->len; i++) {
        const VpDomainDisk *disk = disks->pdata[i];
        if (!add_disk(&(VpLooking){then, tree, disk->target}, entry, disk, error))
            return FALSE;
    }
    return TRUE;
}

static const char *
find_id(const VpTree *tree, const char *name)
{
    for (guint i = 0; name && i < tree->moments->len; i++) {
        const VpMoment *entry = ((const VpTreeMoment *)tree->moments->pdata[i])->entry;
        if (strcmp(entry->name, name) == 0)
            return entry->id;
    }
    return NULL;
}

static VpTreeMoment *
add_moment(VpTree *tree, const VpVirtSnapshot *known, const VpSnapshot *snapshot, GError **error)
{
    g_autofree char *id = g_strdup_printf("%u", tree->moments->len + 1);
    VpMoment *entry = vp_moment_new(id);
    VpTreeMoment *moment = vp_tree_add_moment(tree, entry);
    entry->name = g_strdup(known->name);
    entry->parent = g_strdup(find_id(tree, known->parent));
    entry->snapshot = vp_moment_snapshot_new(NULL, snapshot->state, (guint64)snapshot->created);
    entry->snapshot->current = known->current;
    moment->machine = vp_machine_new();
    moment->machine->moment = g_strdup(known->name);
    moment->machine->domain = xmlCopyDoc(snapshot->domain, 1);
    moment->xml = vp_snapshot_xml_parse(known->xml, strlen(known->xml), known->name, error);
    if (!moment->xml)
        return NULL;
    vp_snapshot_xml_strip(moment->xml);
    entry->snapshot->description =
        vp_xml_get_text(vp_xml_find(xmlDocGetRootElement(moment->xml), "description"));
    return moment;
}

/* Disks that the snapshot left out: their bytes of then are gone, where they lay is told. */
static void
add_left_out(const VpOpening *opening, const VpTreeMoment *moment)
{
    const VpTree *tree = opening->machine->tree;
    g_autoptr(GPtrArray) disks = vp_domain_disks(moment->machine->domain);
    for (guint i = 0; i < disks->len; i++) {
        const VpDomainDisk *disk = disks->pdata[i];
        const VpTreeImage *image = vp_source_reason_to_leave_out(opening->options, disk)
                                       ? NULL
                                       : vp_source_find_image(tree, disk->path);
        if (image && !vp_moment_find_disk(moment->entry, disk->target))
            g_ptr_array_add(moment->entry->disks,
                            vp_moment_disk_new(disk->target, image->entry->id, NULL));
    }
}

/* RAM that lies inside an image goes along with that. */
static gboolean
add_ram(const VpOpening *then, GError **error)
{
    gboolean off = vp_snapshot_was_off(then->snapshot);
    then->machine->consistency = off ? VP_CONSISTENCY_OFF : VP_CONSISTENCY_CRASH;
    if (then->snapshot->ram == VP_SNAPSHOT_INTERNAL)
        then->machine->consistency = VP_CONSISTENCY_RAM;
    return then->snapshot->ram != VP_SNAPSHOT_EXTERNAL || vp_source_find_ram(then, error);
}

static gboolean
check_ram(const VpOpening *then, const VpTree *tree, const VpMoment *entry, GError **error)
{
    if (then->snapshot->ram != VP_SNAPSHOT_INTERNAL)
        return TRUE;
    for (guint i = 0; i < entry->disks->len; i++) {
        const VpMomentDisk *disk = entry->disks->pdata[i];
        const char *path = vp_tree_find_image(tree, disk->image)->source;
        VpSnapshotEntry found;
        if (!disk->snapshot)
            continue;
        if (!vp_snapshot_lookup(path, disk->snapshot, &found, error))
            return FALSE;
        if (found.vm_state_size > 0)
            return TRUE;
    }
    vp_error_set(error, VP_ERROR_FAILED, "snapshot %s: its RAM is in none of the disks",
                 entry->name);
    return FALSE;
}

/* libvirt takes more than a package. */
static gboolean
check_name(const VpVirtSnapshot *known, GError **error)
{
    if (vp_snapshot_name_is_safe(known->name))
        return TRUE;
    vp_error_set(error, VP_ERROR_FAILED, "a name with control characters, or of more than %d bytes",
                 VP_SNAPSHOT_NAME_MAX);
    return FALSE;
}

static gboolean
add_snapshot(const VpOpening *opening, VpTree *tree, const VpVirtSnapshot *known, GError **error)
{
    g_autoptr(VpSnapshot) snapshot =
        check_name(known, error) ? vp_snapshot_parse(known->xml, error) : NULL;
    VpTreeMoment *moment = snapshot ? add_moment(tree, known, snapshot, error) : NULL;
    if (!moment)
        return FALSE;
    VpOpening then = *opening;
    then.snapshot = snapshot;
    then.machine = moment->machine;
    if (!vp_domain_check(moment->machine->domain, known->name, error) || !add_ram(&then, error) ||
        !add_disks(&then, tree, moment->entry, error) ||
        !check_ram(&then, tree, moment->entry, error))
        return FALSE;
    moment->entry->consistency = moment->machine->consistency;
    return TRUE;
}

/* A way out that serves a single snapshot only is none. */
static void
explain(const char *name, GError **error)
{
    gboolean usage = g_error_matches(*error, VP_ERROR, VP_ERROR_USAGE);
    gboolean stopped = g_error_matches(*error, VP_ERROR, VP_ERROR_INTERRUPTED);
    if (usage || stopped)
        return;
    const char *const *fix = vp_error_get_fix(*error);
    gboolean trust = fix && g_strv_contains(fix, VP_TRUST_IMAGES);
    g_autofree char *why = g_strdup((*error)->message);
    g_autofree char *shown = vp_escape(name);
    g_clear_error(error);
    vp_error_set(error, VP_ERROR_FAILED,
                 "%s: the tree cannot go along with the snapshot %s: delete that, or export the "
                 "others one by one with --snapshot",
                 why, shown);
    if (trust)
        vp_error_add_fix(error, VP_TRUST_IMAGES);
}

static gboolean
add_snapshots(const VpOpening *opening, VpTree *tree, GError **error)
{
    g_autoptr(GPtrArray) list =
        vp_virt_list_snapshot_tree(opening->domain, opening->options->secrets, error);
    for (guint i = 0; list && i < list->len; i++) {
        const VpVirtSnapshot *known = list->pdata[i];
        g_autoptr(GError) local = NULL;
        if (add_snapshot(opening, tree, known, &local))
            continue;
        explain(known->name, &local);
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    return list != NULL;
}

gboolean
vp_source_open_tree(const VpOpening *opening, GError **error)
{
    VpTree *tree = vp_tree_new();
    opening->machine->tree = tree;
    if (!add_now(opening, tree, error) || !add_snapshots(opening, tree, error))
        return FALSE;
    for (guint i = 0; i < tree->moments->len; i++)
        add_left_out(opening, tree->moments->pdata[i]);
    for (guint i = 0; i < tree->images->len; i++) {
        if (!vp_source_warn_of_strangers(opening, tree->images->pdata[i], error))
            return FALSE;
    }
    return TRUE;
}
