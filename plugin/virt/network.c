/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/network.h"
#include "base/strings.h"
#include "virt/storage.h"

static void
network_free(VpVirtNetwork *network)
{
    g_free(network->name);
    g_free(network->xml);
    g_free(network);
}

GPtrArray *
vp_virt_list_networks(VpConnection *connection)
{
    virNetworkPtr *found = NULL;
    int n_found = virConnectListAllNetworks(vp_connection_peer(connection), &found, 0);
    if (n_found < 0)
        return NULL;
    GPtrArray *networks = g_ptr_array_new_with_free_func((GDestroyNotify)network_free);
    for (int i = 0; i < n_found; i++) {
        VpVirtNetwork *network = g_new0(VpVirtNetwork, 1);
        network->name = g_strdup(virNetworkGetName(found[i]));
        network->active = virNetworkIsActive(found[i]) == 1;
        network->xml = vp_network_find_xml(connection, network->name);
        g_ptr_array_add(networks, network);
        virNetworkFree(found[i]);
    }
    g_free(found);
    return networks;
}

GStrv
vp_virt_list_filters(VpConnection *connection)
{
    virNWFilterPtr *found = NULL;
    int n_found = virConnectListAllNWFilters(vp_connection_peer(connection), &found, 0);
    if (n_found < 0)
        return NULL;
    GPtrArray *names = g_ptr_array_new();
    for (int i = 0; i < n_found; i++) {
        g_ptr_array_add(names, g_strdup(virNWFilterGetName(found[i])));
        virNWFilterFree(found[i]);
    }
    g_free(found);
    return vp_strv_take(names);
}
