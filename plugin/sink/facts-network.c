/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/xml.h"
#include "sink/sink.h"
#include "virt/network.h"

#include <string.h>

/* libvirt hands tags to Open vSwitch, and to devices that it gives away as a whole. */
static gboolean
takes_vlan(const xmlNode *network)
{
    const xmlNode *forward = vp_xml_find(network, "forward");
    return vp_xml_has(vp_xml_find(network, "virtualport"), "type", "openvswitch") ||
           vp_xml_has(forward, "mode", "hostdev") || vp_xml_has(forward, "mode", "passthrough");
}

static VpNetworkFact *
network_fact(const VpVirtNetwork *network)
{
    g_autoptr(xmlDoc) doc =
        network->xml ? vp_xml_parse(network->xml, strlen(network->xml), network->name, NULL) : NULL;
    if (!doc)
        return NULL;
    const xmlNode *root = xmlDocGetRootElement(doc);
    VpNetworkFact *fact = g_new0(VpNetworkFact, 1);
    fact->name = g_strdup(network->name);
    fact->active = network->active;
    fact->takes_vlan = takes_vlan(root);
    GPtrArray *groups = g_ptr_array_new();
    for (xmlNode *group = vp_xml_find(root, "portgroup"); group;
         group = vp_xml_find_next(group, "portgroup")) {
        char *name = vp_xml_get(group, "name");
        if (name)
            g_ptr_array_add(groups, name);
    }
    fact->portgroups = vp_strv_take(groups);
    return fact;
}

void
vp_facts_gather_networks(VpConnection *connection, VpHostFacts *facts)
{
    facts->filters = vp_virt_list_filters(connection);
    g_autoptr(GPtrArray) networks = vp_virt_list_networks(connection);
    if (!networks)
        return;
    facts->network_facts = g_ptr_array_new_with_free_func((GDestroyNotify)vp_network_fact_free);
    for (guint i = 0; i < networks->len; i++) {
        VpNetworkFact *fact = network_fact(networks->pdata[i]);
        if (fact)
            g_ptr_array_add(facts->network_facts, fact);
    }
}
