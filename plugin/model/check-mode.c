/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings about disks that lie on the package or are taken from it, and whether QEMU's user
 * reaches a disk at all. */
#include "model/check-parts.h"

static void
tell_barrier(const VpCheck *check, const char *path, const char *resource)
{
    const VpPathFact *fact = vp_host_facts_find(check->facts, path);
    if (!fact || !fact->barrier)
        return;
    gboolean folder = !g_str_equal(fact->barrier, path);
    vp_report_add(check->report, VP_FINDING_PATH_UNREACHABLE, VP_LEVEL_ERROR, resource,
                  "QEMU's user cannot %s %s: the domain would not start with %s",
                  folder ? "pass through" : "read", fact->barrier, path);
    vp_report_add_fix(check->report, "chmod %s '%s'", folder ? "o+x" : "o+r", fact->barrier);
    vp_report_add_fix(check->report, "setfacl -m u:%u:%s '%s'", (guint)check->facts->qemu_uid,
                      folder ? "x" : "r", fact->barrier);
}

void
vp_check_reach(const VpCheck *check, const VpPlanDisk *entry, const char *resource)
{
    tell_barrier(check, entry->path, resource);
    if (entry->fate == VP_FATE_LINK)
        vp_check_link(check, entry, resource);
}

void
vp_check_link(const VpCheck *check, const VpPlanDisk *entry, const char *resource)
{
    const VpPlanLayer *layer = entry->chain->pdata[0];
    tell_barrier(check, layer->path, resource);
    vp_report_add(check->report, VP_FINDING_PACKAGE_NEEDED, VP_LEVEL_NOTE, resource,
                  "%s: the domain depends on %s as long as it lives: never change, move or remove "
                  "it",
                  entry->target, layer->path);
}

void
vp_check_take(const VpCheck *check, const VpPlanDisk *entry, const char *resource)
{
    const VpPathFact *fact = vp_host_facts_find(check->facts, entry->path);
    const VpDomainFact *user = vp_host_facts_find_path(check->facts, entry->path);
    tell_barrier(check, entry->path, resource);
    if (user) {
        vp_report_add(check->report, VP_FINDING_FILE_IN_USE, VP_LEVEL_ERROR, resource,
                      "%s: domain “%s” uses the image %s, or lies on it", entry->target, user->name,
                      entry->path);
        vp_report_add_fix(check->report, "--mode copy");
    } else if (fact && (fact->read_only || !fact->folder_writable)) {
        vp_report_add(check->report, VP_FINDING_PATH_NOT_WRITABLE, VP_LEVEL_ERROR, resource,
                      "%s: you may not write to %s: a package that is read-only is copied or "
                      "linked",
                      entry->target, entry->path);
        vp_report_add_fix(check->report, "--mode copy");
        vp_report_add_fix(check->report, "--mode link");
    }
}

static gboolean
has_disk_of_package(const VpPlan *plan)
{
    for (guint i = 0; i < plan->disks->len; i++) {
        const VpPlanDisk *entry = plan->disks->pdata[i];
        if (entry->fate == VP_FATE_LINK || entry->fate == VP_FATE_TAKE)
            return TRUE;
    }
    return FALSE;
}

/* A folder above the package is another matter than the package: that is not to change hands. */
static void
tell_writer(const VpCheck *check)
{
    const VpHostFacts *facts = check->facts;
    const char *path = facts->package_writer;
    gboolean inside = facts->package && g_str_has_prefix(path, facts->package);
    vp_report_add(
        check->report, VP_FINDING_PACKAGE_WRITABLE, VP_LEVEL_ERROR, "domain",
        facts->writer_owns
            ? "%s belongs to another than root and you: who owns it, writes into the domain"
            : "others than root and you can write to %s: who can, writes into the domain",
        path);
    if (!facts->writer_owns)
        vp_report_add_fix(check->report, "chmod go-w '%s'", path);
    else if (facts->privileged && inside)
        vp_report_add_fix(check->report, "chown root '%s'", path);
    vp_report_add_fix(check->report, "--mode copy");
}

void
vp_check_mode(const VpCheck *check)
{
    const VpPlan *plan = check->plan;
    if (plan->mode == VP_MODE_COPY || !has_disk_of_package(plan))
        return;
    if (check->facts->package_writer)
        tell_writer(check);
    if (plan->verify)
        return;
    vp_report_add(check->report, VP_FINDING_NOT_VERIFIED,
                  plan->no_verify ? VP_LEVEL_NOTE : VP_LEVEL_WARNING, "domain",
                  "the contents of the package's disks are not proved, just their headers and "
                  "sizes");
    vp_report_add_fix(check->report, "--verify");
}
