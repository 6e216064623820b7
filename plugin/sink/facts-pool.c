/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where libvirt keeps images: its pools. */
#include "base/xml.h"
#include "host/paths.h"
#include "sink/facts-parts.h"
#include "virt/pool.h"
#include "virt/storage.h"

#include <string.h>

/* The folder of the pool "default" if it is one, else libvirt's own. */
static char *
images_folder(VpConnection *connection, gboolean session)
{
    char *folder = vp_pool_find_folder(connection, "default");
    return folder ? folder : vp_path_images(session ? VP_SCOPE_SESSION : VP_SCOPE_SYSTEM);
}

void
vp_facts_gather_pools(VpConnection *connection, VpHostFacts *facts)
{
    facts->images = images_folder(connection, facts->session);
    g_autoptr(GPtrArray) pools = vp_pool_list(connection, NULL);
    if (!pools)
        return;
    facts->pools = g_ptr_array_new_with_free_func((GDestroyNotify)vp_pool_fact_free);
    for (guint i = 0; i < pools->len; i++) {
        const VpVirtPool *pool = pools->pdata[i];
        xmlDoc *doc = vp_xml_parse(pool->xml, strlen(pool->xml), "pool", NULL);
        if (!doc)
            continue;
        VpPoolFact *fact = vp_pool_fact_new(doc);
        fact->active = pool->active;
        fact->free = pool->free;
        g_ptr_array_add(facts->pools, fact);
    }
}

/* Of partitions all, since the next one is named by those there are. */
static void
look_at_partitions(VpHostFacts *facts, VpConnection *connection, const VpPoolFact *pool)
{
    g_auto(GStrv) names = vp_volume_list(connection, pool->name);
    for (char **name = names; name && *name; name++)
        g_hash_table_add(facts->volumes, g_strdup_printf("%s/%s", pool->name, *name));
}

void
vp_facts_look_at_volumes(VpHostFacts *facts, VpConnection *connection, const VpPlan *plan)
{
    for (guint i = 0; i < plan->disks->len; i++) {
        const VpPlanDisk *disk = plan->disks->pdata[i];
        if (!disk->pool)
            continue;
        if (vp_volume_exists(connection, disk->pool, disk->volume))
            g_hash_table_add(facts->volumes, g_strdup_printf("%s/%s", disk->pool, disk->volume));
        VpPoolFact *pool = (VpPoolFact *)vp_host_facts_find_pool(facts, disk->pool);
        if (!pool || !pool->active)
            continue;
        if (vp_pool_has_partitions(pool))
            look_at_partitions(facts, connection, pool);
        pool->free = vp_pool_get_free(connection, disk->pool); /* the look has refreshed it */
    }
}
