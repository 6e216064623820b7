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

/* What QEMU does with the files that get owner and mode: 06 reads and writes them, 04 reads them,
 * 0 where there are none. */
static mode_t
find_access(const VpCheck *check)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(check->domain);
    mode_t access = check->plan->images->len > 0 ? 06 : 0;
    for (guint i = 0; i < check->plan->disks->len; i++) {
        const VpPlanDisk *entry = check->plan->disks->pdata[i];
        const VpDomainDisk *disk = vp_domain_disks_find(disks, entry->target);
        gboolean owned = vp_plan_disk_is_made(entry) || entry->fate == VP_FATE_TAKE;
        if (!owned || entry->is_block || entry->source)
            continue;
        access |= disk && vp_xml_find(disk->node, "readonly") ? 04 : 06;
    }
    return access;
}

/* Why QEMU's user is not made the owner of the files while the domain runs; "" where he is, or
 * is the one who imports. */
static const char *
find_reason(const VpHostFacts *facts)
{
    return facts->session || facts->hands_over
               ? ""
               : "libvirt here leaves the owners of files as they are (dynamic_ownership in "
                 "qemu.conf, or --seclabel dac=none), and ";
}

/* QEMU's user must be let to the files by their mode, whosever they are. */
static void
check_let(const VpCheck *check)
{
    const VpHostFacts *facts = check->facts;
    uid_t qemu = facts->session ? facts->caller : facts->qemu_uid;
    uid_t uid = facts->owner_uid == (uid_t)-1 ? facts->caller : facts->owner_uid;
    const char *reason = find_reason(facts);
    gboolean owner = !*reason || uid == qemu;
    guint shift = owner ? 6 : facts->owner_gid == facts->qemu_gid ? 3 : 0;
    mode_t access = find_access(check);
    mode_t needed = access << shift;
    if ((!facts->session && !facts->has_qemu_user) || qemu == 0 ||
        (check->plan->file_mode & needed) == needed)
        return;
    vp_report_add(check->report, VP_FINDING_PATH_UNREACHABLE, VP_LEVEL_ERROR, "domain",
                  "%sQEMU, which runs as user %u, may not %s a disk of this owner and mode", reason,
                  (guint)qemu, access == 04 ? "read" : "read and write");
    if (!owner)
        vp_report_add_fix(check->report, "--owner +%u:+%u", (guint)facts->qemu_uid,
                          (guint)facts->qemu_gid);
    vp_report_add_fix(check->report, "--file-mode 0%o",
                      (guint)(check->plan->file_mode | (owner ? needed : 0666)));
}

/* A profile is for any package: what it says may be of no use for this one. */
static void
check_used(const VpCheck *check)
{
    static const VpChoiceId choices[] = {VP_CHOICE_OWNER, VP_CHOICE_FILE_MODE};
    if (find_access(check) != 0)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(choices); i++) {
        const VpSetting *setting = &check->plan->settings[choices[i]];
        if (!setting->asked || setting->is_rule || setting->is_default)
            continue;
        vp_report_add(check->report, VP_FINDING_OWNER_UNUSED, VP_LEVEL_NOTE, "domain",
                      "%s has no effect, since this import makes no disk file: leave it out",
                      setting->where);
    }
}

void
vp_check_owner(const VpCheck *check)
{
    check_known(check);
    check_used(check);
    check_let(check);
}
