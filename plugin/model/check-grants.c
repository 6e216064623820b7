/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/check-parts.h"

static void
check_subjects(const VpGrantFacts *facts, VpReport *report)
{
    for (char **subject = facts->unknown; subject && *subject; subject++) {
        gboolean group = **subject == '@';
        vp_report_add(report, VP_FINDING_SUBJECT_UNKNOWN, VP_LEVEL_ERROR, "domain",
                      "--grant: this host knows no %s “%s”", group ? "group" : "user",
                      *subject + group);
        vp_report_add_fix(report, "--grant %s=ROLE", group ? "@GROUP" : "USER");
    }
}

static void
check_folder(const VpGrantFacts *facts, VpReport *report)
{
    if (facts->folder_writable)
        return;
    vp_report_add(report, VP_FINDING_PATH_NOT_WRITABLE, VP_LEVEL_ERROR, "domain",
                  facts->folder_exists
                      ? "--grant: you may not write to %s: import as root"
                      : "--grant: there is no folder %s: install polkit, or leave the option out",
                  facts->folder);
}

static void
check_use(const VpGrantFacts *facts, VpReport *report)
{
    if (facts->asked == VP_ASKED_UNKNOWN)
        vp_report_add(report, VP_FINDING_UNCHECKED, VP_LEVEL_NOTE, "domain",
                      "--grant: %s cannot be read: whether libvirt here asks polkit about a domain "
                      "is not known",
                      facts->conf);
    else if (facts->asked == VP_ASKED_NO)
        vp_report_add(report, VP_FINDING_GRANT_NOT_ENFORCED, VP_LEVEL_WARNING, "domain",
                      "--grant: by %s, libvirt here asks nobody about a domain: who reaches it may "
                      "do all, grant or not: set access_drivers = [ \"polkit\" ] there and restart "
                      "the daemon",
                      facts->conf);
    else if (facts->login)
        vp_report_add(report, VP_FINDING_GRANT_NEEDS_LOGIN, VP_LEVEL_NOTE, "domain",
                      "--grant: by %s, a user comes to libvirt here only when polkit allows him "
                      "org.libvirt.unix.manage, which a grant does not give: set auth_unix_rw = "
                      "\"none\" there, or let him in by the site's own rule",
                      facts->conf);
}

static void
check_stale(const VpPlan *plan, const VpGrantFacts *facts, VpReport *report)
{
    for (char **uuid = facts->stale; uuid && *uuid; uuid++) {
        vp_report_add(report, VP_FINDING_GRANT_STALE, VP_LEVEL_NOTE, "domain",
                      g_str_equal(*uuid, plan->uuid)
                          ? "the UUID %s has grants of a domain that is gone: this import takes "
                            "them away"
                          : "there are grants on the domain %s, which is gone: this import takes "
                            "them away",
                      *uuid);
        vp_report_add_fix(report, "virt-porter revoke %s", *uuid);
    }
}

void
vp_check_grants(const VpPlan *plan, const VpGrantFacts *facts, VpReport *report)
{
    check_stale(plan, facts, report);
    if (plan->grants->len == 0)
        return;
    if (!facts->available) {
        vp_report_add(report, VP_FINDING_GRANT_UNAVAILABLE, VP_LEVEL_ERROR, "domain",
                      "--grant: this daemon asks nobody about a domain: only that of this host's "
                      "qemu:///system can: leave the option out");
        return;
    }
    check_subjects(facts, report);
    check_folder(facts, report);
    check_use(facts, report);
}
