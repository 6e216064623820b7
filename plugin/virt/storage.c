/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/storage.h"

#include "base/xml.h"
#include "virt/autoptr.h"
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

static virStoragePool *
lookup_active_pool(VpConnection *connection, const char *name, GError **error)
{
    g_autoptr(virStoragePool) pool =
        virStoragePoolLookupByName(vp_connection_peer(connection), name);
    if (pool == NULL) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "pool %s", name);
        return NULL;
    }
    if (virStoragePoolIsActive(pool) == 1)
        return g_steal_pointer(&pool);
    vp_error_set(error, VP_ERROR_FAILED, "pool %s: not active: start it with virsh pool-start",
                 name);
    return NULL;
}

/* A pool does not see by itself what came into it from outside. */
static virStorageVol *
lookup_volume(virStoragePool *pool, const char *name, GError **error)
{
    const char *pool_name = virStoragePoolGetName(pool);
    virStorageVol *volume = virStorageVolLookupByName(pool, name);
    if (volume == NULL && virGetLastErrorCode() == VIR_ERR_NO_STORAGE_VOL &&
        virStoragePoolRefresh(pool, 0) == 0)
        volume = virStorageVolLookupByName(pool, name);
    if (volume == NULL)
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "pool %s: volume %s", pool_name, name);
    return volume;
}

static gboolean
read_is_block(virStorageVol *volume, gboolean *ret_block, GError **error)
{
    const char *name = virStorageVolGetName(volume);
    virStorageVolInfo info;

    if (virStorageVolGetInfo(volume, &info) < 0) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "volume %s: cannot read its kind", name);
        return FALSE;
    }
    if (info.type != VIR_STORAGE_VOL_FILE && info.type != VIR_STORAGE_VOL_BLOCK) {
        vp_error_set(error, VP_ERROR_FAILED,
                     "volume %s: neither a file nor a block device: choose another volume", name);
        return FALSE;
    }
    *ret_block = info.type == VIR_STORAGE_VOL_BLOCK;
    return TRUE;
}

char *
vp_volume_get_path(VpConnection *connection, const char *pool, const char *volume,
                   gboolean *ret_block, GError **error)
{
    g_autoptr(virStoragePool) storage = lookup_active_pool(connection, pool, error);
    if (storage == NULL)
        return NULL;
    g_autoptr(virStorageVol) peer = lookup_volume(storage, volume, error);
    if (peer == NULL)
        return NULL;

    gboolean block;
    if (!read_is_block(peer, &block, error))
        return NULL;
    char *path = virStorageVolGetPath(peer);
    if (path == NULL) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "volume %s: cannot read its path", volume);
        return NULL;
    }
    *ret_block = block;
    return path;
}

static char *
find_folder(virStoragePool *pool)
{
    if (virStoragePoolIsActive(pool) != 1)
        return NULL;
    g_autofree char *xml = virStoragePoolGetXMLDesc(pool, 0);
    if (xml == NULL)
        return NULL;
    g_autoptr(xmlDoc) doc = vp_xml_parse(xml, strlen(xml), "pool", NULL);
    if (doc == NULL)
        return NULL;

    const xmlNode *root = xmlDocGetRootElement(doc);
    if (!vp_xml_has(root, "type", "dir") && !vp_xml_has(root, "type", "fs") &&
        !vp_xml_has(root, "type", "netfs"))
        return NULL;
    return vp_xml_get_text(vp_xml_find_path(root, "target/path"));
}

char *
vp_pool_find_folder(VpConnection *connection, const char *name)
{
    g_autoptr(virStoragePool) pool =
        virStoragePoolLookupByName(vp_connection_peer(connection), name);
    return pool ? find_folder(pool) : NULL;
}

static gboolean
is_same_folder(const char *first, const char *second)
{
    g_autofree char *first_real = realpath(first, NULL);
    g_autofree char *second_real = realpath(second, NULL);

    if (first_real == NULL || second_real == NULL)
        return g_str_equal(first, second);
    return g_str_equal(first_real, second_real);
}

void
vp_pool_refresh_folder(VpConnection *connection, const char *folder)
{
    virStoragePoolPtr *pools = NULL;
    int n_pools = virConnectListAllStoragePools(vp_connection_peer(connection), &pools,
                                                VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE);

    for (int i = 0; i < n_pools; i++) {
        g_autofree char *own = find_folder(pools[i]);
        if (own != NULL && is_same_folder(own, folder))
            virStoragePoolRefresh(pools[i], 0);
        virStoragePoolFree(pools[i]);
    }
    g_free(pools);
}

static int
compare_strings(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GStrv
vp_network_list(VpConnection *connection, GError **error)
{
    virNetworkPtr *networks = NULL;
    int n_networks = virConnectListAllNetworks(vp_connection_peer(connection), &networks, 0);
    if (n_networks < 0 && virGetLastErrorCode() == VIR_ERR_NO_SUPPORT)
        return g_new0(char *, 1);
    if (n_networks < 0) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot list the networks",
                             vp_connection_get_uri(connection));
        return NULL;
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (int i = 0; i < n_networks; i++) {
        g_ptr_array_add(names, g_strdup(virNetworkGetName(networks[i])));
        virNetworkFree(networks[i]);
    }
    g_free(networks);
    g_ptr_array_sort(names, compare_strings);
    g_ptr_array_add(names, NULL);
    return (GStrv)g_ptr_array_steal(names, NULL);
}

char *
vp_network_find_xml(VpConnection *connection, const char *name)
{
    g_autoptr(virNetwork) network = virNetworkLookupByName(vp_connection_peer(connection), name);
    if (network == NULL)
        return NULL;
    char *xml = virNetworkGetXMLDesc(network, VIR_NETWORK_XML_INACTIVE);
    /* The test driver knows no flags. */
    return xml ? xml : virNetworkGetXMLDesc(network, 0);
}
