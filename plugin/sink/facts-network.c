/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What NICs can be connected to. */
#include "base/xml.h"
#include "host/devices.h"
#include "sink/facts-parts.h"
#include "virt/network.h"
#include "virt/storage.h"

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
    fact->bridge = vp_xml_get(vp_xml_find(root, "bridge"), "name");
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
    facts->networks = vp_network_list(connection, NULL);
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

/* The bridge or device that @nic is to be connected to, NULL where it is not here. One that
 * is kept may be a bridge of Open vSwitch, which is no bridge of the kernel. */
static const char *
find_device(const VpPlanNic *nic)
{
    const char *name = nic->target->name;
    switch (nic->target->kind) {
    case VP_NIC_BRIDGE:
        return vp_bridge_exists(name) ? name : NULL;
    case VP_NIC_DIRECT:
        return vp_interface_exists(name) ? name : NULL;
    case VP_NIC_OVS:
        return vp_interface_exists(name) && !vp_bridge_exists(name) ? name : NULL;
    case VP_NIC_KEEP:
        return nic->source && vp_interface_exists(nic->source) ? nic->source : NULL;
    default:
        return NULL;
    }
}

void
vp_facts_look_at_bridges(VpHostFacts *facts, const VpPlan *plan)
{
    GPtrArray *there = g_ptr_array_new();
    for (guint i = 0; i < plan->nics->len; i++) {
        const char *name = find_device(plan->nics->pdata[i]);
        if (name)
            g_ptr_array_add(there, g_strdup(name));
    }
    facts->bridges = vp_strv_take(there);
    for (guint i = 0; facts->network_facts && i < facts->network_facts->len; i++) {
        VpNetworkFact *network = facts->network_facts->pdata[i];
        network->bridgeless =
            network->active && network->bridge && !vp_interface_exists(network->bridge);
    }
    facts->all_bridges = vp_bridge_list();
}
