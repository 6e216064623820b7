/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the domains of the host have for themselves. */
#include "model/claims.h"
#include "model/domain.h"
#include "sink/facts-parts.h"
#include "virt/domain.h"

#include <string.h>

static GStrv
list_claims(xmlDoc *doc, const char *name, gboolean live)
{
    g_autoptr(GPtrArray) claims = vp_claims_find(doc, name, live);
    GPtrArray *list = g_ptr_array_new();
    for (guint i = 0; i < claims->len; i++)
        g_ptr_array_add(list, g_strdup(((const VpClaim *)claims->pdata[i])->what));
    return vp_strv_take(list);
}

static xmlDoc *
parse(const char *xml, const char *name)
{
    return xml ? vp_xml_parse(xml, strlen(xml), name, NULL) : NULL;
}

static VpDomainFact *
domain_fact(const VpVirtDomainEntry *entry, const VpHostFacts *facts)
{
    VpDomainFact *fact = g_new0(VpDomainFact, 1);
    fact->name = g_strdup(entry->name);
    fact->uuid = g_strdup(entry->uuid);
    g_autoptr(xmlDoc) live = parse(entry->live, entry->name);
    g_autoptr(xmlDoc) doc = parse(entry->xml, entry->name);
    fact->holds = live ? list_claims(live, entry->name, TRUE) : NULL;
    if (!doc)
        return fact;
    g_autoptr(GPtrArray) nics = vp_domain_nics(doc);
    GPtrArray *macs = g_ptr_array_new();
    GPtrArray *links = g_ptr_array_new();
    for (guint i = 0; i < nics->len; i++) {
        const VpDomainNic *nic = nics->pdata[i];
        if (!nic->mac)
            continue;
        g_ptr_array_add(macs, g_strdup(nic->mac));
        g_ptr_array_add(links, g_strdup_printf("%s %s", nic->type, nic->source ? nic->source : ""));
    }
    fact->macs = vp_strv_take(macs);
    fact->links = vp_strv_take(links);
    fact->paths = vp_facts_list_files(doc, facts);
    fact->claims = list_claims(doc, entry->name, FALSE);
    return fact;
}

gboolean
vp_facts_gather_domains(VpConnection *connection, VpHostFacts *facts, GError **error)
{
    g_autoptr(GPtrArray) entries = vp_virt_list_domains(connection, error);
    if (!entries)
        return FALSE;
    facts->domains = g_ptr_array_new_with_free_func((GDestroyNotify)vp_domain_fact_free);
    for (guint i = 0; i < entries->len; i++)
        g_ptr_array_add(facts->domains, domain_fact(entries->pdata[i], facts));
    return TRUE;
}

VpHostFacts *
vp_facts_gather_users(VpConnection *connection, GError **error)
{
    g_autoptr(VpHostFacts) facts = vp_host_facts_new();
    facts->local = TRUE;
    vp_facts_gather_pools(connection, facts);
    return vp_facts_gather_domains(connection, facts, error) ? g_steal_pointer(&facts) : NULL;
}
