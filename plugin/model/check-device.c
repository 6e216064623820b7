/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings about block devices that an import overwrites. */
#include "model/check-parts.h"

/* TRUE when nobody else uses it and it can be written. */
static gboolean
check_free(const VpCheck *check, const VpPlanDisk *entry, const VpPathFact *fact,
           const char *resource)
{
    const VpDomainFact *user = vp_host_facts_find_path(check->facts, entry->path);
    if (!fact->is_block)
        vp_report_add(check->report, VP_FINDING_DEVICE_MISSING, VP_LEVEL_ERROR, resource,
                      "%s: there is no block device %s that you may open", entry->target,
                      entry->path);
    else if (user)
        vp_report_add(check->report, VP_FINDING_FILE_IN_USE, VP_LEVEL_ERROR, resource,
                      "%s belongs to domain “%s”: choose another device", entry->path, user->name);
    else if (fact->busy)
        vp_report_add(check->report, VP_FINDING_FILE_IN_USE, VP_LEVEL_ERROR, resource,
                      "%s is in use: mounted, part of another device, or open in QEMU",
                      entry->path);
    else if (fact->read_only)
        vp_report_add(check->report, VP_FINDING_PATH_NOT_WRITABLE, VP_LEVEL_ERROR, resource,
                      "%s cannot be written", entry->path);
    else
        return TRUE;
    vp_report_add_fix(check->report, "--disk %s=PATH", entry->target);
    return FALSE;
}

void
vp_check_device(const VpCheck *check, const VpPlanDisk *entry, const char *resource)
{
    const VpPathFact *fact = vp_host_facts_find(check->facts, entry->path);
    const VpMachineDisk *part = vp_machine_find_disk(check->machine, entry->target);
    if (!fact || !part || !check_free(check, entry, fact, resource))
        return;
    if (fact->size < part->size) {
        vp_check_tell_no_space(check, resource, entry->path, part->size, fact->size);
        vp_report_add_fix(check->report, "--disk %s=PATH", entry->target);
    } else if (fact->size > part->size) {
        g_autofree char *more =
            g_format_size_full(fact->size - part->size, G_FORMAT_SIZE_IEC_UNITS);
        vp_report_add(check->report, VP_FINDING_DEVICE_LARGER, VP_LEVEL_NOTE, resource,
                      "%s: the device %s is larger than the disk: the guest sees %s more, zeroed",
                      entry->target, entry->path, more);
    }
    if (check->plan->overwrite_device)
        return;
    vp_report_add(check->report, VP_FINDING_FILE_EXISTS, VP_LEVEL_ERROR, resource,
                  "%s: all that is on the device %s would be lost, for good", entry->target,
                  entry->path);
    vp_report_add_fix(check->report, "--overwrite-device");
}
