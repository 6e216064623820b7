/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings about volumes of pools. */
#include "model/check-parts.h"

#include <string.h>

gboolean
vp_check_pool(const VpCheck *check, const VpPlanDisk *entry, const char *resource)
{
    const VpPoolFact *pool = vp_host_facts_find_pool(check->facts, entry->pool);
    if (!pool) {
        g_autofree char *there = vp_host_facts_list_pools(check->facts);
        vp_report_add(check->report, VP_FINDING_POOL_MISSING, VP_LEVEL_ERROR, resource,
                      "%s: this host has no pool “%s”; it has: %s", entry->target, entry->pool,
                      there);
        if (g_strcmp0(check->plan->settings[VP_CHOICE_POOL].text, entry->pool) == 0)
            vp_report_add_fix(check->report, "--pool POOL");
        vp_report_add_fix(check->report, "--disk %s=POOL/VOLUME", entry->target);
        return FALSE;
    }
    if (!pool->active) {
        vp_report_add(check->report, VP_FINDING_POOL_MISSING, VP_LEVEL_ERROR, resource,
                      "%s: the pool “%s” is not active: start it", entry->target, entry->pool);
        vp_report_add_fix(check->report, "virsh pool-start %s", entry->pool);
        return FALSE;
    }
    if (pool->kind != VP_POOL_OTHER)
        return TRUE;
    vp_report_add(check->report, VP_FINDING_POOL_MISSING, VP_LEVEL_ERROR, resource,
                  "%s: the pool “%s” is of type %s, in which no volume is made: choose another",
                  entry->target, entry->pool, pool->type);
    vp_report_add_fix(check->report, "--disk %s=POOL/VOLUME", entry->target);
    return FALSE;
}

/* TRUE when a disk that is made before @entry becomes the volume @name of its pool. */
static gboolean
is_made_before(const VpCheck *check, const VpPlanDisk *entry, const char *name)
{
    for (guint i = 0; check->plan->disks->pdata[i] != entry; i++) {
        const VpPlanDisk *other = check->plan->disks->pdata[i];
        if (other->fate == VP_FATE_COPY && g_strcmp0(other->pool, entry->pool) == 0 &&
            strcmp(other->volume, name) == 0)
            return TRUE;
    }
    return FALSE;
}

/* The name that the next partition of @pool gets; NULL where it cannot be told. */
static char *
find_next_partition(const VpCheck *check, const VpPlanDisk *entry, const VpPoolFact *pool)
{
    for (guint number = 1;; number++) {
        g_autofree char *name = vp_pool_get_partition(pool, number);
        if (!name || (!vp_host_facts_has_volume(check->facts, pool->name, name) &&
                      !is_made_before(check, entry, name)))
            return g_steal_pointer(&name);
    }
}

/* libvirt makes a partition before it looks at the name that it was to have, and not every disk
 * lets it take that back. */
static gboolean
check_partition(const VpCheck *check, const VpPlanDisk *entry, const char *resource)
{
    const VpPoolFact *pool = vp_host_facts_find_pool(check->facts, entry->pool);
    if (!vp_pool_has_partitions(pool))
        return TRUE;
    g_autofree char *usual = g_strdup_printf("%s-%s", check->plan->name, entry->target);
    g_autofree char *next = find_next_partition(check, entry, pool);
    if (next ? g_str_equal(entry->volume, next) : !g_str_equal(entry->volume, usual))
        return TRUE;
    vp_report_add(check->report, VP_FINDING_POOL_MISSING, VP_LEVEL_ERROR, resource,
                  "%s: volumes of the pool “%s” are partitions, named by their disk: %s%s",
                  entry->target, entry->pool,
                  next ? "the next one is " : "say the name that the next one gets, such as sdb1",
                  next ? next : "");
    vp_report_add_fix(check->report, "--disk %s=%s/%s", entry->target, entry->pool,
                      next ? next : "VOLUME");
    return FALSE;
}

/* Volumes of a folder share its file system with other files: their room is looked at there. */
static void
check_room(const VpCheck *check, const VpPlanDisk *entry, const char *resource)
{
    const VpPoolFact *pool = vp_host_facts_find_pool(check->facts, entry->pool);
    guint64 need = 0;
    for (guint i = 0; i < check->plan->disks->len; i++) {
        const VpPlanDisk *other = check->plan->disks->pdata[i];
        const VpMachineDisk *part = vp_machine_find_disk(check->machine, other->target);
        if (part && other->fate == VP_FATE_COPY && g_strcmp0(other->pool, entry->pool) == 0)
            need += pool->kind == VP_POOL_BLOCK ? part->size : part->bytes;
        if (other == entry)
            break;
    }
    if (need <= pool->free)
        return;
    g_autofree char *place = g_strdup_printf("%s/%s", entry->pool, entry->volume);
    vp_check_tell_no_space(check, resource, place, need, pool->free);
    vp_report_add_fix(check->report, "--pool POOL");
}

/* What QEMU's tools would need a secret for is not written. */
static gboolean
check_open(const VpCheck *check, const VpPlanDisk *entry, const char *resource)
{
    if (!entry->source || !vp_xml_find(xmlDocGetRootElement(entry->source), "auth"))
        return TRUE;
    vp_report_add(check->report, VP_FINDING_POOL_MISSING, VP_LEVEL_ERROR, resource,
                  "%s: the pool “%s” takes a secret, and no disk is written there: choose another, "
                  "or fill a volume of it by other means and use it as it lies",
                  entry->target, entry->pool);
    vp_report_add_fix(check->report, "--disk %s=POOL/VOLUME", entry->target);
    return FALSE;
}

void
vp_check_new_volume(const VpCheck *check, const VpPlanDisk *entry, const char *resource)
{
    const VpPathFact *fact = vp_host_facts_find(check->facts, entry->path);
    if (!vp_check_pool(check, entry, resource) || !check_open(check, entry, resource))
        return;
    gboolean exists = vp_host_facts_has_volume(check->facts, entry->pool, entry->volume);
    if (exists && entry->is_block && check->plan->overwrite_device) {
        vp_check_device(check, entry, resource);
        return;
    }
    if (exists || (fact && fact->exists && !entry->is_block)) {
        vp_report_add(check->report, VP_FINDING_VOLUME_EXISTS, VP_LEVEL_ERROR, resource,
                      "the pool “%s” has a volume “%s” already: nothing is overwritten",
                      entry->pool, entry->volume);
        vp_report_add_fix(check->report, "--disk %s=%s/VOLUME", entry->target, entry->pool);
        if (entry->is_block)
            vp_report_add_fix(check->report, "--overwrite-device");
        return;
    }
    if (!check_partition(check, entry, resource))
        return;
    if (entry->path && !entry->is_block)
        vp_check_new_file(check, resource, entry->path, "--pool POOL");
    else
        check_room(check, entry, resource);
}
