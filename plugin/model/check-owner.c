/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings about whose the files are that an import makes. */
#include "model/check-parts.h"

static void
check_known(const VpCheck *check)
{
    const VpHostFacts *facts = check->facts;
    if (facts->unknown_owner) {
        vp_report_add(check->report, VP_FINDING_OWNER_UNKNOWN, VP_LEVEL_ERROR, "domain",
                      "this host knows no user or group “%s”", facts->unknown_owner);
        vp_report_add_fix(check->report, "--owner USER[:GROUP]");
    } else if (facts->owner_uid != (uid_t)-1 && facts->owner_uid != facts->caller &&
               !facts->privileged) {
        vp_report_add(check->report, VP_FINDING_OWNER_DENIED, VP_LEVEL_ERROR, "domain",
                      "only root may give files to another user: leave --owner out, or import as "
                      "root");
    }
}

static gboolean
makes_files(const VpPlan *plan)
{
    for (guint i = 0; i < plan->disks->len; i++) {
        VpDiskFate fate = ((const VpPlanDisk *)plan->disks->pdata[i])->fate;
        if (fate == VP_FATE_COPY || fate == VP_FATE_LINK)
            return TRUE;
    }
    return plan->images->len > 0;
}

/* Where libvirt leaves the files as they are, QEMU's user must be let to them as they are. */
static void
check_let(const VpCheck *check)
{
    const VpHostFacts *facts = check->facts;
    uid_t uid = facts->owner_uid == (uid_t)-1 ? facts->caller : facts->owner_uid;
    mode_t needed = uid == facts->qemu_uid                ? 0600
                    : facts->owner_gid == facts->qemu_gid ? 0060
                                                          : 0006;
    if (facts->hands_over || !facts->has_qemu_user || facts->qemu_uid == 0 ||
        (check->plan->file_mode & needed) == needed || !makes_files(check->plan))
        return;
    vp_report_add(check->report, VP_FINDING_PATH_UNREACHABLE, VP_LEVEL_ERROR, "domain",
                  "libvirt here leaves the owners of files as they are (dynamic_ownership in "
                  "qemu.conf), and QEMU, which runs as user %u, may not read and write a disk of "
                  "this owner and mode",
                  (guint)facts->qemu_uid);
    vp_report_add_fix(check->report, "--owner +%u:+%u", (guint)facts->qemu_uid,
                      (guint)facts->qemu_gid);
    vp_report_add_fix(check->report, "--file-mode 0666");
}

void
vp_check_owner(const VpCheck *check)
{
    check_known(check);
    check_let(check);
}
