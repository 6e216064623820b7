/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/check-parts.h"

static void
check_path(const VpHostFacts *facts, const char *resource, const char *path, VpReport *report)
{
    const VpPathFact *fact = path ? vp_host_facts_find(facts, path) : NULL;
    if (!fact || !fact->barrier)
        return;
    vp_report_add(report, VP_FINDING_PATH_UNREACHABLE, VP_LEVEL_ERROR, resource,
                  "%s: QEMU, which runs as user %u here, cannot pass the folder %s: open it for "
                  "that user, or choose another place",
                  path, (guint)facts->qemu_uid, fact->barrier);
    vp_report_add_fix(report, "setfacl -m u:%u:x %s", (guint)facts->qemu_uid, fact->barrier);
    vp_report_add_fix(report, "chmod o+x %s", fact->barrier);
    vp_report_add_fix(report, "--dir DIR");
}

/* Where libvirt leaves the files as they are, QEMU's user must be let to them as they are. */
static void
check_owner(const VpPlan *plan, const VpHostFacts *facts, const char *resource, VpReport *report)
{
    uid_t uid = facts->owner_uid == (uid_t)-1 ? facts->caller : facts->owner_uid;
    mode_t needed = uid == facts->qemu_uid                ? 0600
                    : facts->owner_gid == facts->qemu_gid ? 0060
                                                          : 0006;
    if (facts->hands_over || !facts->has_qemu_user || facts->qemu_uid == 0 ||
        (plan->file_mode & needed) == needed)
        return;
    vp_report_add(report, VP_FINDING_PATH_UNREACHABLE, VP_LEVEL_ERROR, resource,
                  "libvirt here leaves the owners of files as they are (dynamic_ownership in "
                  "qemu.conf), and QEMU, which runs as user %u, may not read and write a file of "
                  "this owner and mode",
                  (guint)facts->qemu_uid);
    vp_report_add_fix(report, "--owner +%u:+%u", (guint)facts->qemu_uid, (guint)facts->qemu_gid);
    vp_report_add_fix(report, "--file-mode 0666");
}

void
vp_check_reach(const VpPlan *plan, const VpHostFacts *facts, VpReport *report)
{
    for (guint i = 0; i < plan->disks->len; i++) {
        const VpPlanDisk *disk = plan->disks->pdata[i];
        g_autofree char *resource = g_strdup_printf("disk:%s", disk->target);
        check_path(facts, resource, disk->path, report);
        if (disk->fate == VP_FATE_COPY)
            check_owner(plan, facts, resource, report);
        for (guint j = 0; disk->chain && j < disk->chain->len; j++) {
            const VpPlanLayer *layer = disk->chain->pdata[j];
            check_path(facts, resource, layer->path, report);
        }
    }
    for (guint i = 0; i < plan->images->len; i++) {
        const VpPlanFile *file = plan->images->pdata[i];
        if (!file->is_disk)
            check_path(facts, file->resource, file->path, report);
    }
}
