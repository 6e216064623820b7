/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/plan-parts.h"

#include <string.h>

/* What the disks are planned with. */
typedef struct {
    VpPlan *plan;
    GPtrArray *disks; /* of VpDomainDisk */
    const VpMachine *machine;
    const VpHostFacts *facts;
    char *folder;     /* where they go by default */
    const char *pool; /* or this pool, else NULL */
} Planning;

/* Why the image must be raw, or NULL: the guest's own LUKS in a qcow2 would be taken for
 * qcow2's, QEMU lets two machines write to a raw image only, and what is no file cannot grow. */
static const char *
reason_for_raw(const VpDomainDisk *disk, const VpPlanDisk *entry)
{
    if (vp_xml_find(disk->node, "encryption") || vp_xml_find(disk->source, "encryption"))
        return "encrypted";
    if (disk->shareable && !vp_xml_find(disk->node, "readonly"))
        return "shareable";
    return entry->is_block || entry->source ? "not to lie in a file" : NULL;
}

static const char *
default_format(const VpPlan *plan, const VpDomainDisk *disk, const VpMachineDisk *part,
               const VpPlanDisk *entry)
{
    VpImageFormat format = plan->mode == VP_MODE_LINK ? VP_IMAGE_FORMAT_QCOW2 : part->format;
    if (reason_for_raw(disk, entry))
        format = VP_IMAGE_FORMAT_RAW;
    return vp_image_format_to_string(format);
}

/* A file named after the domain and the target: no two can meet. */
static void
place_file(const Planning *planning, VpPlanDisk *entry, const char *stem)
{
    g_autofree char *name = g_strdup_printf("%s.%s", stem, entry->format);
    g_autofree char *path = g_build_filename(planning->folder, name, NULL);
    if (planning->pool)
        vp_plan_place_in_pool(entry, planning->pool, name, planning->facts);
    else
        vp_plan_place_at_path(entry, path);
}

/* Keeps the format that it has, unless there it must be raw. */
static gboolean
place_by_default(const Planning *planning, VpPlanDisk *entry, const VpDomainDisk *disk,
                 const VpMachineDisk *part, GError **error)
{
    g_autofree char *stem = g_strdup_printf("%s-%s", planning->plan->name, disk->target);
    gboolean raw = vp_plan_place_is_raw(planning->facts, planning->pool);
    vp_plan_place_nowhere(entry);
    if (raw)
        vp_plan_place_in_pool(entry, planning->pool, stem, planning->facts);
    if (raw || !entry->format) {
        g_free(entry->format);
        entry->format = g_strdup(default_format(planning->plan, disk, part, entry));
    }
    if (!raw)
        place_file(planning, entry, stem);
    entry->fate = VP_FATE_COPY;
    return vp_plan_apply_mode(planning->plan, entry, part, planning->facts,
                              reason_for_raw(disk, entry), error);
}

static gboolean
give_default(const Planning *planning, VpPlanDisk *entry, const VpDomainDisk *disk, GError **error)
{
    const VpMachineDisk *part = vp_machine_find_disk(planning->machine, disk->target);
    entry->from = "default";
    if (part)
        return place_by_default(planning, entry, disk, part, error);
    if (disk->kind == VP_SOURCE_NONE)
        entry->fate = VP_FATE_KEEP;
    else
        entry->fate = vp_domain_disk_is_removable(disk) ? VP_FATE_EJECT : VP_FATE_MISSING;
    return TRUE;
}

char *
vp_plan_disk_get_place(const VpPlanDisk *disk)
{
    switch (disk->fate) {
    case VP_FATE_COPY:
    case VP_FATE_LINK:
    case VP_FATE_TAKE:
    case VP_FATE_USE:
        return disk->pool ? g_strdup_printf("%s/%s", disk->pool, disk->volume)
                          : g_strdup(disk->path);
    case VP_FATE_SKIP:
    case VP_FATE_EJECT:
        return g_strdup("skip");
    case VP_FATE_KEEP:
        return g_strdup("keep");
    case VP_FATE_MISSING:
        return g_strdup("missing");
    }
    return NULL;
}

/* A wish for a disk, and the disk that it names. */
typedef struct {
    const VpDomainDisk *disk;
    const VpMachineDisk *part; /* NULL: the package does not hold its bytes */
    const char *where;
    const char *place;
    const char *format; /* or NULL */
} Wish;

static gboolean
check_format(const Wish *wish, const VpPlanDisk *entry, GError **error)
{
    VpImageFormat format = VP_IMAGE_FORMAT_RAW;
    const char *reason = reason_for_raw(wish->disk, entry);
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

/* A place that ends with a slash is a folder or a pool, where the image gets its usual name. */
static gboolean
set_copy_under(const Planning *planning, VpPlanDisk *entry, const Wish *wish, GError **error)
{
    Planning there = *planning;
    gboolean is_path = vp_plan_place_is_path(wish->place);
    g_autofree char *name = is_path ? g_canonicalize_filename(wish->place, NULL)
                                    : g_strndup(wish->place, strlen(wish->place) - 1);
    there.pool = is_path ? NULL : name;
    if (is_path)
        there.folder = name;
    entry->format = g_strdup(wish->format);
    return place_by_default(&there, entry, wish->disk, wish->part, error) &&
           check_format(wish, entry, error);
}

static gboolean
set_copy(const Planning *planning, VpPlanDisk *entry, const Wish *wish, GError **error)
{
    if (!check_format(wish, entry, error))
        return FALSE;
    entry->fate = VP_FATE_COPY;
    entry->format =
        g_strdup(wish->format ? wish->format
                              : default_format(planning->plan, wish->disk, wish->part, entry));
    return vp_plan_apply_mode(planning->plan, entry, wish->part, planning->facts,
                              reason_for_raw(wish->disk, entry), error);
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
    entry->format = g_strdup(wish->format);
    return TRUE;
}

static gboolean
set_place(const Planning *planning, VpPlanDisk *entry, const Wish *wish, GError **error)
{
    g_autofree char *pool = NULL;
    g_autofree char *volume = NULL;
    if (vp_plan_place_is_path(wish->place)) {
        g_autofree char *path = g_canonicalize_filename(wish->place, NULL);
        vp_plan_place_at_path(entry, path);
        return TRUE;
    }
    if (vp_plan_place_split(wish->place, &pool, &volume)) {
        vp_plan_place_in_pool(entry, pool, volume, planning->facts);
        return TRUE;
    }
    vp_error_set(error, VP_ERROR_USAGE,
                 "%s %s: “%s” is neither a path, which begins with / or ./, nor POOL/VOLUME, nor "
                 "skip",
                 wish->where, entry->target, wish->place);
    return FALSE;
}

/* Of several for one disk the last counts, as if it stood alone. */
static gboolean
set_disk(const Planning *planning, VpPlanDisk *entry, const Wish *wish, GError **error)
{
    vp_plan_place_nowhere(entry);
    g_clear_pointer(&entry->format, g_free);
    entry->asked = TRUE;
    if (strcmp(wish->place, "skip") == 0) {
        entry->fate = vp_domain_disk_is_removable(wish->disk) ? VP_FATE_EJECT : VP_FATE_SKIP;
        return TRUE;
    }
    if (wish->part && g_str_has_suffix(wish->place, "/"))
        return set_copy_under(planning, entry, wish, error);
    if (!set_place(planning, entry, wish, error))
        return FALSE;
    return wish->part ? set_copy(planning, entry, wish, error) : set_use(entry, wish, error);
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
    g_autofree char *place = vp_plan_disk_get_place(entry);
    return said->is_default && strcmp(said->fields[1], place) == 0 &&
           g_strcmp0(said->fields[2], entry->format) == 0;
}

/* What is taken where it lies goes nowhere, whatever is said for any package or by default. */
static gboolean
stays(const VpWish *said, const VpPlanDisk *entry)
{
    return entry->fate == VP_FATE_TAKE && (said->is_rule || said->is_default) &&
           strcmp(said->fields[1], "skip") != 0;
}

/* The format that @said has for a disk; a layer is qcow2, whatever is said for any package. */
static const char *
wished_format(const Planning *planning, const VpWish *said, const VpMachineDisk *part)
{
    gboolean layer = part && planning->plan->mode == VP_MODE_LINK;
    return layer && said->is_rule ? NULL : said->fields[2];
}

static gboolean
apply_wish(const Planning *planning, const VpWish *said, GError **error)
{
    const char *target = said->fields[0];
    const VpDomainDisk *disk = vp_domain_disks_find(planning->disks, target);
    if (disk) {
        VpPlanDisk *entry = vp_plan_find_disk(planning->plan, target);
        const VpMachineDisk *part = vp_machine_find_disk(planning->machine, target);
        Wish wish = {disk, part, said->where, said->fields[1], wished_format(planning, said, part)};
        if (says_nothing_new(said, entry) || stays(said, entry))
            return TRUE;
        entry->from = said->from;
        return set_disk(planning, entry, &wish, error);
    }
    if (said->is_rule)
        return TRUE;
    g_autofree char *there = list_targets(planning->disks);
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

/* Every disk whose source matches; a new image in the folder or pool, or one that lies there
 * under the name that it had. */
static gboolean
apply_rule(const Planning *planning, const VpWish *said, GError **error)
{
    const char *place = said->fields[1];
    if (strcmp(place, "skip") != 0 && !g_str_has_suffix(place, "/")) {
        vp_error_set(error, VP_ERROR_USAGE,
                     "%s: to=“%s” is no folder or pool: end it with a slash, or say skip",
                     said->where, place);
        return FALSE;
    }
    for (guint i = 0; i < planning->plan->disks->len; i++) {
        VpPlanDisk *entry = planning->plan->disks->pdata[i];
        const VpMachineDisk *part = vp_machine_find_disk(planning->machine, entry->target);
        const VpDomainDisk *disk = vp_domain_disks_find(planning->disks, entry->target);
        if (disk->kind == VP_SOURCE_NONE || stays(said, entry) ||
            !g_pattern_match_simple(said->fields[0], entry->was))
            continue;
        g_autofree char *path = place_by_rule(said, entry, part != NULL);
        Wish wish = {disk, part, said->where, path, wished_format(planning, said, part)};
        if (!path)
            continue;
        entry->from = said->from;
        if (!set_disk(planning, entry, &wish, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
set_folder(Planning *planning, const VpWish *said, GError **error)
{
    const VpPoolFact *pool = vp_host_facts_find_pool(planning->facts, said->text);
    if (!*said->text) {
        vp_error_set(error, VP_ERROR_USAGE, "%s: “” is no %s", said->where,
                     said->id == VP_CHOICE_DIR ? "folder: give its path" : "pool: give its name");
        return FALSE;
    }
    planning->pool = said->id == VP_CHOICE_POOL ? said->text : NULL;
    if (said->id == VP_CHOICE_POOL && !(pool && pool->kind == VP_POOL_FOLDER && pool->folder))
        return TRUE;
    g_free(planning->folder);
    planning->folder = g_canonicalize_filename(planning->pool ? pool->folder : said->text, NULL);
    return TRUE;
}

/* A place for all that is made, chosen later than their own. */
static gboolean
apply_place(Planning *planning, const VpWish *said, GError **error)
{
    if (!set_folder(planning, said, error))
        return FALSE;
    for (guint i = 0; i < planning->plan->disks->len; i++) {
        VpPlanDisk *entry = planning->plan->disks->pdata[i];
        const VpDomainDisk *disk = vp_domain_disks_find(planning->disks, entry->target);
        const VpMachineDisk *part = vp_machine_find_disk(planning->machine, entry->target);
        if (!vp_plan_disk_is_made(entry))
            continue;
        entry->from = said->from;
        entry->asked = FALSE;
        if (!place_by_default(planning, entry, disk, part, error))
            return FALSE;
    }
    return TRUE;
}

/* The folder or the pool that @wishes say; a folder that a written plan repeats gives way. */
static const VpWish *
find_place(const VpWishes *wishes)
{
    const VpWish *dir = vp_wishes_find(wishes, VP_CHOICE_DIR);
    const VpWish *pool = vp_wishes_find(wishes, VP_CHOICE_POOL);
    return pool && (!dir || dir->is_default) ? pool : dir;
}

static gboolean
apply_disks(Planning *planning, const VpWishes *wishes, VpChoiceId id, GError **error)
{
    for (guint i = 0; i < wishes->list->len; i++) {
        const VpWish *wish = wishes->list->pdata[i];
        if (wish->id == id && !(id == VP_CHOICE_DISKS ? apply_rule(planning, wish, error)
                                                      : apply_wish(planning, wish, error)))
            return FALSE;
    }
    return TRUE;
}

/* All that one place says: what is for all, for some, for one. */
static gboolean
apply_wishes(Planning *planning, const VpWishes *wishes, GError **error)
{
    const VpWish *place = find_place(wishes);
    const VpWish *pool = vp_wishes_find(wishes, VP_CHOICE_POOL);
    if (pool && place != pool) {
        vp_error_set(error, VP_ERROR_USAGE,
                     "%s and %s both say where the disks go: leave one of them out", place->where,
                     pool->where);
        return FALSE;
    }
    return (!place || apply_place(planning, place, error)) &&
           apply_disks(planning, wishes, VP_CHOICE_DISKS, error) &&
           apply_disks(planning, wishes, VP_CHOICE_DISK, error);
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
add_disk(const Planning *planning, const VpDomainDisk *disk, GError **error)
{
    if (!check_target(disk->target, error))
        return FALSE;
    VpPlanDisk *entry = g_new0(VpPlanDisk, 1);
    entry->target = g_strdup(disk->target);
    entry->was = vp_domain_disk_describe(disk);
    g_ptr_array_add(planning->plan->disks, entry);
    return give_default(planning, entry, disk, error);
}

/* Of a folder and a pool only the one that is said later is a choice. */
static void
settle_place(VpPlan *plan, const char *usual)
{
    VpChoiceId other = VP_CHOICE_POOL;
    for (guint i = 0; i < plan->order->len; i++) {
        const VpWish *place = find_place(plan->order->pdata[i]);
        if (place)
            other = place->id == VP_CHOICE_POOL ? VP_CHOICE_DIR : VP_CHOICE_POOL;
    }
    vp_plan_settle(plan, VP_CHOICE_DIR, usual, NULL);
    vp_plan_settle(plan, VP_CHOICE_POOL, NULL, NULL);
    g_clear_pointer(&plan->settings[other].text, g_free);
    plan->settings[other].asked = FALSE;
}

static gboolean
plan_all(Planning *planning, GError **error)
{
    for (guint i = 0; i < planning->disks->len; i++) {
        if (!add_disk(planning, planning->disks->pdata[i], error))
            return FALSE;
    }
    for (guint i = 0; i < planning->plan->order->len; i++) {
        if (!apply_wishes(planning, planning->plan->order->pdata[i], error))
            return FALSE;
    }
    return vp_plan_tree(planning->plan, planning->machine, planning->folder, error);
}

gboolean
vp_plan_disks(VpPlan *plan, const VpMachine *machine, const VpHostFacts *facts, GError **error)
{
    const char *usual = facts->images ? facts->images : "/";
    settle_place(plan, usual);
    if (!vp_plan_mode(plan, machine, error))
        return FALSE;
    g_autoptr(GPtrArray) disks = all_disks(plan, machine);
    Planning planning = {plan, disks, machine, facts, g_canonicalize_filename(usual, NULL), NULL};
    gboolean done = plan_all(&planning, error);
    g_free(planning.folder);
    return done;
}
