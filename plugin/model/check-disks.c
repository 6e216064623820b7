/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings about the disks of a plan, and the files beside them. */
#include "model/check-parts.h"

#include <string.h>

gboolean
vp_check_goes_by_dir(const VpCheck *check, const char *resource)
{
    const char *target = g_str_has_prefix(resource, "disk:") ? resource + strlen("disk:") : NULL;
    const VpPlanDisk *entry = target ? vp_plan_find_disk(check->plan, target) : NULL;
    return target && (!entry || strcmp(entry->from, "--disk") != 0);
}

gboolean
vp_check_new_file(const VpCheck *check, const char *resource, const char *path, const char *fix)
{
    const VpPathFact *fact = vp_host_facts_find(check->facts, path);
    if (!fact)
        return TRUE;
    const VpDomainFact *user = vp_host_facts_find_path(check->facts, path);
    g_autofree char *folder = g_path_get_dirname(path);
    if (user) {
        vp_report_add(check->report, VP_FINDING_FILE_IN_USE, VP_LEVEL_ERROR, resource,
                      "%s belongs to domain “%s”: choose another path", path, user->name);
    } else if (fact->exists) {
        vp_report_add(check->report, VP_FINDING_FILE_EXISTS, VP_LEVEL_ERROR, resource,
                      "%s exists already: nothing is overwritten", path);
    } else if (fact->in_package) {
        vp_report_add(check->report, VP_FINDING_PATH_NOT_WRITABLE, VP_LEVEL_ERROR, resource,
                      "%s would lie in the package, which is never written", path);
    } else if (!fact->folder_exists) {
        vp_report_add(check->report, VP_FINDING_PATH_NOT_WRITABLE, VP_LEVEL_ERROR, resource,
                      "there is no folder %s: make it, or choose another", folder);
    } else if (!fact->folder_writable) {
        vp_report_add(check->report, VP_FINDING_PATH_NOT_WRITABLE, VP_LEVEL_ERROR, resource,
                      "you may not write to %s: choose another folder, or ask who may", folder);
    } else {
        return TRUE;
    }
    if (!user && !fact->exists && vp_check_goes_by_dir(check, resource))
        vp_report_add_fix(check->report, "--dir DIR");
    if (fix)
        vp_report_add_fix(check->report, "%s", fix);
    return FALSE;
}

/* What none writes to may serve many, an installer's medium for one. */
static gboolean
is_read_only(const VpCheck *check, const char *target)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(check->domain);
    const VpDomainDisk *disk = vp_domain_disks_find(disks, target);
    return disk && (disk->device == VP_DEVICE_CDROM || vp_xml_find(disk->node, "readonly"));
}

static gboolean
is_shareable(const VpCheck *check, const char *target)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(check->domain);
    const VpDomainDisk *disk = vp_domain_disks_find(disks, target);
    return disk && disk->shareable;
}

/* For people: the volume where it is one, else the path. */
static char *
describe(const VpPlanDisk *entry)
{
    return entry->pool ? g_strdup_printf("%s/%s", entry->pool, entry->volume)
                       : g_strdup(entry->path);
}

/* Of a drive the domain may start without, where its definition says so. */
static void
tell_absent(const VpCheck *check, const VpPlanDisk *entry, const char *name, const char *resource)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(check->domain);
    const VpDomainDisk *disk = vp_domain_disks_find(disks, entry->target);
    gboolean medium = disk && vp_domain_disk_is_removable(disk);
    gboolean optional = medium && vp_xml_has(disk->source, "startupPolicy", "optional");
    vp_report_add(check->report, medium ? VP_FINDING_MEDIA_ABSENT : VP_FINDING_SOURCE_MISSING,
                  optional ? VP_LEVEL_WARNING : VP_LEVEL_ERROR, resource,
                  "%s: the %s %s does not exist%s", entry->target, medium ? "medium" : "image",
                  name, optional ? ": the domain starts with an empty drive" : "");
    vp_report_add_fix(check->report, "--disk %s=PATH,format=F", entry->target);
    if (medium)
        vp_report_add_fix(check->report, "--disk %s=skip", entry->target);
}

static void
check_used_image(const VpCheck *check, const VpPlanDisk *entry, const char *resource)
{
    const VpPathFact *fact = vp_host_facts_find(check->facts, entry->path);
    if (entry->pool && !vp_check_pool(check, entry, resource))
        return;
    gboolean missing =
        entry->pool && !vp_host_facts_has_volume(check->facts, entry->pool, entry->volume);
    g_autofree char *name = describe(entry);
    if (missing || (fact && !fact->exists)) {
        tell_absent(check, entry, name, resource);
        return;
    }
    if (fact && fact->in_package && !is_read_only(check, entry->target)) {
        vp_report_add(check->report, VP_FINDING_PATH_NOT_WRITABLE, VP_LEVEL_ERROR, resource,
                      "%s: the image %s lies in the package, which is never written: copy it first",
                      entry->target, entry->path);
        vp_report_add_fix(check->report, "--disk %s=PATH,format=F", entry->target);
        return;
    }
    g_autofree char *key = vp_plan_disk_get_key(entry);
    const VpDomainFact *user = vp_host_facts_find_path(check->facts, key);
    if (!user || is_read_only(check, entry->target))
        return;
    gboolean shareable = is_shareable(check, entry->target);
    vp_report_add(check->report, VP_FINDING_FILE_IN_USE,
                  shareable ? VP_LEVEL_WARNING : VP_LEVEL_ERROR, resource,
                  "%s: domain “%s” uses the image %s: two that write to it %s", entry->target,
                  user->name, name, shareable ? "must agree" : "would destroy it");
    vp_report_add_fix(check->report, "--disk %s=PATH,format=F", entry->target);
}

/* An edit that names another source would leave the disk beside the domain. */
static void
check_source(const VpCheck *check, const VpPlanDisk *entry, const char *resource)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(check->domain);
    const VpDomainDisk *disk = vp_domain_disks_find(disks, entry->target);
    if (!entry->path || !disk || !disk->path || strcmp(disk->path, entry->path) == 0)
        return;
    vp_report_add(check->report, VP_FINDING_XML_REFUSED, VP_LEVEL_ERROR, resource,
                  "%s: an edit makes the domain use %s, but the disk is %s: its place is said by "
                  "--disk",
                  entry->target, disk->path, entry->path);
    vp_report_add_fix(check->report, "--disk %s=%s", entry->target, disk->path);
}

static void
check_disk(const VpCheck *check, const VpPlanDisk *entry)
{
    g_autofree char *resource = g_strdup_printf("disk:%s", entry->target);
    g_autofree char *fix = g_strdup_printf("--disk %s=PATH", entry->target);
    check_source(check, entry, resource);
    switch (entry->fate) {
    case VP_FATE_COPY:
    case VP_FATE_LINK:
        if (entry->pool)
            vp_check_new_volume(check, entry, resource);
        else if (entry->is_block)
            vp_check_device(check, entry, resource);
        else
            vp_check_new_file(check, resource, entry->path, fix);
        vp_check_reach(check, entry, resource);
        break;
    case VP_FATE_TAKE:
        vp_check_take(check, entry, resource);
        break;
    case VP_FATE_USE:
        check_used_image(check, entry, resource);
        vp_check_reach(check, entry, resource);
        break;
    case VP_FATE_MISSING:
        vp_report_add(check->report, VP_FINDING_SOURCE_MISSING, VP_LEVEL_ERROR, resource,
                      "%s: the package does not hold this disk (it was %s): say which image to "
                      "use, or leave it out",
                      entry->target, entry->was);
        vp_report_add_fix(check->report, "--disk %s=PATH,format=F", entry->target);
        vp_report_add_fix(check->report, "--disk %s=skip", entry->target);
        break;
    case VP_FATE_SKIP:
    case VP_FATE_EJECT:
    case VP_FATE_KEEP:
        break;
    }
}

/* What lies beside the disks, of a machine with snapshots. */
static void
check_files(const VpCheck *check, GPtrArray *files)
{
    for (guint i = 0; i < files->len; i++) {
        const VpPlanFile *file = files->pdata[i];
        if (!file->is_disk)
            vp_check_new_file(check, file->resource, file->path, NULL);
    }
}

/* Two disks cannot share one file. */
static void
check_paths_differ(const VpCheck *check)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < check->plan->disks->len; i++) {
        const VpPlanDisk *entry = check->plan->disks->pdata[i];
        char *key = vp_plan_disk_get_key(entry);
        if (!key || g_hash_table_add(seen, key) ||
            (entry->fate == VP_FATE_USE && is_read_only(check, entry->target)))
            continue;
        g_autofree char *resource = g_strdup_printf("disk:%s", entry->target);
        g_autofree char *name = describe(entry);
        vp_report_add(check->report, VP_FINDING_FILE_EXISTS, VP_LEVEL_ERROR, resource,
                      "%s: another disk of this import goes to %s too", entry->target, name);
        vp_report_add_fix(check->report, "--disk %s=PATH", entry->target);
    }
    for (guint i = 0; i < check->plan->images->len; i++) {
        const VpPlanFile *file = check->plan->images->pdata[i];
        if (!file->is_disk && !g_hash_table_add(seen, g_strdup(file->path)))
            vp_report_add(check->report, VP_FINDING_FILE_EXISTS, VP_LEVEL_ERROR, file->resource,
                          "another disk of this import goes to %s too", file->path);
    }
}

void
vp_check_disks(const VpCheck *check)
{
    for (guint i = 0; i < check->plan->disks->len; i++)
        check_disk(check, check->plan->disks->pdata[i]);
    vp_check_mode(check);
    check_files(check, check->plan->images);
    check_files(check, check->plan->saves);
    check_paths_differ(check);
}
