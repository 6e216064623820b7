/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/option.h"
#include "model/plan-parts.h"

#include <string.h>

#define FORM "TARGET=PATH[,format=F] or TARGET=skip"

/* One file, named after the domain and the target: no two can meet. */
static char *
default_path(const VpPlan *plan, const char *folder, const char *target, const char *format)
{
    g_autofree char *name = g_strdup_printf("%s-%s.%s", plan->name, target, format);
    return g_build_filename(folder, name, NULL);
}

static void
give_default(VpPlanDisk *entry, const VpDomainDisk *disk, const VpMachineDisk *part,
             const VpPlan *plan, const char *folder)
{
    if (part) {
        entry->fate = VP_FATE_COPY;
        entry->format = g_strdup(vp_image_format_to_string(part->format));
        entry->path = default_path(plan, folder, disk->target, entry->format);
    } else if (disk->kind == VP_SOURCE_NONE) {
        entry->fate = VP_FATE_KEEP;
    } else {
        entry->fate = vp_domain_disk_is_removable(disk) ? VP_FATE_EJECT : VP_FATE_MISSING;
    }
}

static gboolean
is_path(const char *text)
{
    return text[0] == '/' || g_str_has_prefix(text, "./") || g_str_has_prefix(text, "../");
}

static gboolean
set_copy(VpPlanDisk *entry, const char *path, const char *format, GError **error)
{
    VpImageFormat known;
    if (format && !vp_image_format_parse(format, &known)) {
        vp_error_set(error, VP_ERROR_USAGE, "--disk %s: format “%s”: an image is made as qcow2 or raw",
                     entry->target, format);
        return FALSE;
    }
    if (format) {
        g_free(entry->format);
        entry->format = g_strdup(format);
    }
    g_free(entry->path);
    entry->path = g_canonicalize_filename(path, NULL);
    return TRUE;
}

static gboolean
set_use(VpPlanDisk *entry, const char *path, const char *format, GError **error)
{
    if (!format || !*format) {
        vp_error_set(error, VP_ERROR_USAGE,
                     "--disk %s: the package does not hold this disk, so “%s” is an image to use as "
                     "it lies: say its format, --disk %s=%s,format=qcow2",
                     entry->target, path, entry->target, path);
        return FALSE;
    }
    entry->fate = VP_FATE_USE;
    entry->path = g_canonicalize_filename(path, NULL);
    entry->format = g_strdup(format);
    return TRUE;
}

static gboolean
set_place(VpPlanDisk *entry, const VpDomainDisk *disk, const char *place, const char *format,
          GError **error)
{
    entry->asked = TRUE;
    if (strcmp(place, "skip") == 0) {
        entry->fate = vp_domain_disk_is_removable(disk) ? VP_FATE_EJECT : VP_FATE_SKIP;
        return TRUE;
    }
    if (!is_path(place)) {
        vp_error_set(error, VP_ERROR_USAGE,
                     "--disk %s: “%s” is no path: begin it with / or ./, or give skip",
                     entry->target, place);
        return FALSE;
    }
    return entry->fate == VP_FATE_COPY ? set_copy(entry, place, format, error)
                                       : set_use(entry, place, format, error);
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

static gboolean
apply_option(VpPlan *plan, GPtrArray *disks, const char *text, GError **error)
{
    g_auto(GStrv) fields = vp_option_split(text);
    g_autofree char *target = NULL;
    g_autofree char *place = NULL;
    const char *format = NULL;
    if (!vp_option_pair(fields[0], "--disk", FORM, &target, &place, error) ||
        !vp_option_suboption(fields, "format", "--disk", &format, error))
        return FALSE;
    const VpDomainDisk *disk = vp_domain_disks_find(disks, target);
    if (disk)
        return set_place(vp_plan_find_disk(plan, target), disk, place, format, error);

    g_autofree char *there = list_targets(disks);
    vp_error_set(error, VP_ERROR_USAGE, "--disk: the package has no disk “%s”; it has: %s", target,
                 there);
    return FALSE;
}

gboolean
vp_plan_disks(VpPlan *plan, const VpImportOptions *options, const VpMachine *machine,
              const VpHostFacts *facts, GError **error)
{
    g_autofree char *folder = g_canonicalize_filename(
        options->dir ? options->dir : facts->images ? facts->images : "/", NULL);
    g_autoptr(GPtrArray) disks = vp_domain_disks(machine->domain);
    for (guint i = 0; i < disks->len; i++) {
        const VpDomainDisk *disk = disks->pdata[i];
        VpPlanDisk *entry = g_new0(VpPlanDisk, 1);
        entry->target = g_strdup(disk->target);
        entry->was = vp_domain_disk_describe(disk);
        give_default(entry, disk, vp_machine_find_disk(machine, disk->target), plan, folder);
        g_ptr_array_add(plan->disks, entry);
    }
    for (const char *const *text = options->disk; text && *text; text++) {
        if (!apply_option(plan, disks, *text, error))
            return FALSE;
    }
    return TRUE;
}
