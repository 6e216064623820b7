/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/facts.h"

static void
path_fact_free(VpPathFact *fact)
{
    g_free(fact->identity);
    g_free(fact->barrier);
    g_free(fact);
}

VpHostFacts *
vp_host_facts_new(void)
{
    VpHostFacts *facts = g_new0(VpHostFacts, 1);
    facts->owner_uid = (uid_t)-1;
    facts->owner_gid = (gid_t)-1;
    facts->hands_over = TRUE;
    facts->volumes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    facts->lacks_cpu = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    facts->paths =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)path_fact_free);
    return facts;
}

void
vp_domain_fact_free(VpDomainFact *fact)
{
    g_free(fact->name);
    g_free(fact->uuid);
    g_strfreev(fact->macs);
    g_strfreev(fact->links);
    g_strfreev(fact->paths);
    g_strfreev(fact->claims);
    g_strfreev(fact->holds);
    g_free(fact);
}

void
vp_host_facts_free(VpHostFacts *facts)
{
    if (!facts)
        return;
    g_free(facts->package);
    g_free(facts->package_writer);
    g_free(facts->images);
    g_clear_pointer(&facts->domains, g_ptr_array_unref);
    g_clear_pointer(&facts->pools, g_ptr_array_unref);
    g_hash_table_unref(facts->volumes);
    g_strfreev(facts->networks);
    g_clear_pointer(&facts->network_facts, g_ptr_array_unref);
    g_strfreev(facts->filters);
    g_strfreev(facts->bridges);
    g_strfreev(facts->all_bridges);
    g_strfreev(facts->archs);
    g_strfreev(facts->virt_types);
    g_strfreev(facts->machines);
    g_free(facts->emulator);
    g_free(facts->cpu_why);
    g_free(facts->ram_cpu_why);
    g_hash_table_unref(facts->lacks_cpu);
    g_strfreev(facts->firmware);
    g_strfreev(facts->label_models);
    g_free(facts->unknown_owner);
    g_free(facts->unknown_label);
    g_free(facts->grants.folder);
    g_free(facts->grants.conf);
    g_strfreev(facts->grants.unknown);
    g_strfreev(facts->grants.stale);
    g_hash_table_unref(facts->paths);
    g_free(facts);
}

typedef gboolean (*Matches)(const VpDomainFact *fact, const char *text);

static const VpDomainFact *
find(const VpHostFacts *facts, Matches matches, const char *text)
{
    for (guint i = 0; facts->domains && i < facts->domains->len; i++) {
        const VpDomainFact *fact = facts->domains->pdata[i];
        if (matches(fact, text))
            return fact;
    }
    return NULL;
}

static gboolean
has_name(const VpDomainFact *fact, const char *text)
{
    return g_str_equal(fact->name, text);
}

static gboolean
has_uuid(const VpDomainFact *fact, const char *text)
{
    return g_str_equal(fact->uuid, text);
}

static gboolean
has_mac(const VpDomainFact *fact, const char *text)
{
    for (char **mac = fact->macs; mac && *mac; mac++) {
        if (g_ascii_strcasecmp(*mac, text) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
has_path(const VpDomainFact *fact, const char *text)
{
    return vp_strv_has(fact->paths, text);
}

const VpDomainFact *
vp_host_facts_find_name(const VpHostFacts *facts, const char *name)
{
    return find(facts, has_name, name);
}

const VpDomainFact *
vp_host_facts_find_uuid(const VpHostFacts *facts, const char *uuid)
{
    return find(facts, has_uuid, uuid);
}

const VpDomainFact *
vp_host_facts_find_mac(const VpHostFacts *facts, const char *mac)
{
    return find(facts, has_mac, mac);
}

const VpDomainFact *
vp_host_facts_find_path(const VpHostFacts *facts, const char *path)
{
    const VpPathFact *fact = vp_host_facts_find(facts, path);
    const VpDomainFact *user = path ? find(facts, has_path, path) : NULL;
    return user || !fact || !fact->identity ? user : find(facts, has_path, fact->identity);
}

const VpPathFact *
vp_host_facts_find(const VpHostFacts *facts, const char *path)
{
    return path ? g_hash_table_lookup(facts->paths, path) : NULL;
}

const VpPoolFact *
vp_host_facts_find_pool(const VpHostFacts *facts, const char *name)
{
    for (guint i = 0; facts->pools && i < facts->pools->len; i++) {
        const VpPoolFact *pool = facts->pools->pdata[i];
        if (g_strcmp0(pool->name, name) == 0)
            return pool;
    }
    return NULL;
}

char *
vp_host_facts_list_pools(const VpHostFacts *facts)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; facts->pools && i < facts->pools->len; i++) {
        const VpPoolFact *pool = facts->pools->pdata[i];
        g_string_append_printf(list, "%s%s%s", i > 0 ? ", " : "", pool->name,
                               pool->active ? "" : " (not active)");
    }
    return g_strdup(list->len > 0 ? list->str : "none");
}

gboolean
vp_host_facts_has_volume(const VpHostFacts *facts, const char *pool, const char *volume)
{
    g_autofree char *key = g_strdup_printf("%s/%s", pool, volume);
    return g_hash_table_contains(facts->volumes, key);
}

void
vp_network_fact_free(VpNetworkFact *fact)
{
    g_free(fact->name);
    g_free(fact->bridge);
    g_strfreev(fact->portgroups);
    g_free(fact);
}

const VpNetworkFact *
vp_host_facts_find_network(const VpHostFacts *facts, const char *name)
{
    for (guint i = 0; facts->network_facts && i < facts->network_facts->len; i++) {
        const VpNetworkFact *fact = facts->network_facts->pdata[i];
        if (strcmp(fact->name, name) == 0)
            return fact;
    }
    return NULL;
}
