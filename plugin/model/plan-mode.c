/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether disks are copied, linked to the package, or taken from it. */
#include "model/plan-parts.h"

/* A folder or a pool that somebody chose for this import; NULL for none. */
static const VpWish *
find_chosen_place(const VpPlan *plan)
{
    for (guint i = 0; i < plan->order->len; i++) {
        const VpWishes *wishes = plan->order->pdata[i];
        for (guint j = 0; j < wishes->list->len; j++) {
            const VpWish *wish = wishes->list->pdata[j];
            if ((wish->id == VP_CHOICE_DIR || wish->id == VP_CHOICE_POOL) && !wish->is_rule &&
                !wish->is_default)
                return wish;
        }
    }
    return NULL;
}

static gboolean
check_choices(const VpPlan *plan, const VpMachine *machine, GError **error)
{
    const VpSetting *mode = &plan->settings[VP_CHOICE_MODE];
    const VpSetting *no_verify = &plan->settings[VP_CHOICE_NO_VERIFY];
    const VpWish *place = find_chosen_place(plan);
    if (plan->verify && plan->no_verify)
        vp_error_set(error, VP_ERROR_USAGE,
                     "--verify and --no-verify contradict each other: leave one of them out");
    else if (plan->no_verify && plan->mode == VP_MODE_COPY && !no_verify->is_rule)
        vp_error_set(error, VP_ERROR_USAGE,
                     "--no-verify: a copy is proved while it is made: leave the option out");
    else if (plan->mode != VP_MODE_COPY && machine->tree)
        vp_error_set(error, VP_ERROR_USAGE,
                     "%s %s: a package with all snapshots is copied: leave it out", mode->where,
                     mode->text);
    else if (plan->mode == VP_MODE_IN_PLACE && place)
        vp_error_set(error, VP_ERROR_USAGE, "%s %s: the disks stay where they are: leave %s out",
                     mode->where, mode->text, place->where);
    else
        return TRUE;
    return FALSE;
}

gboolean
vp_plan_mode(VpPlan *plan, const VpMachine *machine, GError **error)
{
    int mode = vp_plan_settle_word(plan, VP_CHOICE_MODE, VP_MODE_COPY, error);
    if (mode < 0)
        return FALSE;
    plan->mode = (VpPlanMode)mode;
    plan->verify = vp_plan_settle_flag(plan, VP_CHOICE_VERIFY, FALSE, NULL);
    plan->no_verify = vp_plan_settle_flag(plan, VP_CHOICE_NO_VERIFY, FALSE, NULL);
    plan->overwrite_device = vp_plan_settle_flag(plan, VP_CHOICE_OVERWRITE_DEVICE, FALSE, NULL);
    return check_choices(plan, machine, error);
}

static char *
image_path(const VpHostFacts *facts, const VpMachineDisk *part)
{
    return g_build_filename(facts->package ? facts->package : "/", part->source, NULL);
}

/* A layer is a qcow2 file: FALSE where the disk cannot be one, or where somebody chose otherwise.
 */
static gboolean
check_layer(const VpPlan *plan, const VpPlanDisk *entry, const char *raw, GError **error)
{
    const VpSetting *mode = &plan->settings[VP_CHOICE_MODE];
    gboolean no_file = entry->is_block || entry->source;
    if (raw)
        vp_error_set(error, VP_ERROR_USAGE,
                     "%s %s: the layer of disk %s is a qcow2 file, but the disk is %s: %simport "
                     "with --mode copy",
                     mode->where, mode->text, entry->target, raw,
                     no_file ? "give it a file, or " : "");
    else if (g_strcmp0(entry->format, "qcow2") != 0)
        vp_error_set(error, VP_ERROR_USAGE,
                     "%s %s: the layer of disk %s is a qcow2 file, but %s says format=%s: say "
                     "format=qcow2 there, or no format, or import with --mode copy",
                     mode->where, mode->text, entry->target, entry->from, entry->format);
    else
        return TRUE;
    return FALSE;
}

static gboolean
link_disk(const VpPlan *plan, VpPlanDisk *entry, const VpMachineDisk *part,
          const VpHostFacts *facts, const char *raw, GError **error)
{
    if (!check_layer(plan, entry, raw, error))
        return FALSE;
    g_autofree char *path = image_path(facts, part);
    entry->fate = VP_FATE_LINK;
    vp_plan_disk_add_layer(entry, path, vp_image_format_to_string(part->format), FALSE);
    VpPlanLayer *layer = entry->chain->pdata[entry->chain->len - 1];
    layer->of_package = TRUE;
    return TRUE;
}

static gboolean
take_disk(VpPlanDisk *entry, const VpMachineDisk *part, const VpHostFacts *facts, GError **error)
{
    if (entry->asked) {
        vp_error_set(error, VP_ERROR_USAGE,
                     "disk %s: with --mode in-place it stays where it is: leave its place out",
                     entry->target);
        return FALSE;
    }
    g_autofree char *path = image_path(facts, part);
    vp_plan_place_at_path(entry, path);
    g_free(entry->format);
    entry->format = g_strdup(vp_image_format_to_string(part->format));
    entry->fate = VP_FATE_TAKE;
    return TRUE;
}

gboolean
vp_plan_apply_mode(const VpPlan *plan, VpPlanDisk *entry, const VpMachineDisk *part,
                   const VpHostFacts *facts, const char *raw, GError **error)
{
    g_clear_pointer(&entry->chain, g_ptr_array_unref);
    switch (plan->mode) {
    case VP_MODE_LINK:
        return link_disk(plan, entry, part, facts, raw, error);
    case VP_MODE_IN_PLACE:
        return take_disk(entry, part, facts, error);
    case VP_MODE_COPY:
        break;
    }
    return TRUE;
}

gboolean
vp_plan_disk_is_made(const VpPlanDisk *disk)
{
    return disk->fate == VP_FATE_COPY || disk->fate == VP_FATE_LINK;
}
