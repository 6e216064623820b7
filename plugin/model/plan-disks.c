/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/option.h"
#include "model/plan-parts.h"

#include <string.h>

/* One file, named after the domain and the target: no two can meet. */
static char *
default_path(const VpPlan *plan, const char *folder, const char *target, const char *format)
{
    g_autofree char *name = g_strdup_printf("%s-%s.%s", plan->name, target, format);
    return g_build_filename(folder, name, NULL);
}

/* Why the image must be raw, or NULL: the guest's own LUKS in a qcow2 would be taken for
 * qcow2's, and QEMU lets two machines write to a raw image only. */
static const char *
reason_for_raw(const VpDomainDisk *disk)
{
    if (vp_xml_find(disk->node, "encryption") || vp_xml_find(disk->source, "encryption"))
        return "encrypted";
    return disk->shareable && !vp_xml_find(disk->node, "readonly") ? "shareable" : NULL;
}

static const char *
default_format(const VpDomainDisk *disk, const VpMachineDisk *part)
{
    VpImageFormat format = reason_for_raw(disk) ? VP_IMAGE_FORMAT_RAW : part->format;
    return vp_image_format_to_string(format);
}

static void
give_default(VpPlanDisk *entry, const VpDomainDisk *disk, const VpMachineDisk *part,
             const VpPlan *plan, const char *folder)
{
    if (part) {
        entry->fate = VP_FATE_COPY;
        entry->format = g_strdup(default_format(disk, part));
        entry->path = default_path(plan, folder, disk->target, entry->format);
    } else if (disk->kind == VP_SOURCE_NONE) {
        entry->fate = VP_FATE_KEEP;
    } else {
        entry->fate = vp_domain_disk_is_removable(disk) ? VP_FATE_EJECT : VP_FATE_MISSING;
    }
}

const char *
vp_plan_disk_place(const VpPlanDisk *disk)
{
    switch (disk->fate) {
    case VP_FATE_COPY:
    case VP_FATE_USE:
        return disk->path;
    case VP_FATE_SKIP:
    case VP_FATE_EJECT:
        return "skip";
    case VP_FATE_KEEP:
        return "keep";
    case VP_FATE_MISSING:
        return "missing";
    }
    return NULL;
}

/* A wish for a disk, and the disk that it names. */
typedef struct {
    const VpPlan *plan;
    const VpDomainDisk *disk;
    const VpMachineDisk *part; /* NULL: the package does not hold its bytes */
    const char *where;
    const char *place;
    const char *format; /* or NULL */
} Wish;

static gboolean
is_path(const char *text)
{
    return text[0] == '/' || g_str_has_prefix(text, "./") || g_str_has_prefix(text, "../");
}

static gboolean
check_format(const Wish *wish, GError **error)
{
    VpImageFormat format = VP_IMAGE_FORMAT_RAW;
    const char *reason = reason_for_raw(wish->disk);
    const char *target = wish->disk->target;
    if (wish->format && !vp_image_format_parse(wish->format, &format)) {
        vp_error_set(error, VP_ERROR_USAGE, "%s %s: format “%s”: an image is made as qcow2 or raw",
                     wish->where, target, wish->format);
        return FALSE;
    }
    if (reason && format != VP_IMAGE_FORMAT_RAW) {
        vp_error_set(error, VP_ERROR_USAGE, "%s %s: the disk is %s: its image is made as raw",
                     wish->where, target, reason);
        return FALSE;
    }
    return TRUE;
}

/* A place that ends with a slash is a folder, where the file gets its usual name. */
static gboolean
set_copy(VpPlanDisk *entry, const Wish *wish, GError **error)
{
    if (!check_format(wish, error))
        return FALSE;
    entry->fate = VP_FATE_COPY;
    entry->format = g_strdup(wish->format ? wish->format : default_format(wish->disk, wish->part));
    g_autofree char *path = g_canonicalize_filename(wish->place, NULL);
    entry->path = g_str_has_suffix(wish->place, "/")
                      ? default_path(wish->plan, path, entry->target, entry->format)
                      : g_steal_pointer(&path);
    return TRUE;
}

static gboolean
set_use(VpPlanDisk *entry, const Wish *wish, GError **error)
{
    if (!wish->format || !*wish->format) {
        vp_error_set(error, VP_ERROR_USAGE,
                     "%s %s: the package does not hold this disk, so “%s” is an image to use as "
                     "it lies: say its format, --disk %s=%s,format=qcow2",
                     wish->where, entry->target, wish->place, entry->target, wish->place);
        return FALSE;
    }
    entry->fate = VP_FATE_USE;
    entry->path = g_canonicalize_filename(wish->place, NULL);
    entry->format = g_strdup(wish->format);
    entry->is_block =
        g_str_has_prefix(entry->path, "/dev/") && !g_str_has_prefix(entry->path, "/dev/shm/");
    return TRUE;
}

/* Of several for one disk the last counts, as if it stood alone. */
static gboolean
set_place(VpPlanDisk *entry, const Wish *wish, GError **error)
{
    g_clear_pointer(&entry->path, g_free);
    g_clear_pointer(&entry->format, g_free);
    entry->is_block = FALSE;
    entry->asked = TRUE;
    if (strcmp(wish->place, "skip") == 0) {
        entry->fate = vp_domain_disk_is_removable(wish->disk) ? VP_FATE_EJECT : VP_FATE_SKIP;
        return TRUE;
    }
    if (!is_path(wish->place)) {
        vp_error_set(error, VP_ERROR_USAGE,
                     "%s %s: “%s” is no path: begin it with / or ./, or give skip", wish->where,
                     entry->target, wish->place);
        return FALSE;
    }
    return wish->part ? set_copy(entry, wish, error) : set_use(entry, wish, error);
}

/* "vda, vdb": what there is, for messages. */
static char *
list_targets(GPtrArray *disks)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < disks->len; i++) {
        const VpDomainDisk *disk = disks->pdata[i];
        g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", disk->target);
    }
    return g_strdup(list->len > 0 ? list->str : "none");
}

/* A written plan repeats a default, of which a warning may speak: it stays one. */
static gboolean
says_nothing_new(const VpWish *said, const VpPlanDisk *entry)
{
    return said->is_default && strcmp(said->fields[1], vp_plan_disk_place(entry)) == 0 &&
           g_strcmp0(said->fields[2], entry->format) == 0;
}

static gboolean
apply_wish(VpPlan *plan, GPtrArray *disks, const VpMachine *machine, const VpWish *said,
           GError **error)
{
    const char *target = said->fields[0];
    const VpDomainDisk *disk = vp_domain_disks_find(disks, target);
    if (disk) {
        VpPlanDisk *entry = vp_plan_find_disk(plan, target);
        Wish wish = {plan,
                     disk,
                     vp_machine_find_disk(machine, target),
                     said->where,
                     said->fields[1],
                     said->fields[2]};
        if (says_nothing_new(said, entry))
            return TRUE;
        entry->from = said->from;
        return set_place(entry, &wish, error);
    }
    if (said->is_rule)
        return TRUE;
    g_autofree char *there = list_targets(disks);
    vp_error_set(error, VP_ERROR_USAGE, "%s: the package has no disk “%s”; it has: %s", said->where,
                 target, there);
    return FALSE;
}

/* Where a rule puts the disk of @entry; NULL where it does not fit, since the package does
 * not hold the disk and the rule says no format. Caller frees. */
static char *
place_by_rule(const VpWish *said, const VpPlanDisk *entry, gboolean held)
{
    if (held || strcmp(said->fields[1], "skip") == 0)
        return g_strdup(said->fields[1]);
    g_autofree char *name = g_path_get_basename(entry->was);
    return said->fields[2] ? g_build_filename(said->fields[1], name, NULL) : NULL;
}

/* Every disk whose source matches; a new file in the folder, or an image that lies there
 * under the name that it had. */
static gboolean
apply_rule(VpPlan *plan, GPtrArray *disks, const VpMachine *machine, const VpWish *said,
           GError **error)
{
    const char *place = said->fields[1];
    if (strcmp(place, "skip") != 0 && !g_str_has_suffix(place, "/")) {
        vp_error_set(error, VP_ERROR_USAGE,
                     "%s: to=“%s” is no folder: end it with a slash, or say skip", said->where,
                     place);
        return FALSE;
    }
    for (guint i = 0; i < plan->disks->len; i++) {
        VpPlanDisk *entry = plan->disks->pdata[i];
        const VpMachineDisk *part = vp_machine_find_disk(machine, entry->target);
        const VpDomainDisk *disk = vp_domain_disks_find(disks, entry->target);
        if (disk->kind == VP_SOURCE_NONE || !g_pattern_match_simple(said->fields[0], entry->was))
            continue;
        g_autofree char *path = place_by_rule(said, entry, part != NULL);
        Wish wish = {plan, disk, part, said->where, path, said->fields[2]};
        if (!path)
            continue;
        entry->from = said->from;
        if (!set_place(entry, &wish, error))
            return FALSE;
    }
    return TRUE;
}

/* A folder for all that is copied, chosen later than their places. */
static gboolean
apply_dir(VpPlan *plan, const VpWish *said, GError **error)
{
    if (!*said->text) {
        vp_error_set(error, VP_ERROR_USAGE, "%s: “” is no folder: give its path", said->where);
        return FALSE;
    }
    g_autofree char *folder = g_canonicalize_filename(said->text, NULL);
    for (guint i = 0; i < plan->disks->len; i++) {
        VpPlanDisk *entry = plan->disks->pdata[i];
        if (entry->fate != VP_FATE_COPY)
            continue;
        g_free(entry->path);
        entry->path = default_path(plan, folder, entry->target, entry->format);
        entry->from = said->from;
        entry->asked = FALSE;
    }
    return TRUE;
}

/* All that one place says: what is for all, for some, for one. */
static gboolean
apply_wishes(VpPlan *plan, GPtrArray *disks, const VpMachine *machine, const VpWishes *wishes,
             GError **error)
{
    const VpWish *dir = vp_wishes_find(wishes, VP_CHOICE_DIR);
    if (dir && !apply_dir(plan, dir, error))
        return FALSE;
    for (guint i = 0; i < wishes->list->len; i++) {
        const VpWish *wish = wishes->list->pdata[i];
        if (wish->id == VP_CHOICE_DISKS && !apply_rule(plan, disks, machine, wish, error))
            return FALSE;
    }
    for (guint i = 0; i < wishes->list->len; i++) {
        const VpWish *wish = wishes->list->pdata[i];
        if (wish->id == VP_CHOICE_DISK && !apply_wish(plan, disks, machine, wish, error))
            return FALSE;
    }
    return TRUE;
}

/* A target becomes part of a file's name. */
static gboolean
check_target(const char *target, GError **error)
{
    gsize plain = strspn(target, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    if (*target && !target[plain])
        return TRUE;
    g_autofree char *shown = vp_escape(target);
    vp_error_set(error, VP_ERROR_UNSAFE, "domain.xml: “%.80s” is no target of a disk", shown);
    return FALSE;
}

/* Those of the definition that boots, then those that only its RAM or snapshots know. */
static GPtrArray *
all_disks(const VpPlan *plan, const VpMachine *machine)
{
    g_autoptr(GPtrArray) definitions =
        vp_machine_list_definitions(machine, plan->ram != VP_RAM_DROP);
    GPtrArray *disks = vp_domain_disks(machine->domain);
    for (guint i = 0; i < definitions->len; i++) {
        g_autoptr(GPtrArray) more = vp_domain_disks(definitions->pdata[i]);
        vp_domain_disks_join(disks, more);
    }
    return disks;
}

static gboolean
add_disk(VpPlan *plan, const VpDomainDisk *disk, const VpMachine *machine, const char *folder,
         GError **error)
{
    if (!check_target(disk->target, error))
        return FALSE;
    VpPlanDisk *entry = g_new0(VpPlanDisk, 1);
    entry->target = g_strdup(disk->target);
    entry->was = vp_domain_disk_describe(disk);
    entry->from = "default";
    give_default(entry, disk, vp_machine_find_disk(machine, disk->target), plan, folder);
    g_ptr_array_add(plan->disks, entry);
    return TRUE;
}

gboolean
vp_plan_disks(VpPlan *plan, const VpMachine *machine, const VpHostFacts *facts, GError **error)
{
    const char *usual = facts->images ? facts->images : "/";
    const VpSetting *dir = vp_plan_settle(plan, VP_CHOICE_DIR, usual, NULL);
    g_autofree char *folder = g_canonicalize_filename(dir->text, NULL);
    g_autoptr(GPtrArray) disks = all_disks(plan, machine);
    for (guint i = 0; i < disks->len; i++) {
        if (!add_disk(plan, disks->pdata[i], machine, usual, error))
            return FALSE;
    }
    for (guint i = 0; i < plan->order->len; i++) {
        if (!apply_wishes(plan, disks, machine, plan->order->pdata[i], error))
            return FALSE;
    }
    return vp_plan_tree(plan, machine, folder, error);
}
