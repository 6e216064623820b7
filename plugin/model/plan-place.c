/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where an image goes: a path, or a volume of a pool. */
#include "model/plan-parts.h"

#include <string.h>

void
vp_plan_place_nowhere(VpPlanDisk *entry)
{
    g_clear_pointer(&entry->path, g_free);
    g_clear_pointer(&entry->pool, g_free);
    g_clear_pointer(&entry->volume, g_free);
    g_clear_pointer(&entry->source, xmlFreeDoc);
    entry->is_block = FALSE;
}

void
vp_plan_place_at_path(VpPlanDisk *entry, const char *path)
{
    vp_plan_place_nowhere(entry);
    entry->path = g_strdup(path);
    entry->is_block = g_str_has_prefix(path, "/dev/") && !g_str_has_prefix(path, "/dev/shm/");
}

void
vp_plan_place_in_pool(VpPlanDisk *entry, const char *pool, const char *volume,
                      const VpHostFacts *facts)
{
    const VpPoolFact *fact = vp_host_facts_find_pool(facts, pool);
    vp_plan_place_nowhere(entry);
    entry->pool = g_strdup(pool);
    entry->volume = g_strdup(volume);
    if (!fact)
        return;
    entry->path = vp_pool_get_path(fact, volume);
    entry->is_block = entry->path && fact->kind == VP_POOL_BLOCK;
    if (fact->kind == VP_POOL_NETWORK)
        entry->source = vp_pool_get_source(fact, volume);
}

gboolean
vp_plan_place_is_path(const char *place)
{
    return place[0] == '/' || g_str_has_prefix(place, "./") || g_str_has_prefix(place, "../");
}

gboolean
vp_plan_place_split(const char *place, char **ret_pool, char **ret_volume)
{
    const char *slash = strchr(place, '/');
    if (!slash || slash == place || !slash[1] || strchr(slash + 1, '/'))
        return FALSE;
    *ret_pool = g_strndup(place, (gsize)(slash - place));
    *ret_volume = g_strdup(slash + 1);
    return TRUE;
}

gboolean
vp_plan_place_is_raw(const VpHostFacts *facts, const char *name)
{
    const VpPoolFact *pool = name ? vp_host_facts_find_pool(facts, name) : NULL;
    return pool && pool->kind != VP_POOL_FOLDER;
}

char *
vp_plan_disk_get_key(const VpPlanDisk *disk)
{
    return disk->source ? vp_domain_source_get_key(xmlDocGetRootElement(disk->source))
                        : g_strdup(disk->path);
}
