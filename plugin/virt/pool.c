/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/pool.h"

#include "base/strings.h"
#include "base/xml.h"
#include "virt/autoptr.h"
#include <libvirt/virterror.h>
#include <string.h>

static void
pool_free(VpVirtPool *pool)
{
    g_free(pool->name);
    g_free(pool->xml);
    g_free(pool);
}

/* One that has no room at all does not know its room yet, as Ceph for a while after its start. */
static guint64
get_free(virStoragePool *peer)
{
    virStoragePoolInfo info;
    gboolean known = virStoragePoolGetInfo(peer, &info) == 0 && info.capacity > 0;
    return known ? info.available : G_MAXUINT64;
}

static VpVirtPool *
describe(virStoragePool *peer)
{
    char *xml = virStoragePoolGetXMLDesc(peer, 0);
    if (xml == NULL)
        return NULL;
    VpVirtPool *pool = g_new0(VpVirtPool, 1);
    pool->name = g_strdup(virStoragePoolGetName(peer));
    pool->xml = xml;
    pool->active = virStoragePoolIsActive(peer) == 1;
    pool->free = pool->active ? get_free(peer) : G_MAXUINT64;
    return pool;
}

guint64
vp_pool_get_free(VpConnection *connection, const char *name)
{
    g_autoptr(virStoragePool) peer =
        virStoragePoolLookupByName(vp_connection_peer(connection), name);
    return peer ? get_free(peer) : G_MAXUINT64;
}

static gint
compare(gconstpointer a, gconstpointer b)
{
    return strcmp((*(const VpVirtPool *const *)a)->name, (*(const VpVirtPool *const *)b)->name);
}

GPtrArray *
vp_pool_list(VpConnection *connection, GError **error)
{
    virStoragePoolPtr *peers = NULL;
    GPtrArray *pools = g_ptr_array_new_with_free_func((GDestroyNotify)pool_free);
    int n_peers = virConnectListAllStoragePools(vp_connection_peer(connection), &peers, 0);
    if (n_peers < 0 && virGetLastErrorCode() == VIR_ERR_NO_SUPPORT)
        return pools;
    if (n_peers < 0) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot list the storage pools",
                             vp_connection_get_uri(connection));
        g_ptr_array_unref(pools);
        return NULL;
    }
    for (int i = 0; i < n_peers; i++) {
        VpVirtPool *pool = describe(peers[i]); /* NULL: gone meanwhile */
        if (pool)
            g_ptr_array_add(pools, pool);
        virStoragePoolFree(peers[i]);
    }
    g_ptr_array_sort(pools, compare);
    g_free(peers);
    return pools;
}

/* A pool does not see by itself what came into it from outside. */
static virStorageVol *
find_volume(virStoragePool *pool, const char *name)
{
    virStorageVol *volume = virStorageVolLookupByName(pool, name);
    if (volume == NULL && virGetLastErrorCode() == VIR_ERR_NO_STORAGE_VOL &&
        virStoragePoolRefresh(pool, 0) == 0)
        volume = virStorageVolLookupByName(pool, name);
    return volume;
}

gboolean
vp_volume_exists(VpConnection *connection, const char *pool, const char *volume)
{
    g_autoptr(virStoragePool) peer =
        virStoragePoolLookupByName(vp_connection_peer(connection), pool);
    if (peer == NULL || virStoragePoolIsActive(peer) != 1)
        return FALSE;
    g_autoptr(virStorageVol) found = find_volume(peer, volume);
    return found != NULL;
}

GStrv
vp_volume_list(VpConnection *connection, const char *pool)
{
    virStorageVolPtr *volumes = NULL;
    g_autoptr(virStoragePool) peer =
        virStoragePoolLookupByName(vp_connection_peer(connection), pool);
    if (peer == NULL || virStoragePoolRefresh(peer, 0) < 0)
        return NULL;
    int n_volumes = virStoragePoolListAllVolumes(peer, &volumes, 0);
    if (n_volumes < 0)
        return NULL;
    GPtrArray *names = g_ptr_array_new();
    for (int i = 0; i < n_volumes; i++) {
        g_ptr_array_add(names, g_strdup(virStorageVolGetName(volumes[i])));
        virStorageVolFree(volumes[i]);
    }
    g_free(volumes);
    vp_strings_sort(names);
    return vp_strv_take(names);
}

static virStoragePool *
lookup_pool(VpConnection *connection, const char *name, GError **error)
{
    virStoragePool *pool = virStoragePoolLookupByName(vp_connection_peer(connection), name);
    if (pool == NULL)
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "pool %s", name);
    return pool;
}

static char *
format_volume(const char *name, guint64 size)
{
    g_autofree char *bytes = g_strdup_printf("%" G_GUINT64_FORMAT, size);
    g_autoptr(xmlDoc) doc = vp_xml_new("volume");
    xmlNode *root = xmlDocGetRootElement(doc);
    vp_xml_set_text(vp_xml_add(root, "name"), name);
    vp_xml_set_text(vp_xml_add(root, "capacity"), bytes);
    return vp_xml_format(doc);
}

/* One of @after that is not of @before; NULL for none. */
static const char *
find_new(GStrv before, GStrv after)
{
    for (char **name = after; name && *name; name++) {
        if (!vp_strv_has(before, *name))
            return *name;
    }
    return NULL;
}

/* A network that does not answer keeps libvirt from taking back what it made. */
static char *
find_left_volume(virStoragePool *peer, const char *volume)
{
    const char *pool = virStoragePoolGetName(peer);
    g_autoptr(virStorageVol) found = find_volume(peer, volume);
    if (found == NULL && virGetLastErrorCode() == VIR_ERR_NO_STORAGE_VOL)
        return NULL;
    return g_strdup_printf("the volume %s/%s %s", pool, volume, found ? "is left" : "may be left");
}

/* A partition is made before its name is found wrong, and not every disk gives it back. */
static char *
find_left_partition(VpConnection *connection, const char *pool, GStrv before)
{
    g_auto(GStrv) after = vp_volume_list(connection, pool);
    const char *name = find_new(before, after);
    return name ? g_strdup_printf("the volume %s/%s is left", pool, name) : NULL;
}

gboolean
vp_volume_create(VpConnection *connection, const char *pool, const char *volume, guint64 size,
                 gboolean partition, GError **error)
{
    g_autoptr(virStoragePool) peer = lookup_pool(connection, pool, error);
    if (peer == NULL)
        return FALSE;
    g_autofree char *xml = format_volume(volume, size);
    g_auto(GStrv) before = partition ? vp_volume_list(connection, pool) : NULL;
    g_autoptr(virStorageVol) made = virStorageVolCreateXML(peer, xml, 0);
    if (made != NULL)
        return TRUE;
    gboolean of_another = virGetLastErrorCode() == VIR_ERR_STORAGE_VOL_EXIST;
    g_autoptr(GError) local = NULL;
    vp_error_set_libvirt(&local, VP_ERROR_FAILED, "pool %s: cannot make the volume %s", pool,
                         volume);
    g_autofree char *left = of_another  ? NULL
                            : partition ? find_left_partition(connection, pool, before)
                                        : find_left_volume(peer, volume);
    vp_error_set(error, left ? VP_ERROR_PARTIAL : VP_ERROR_FAILED, "%s%s%s", local->message,
                 left ? "; " : "", left ? left : "");
    return FALSE;
}

gboolean
vp_volume_delete(VpConnection *connection, const char *pool, const char *volume, GError **error)
{
    g_autoptr(virStoragePool) peer = lookup_pool(connection, pool, error);
    if (peer == NULL)
        return FALSE;
    g_autoptr(virStorageVol) found = virStorageVolLookupByName(peer, volume);
    if (found == NULL && virGetLastErrorCode() == VIR_ERR_NO_STORAGE_VOL)
        return TRUE;
    if (found && virStorageVolDelete(found, 0) == 0)
        return TRUE;
    vp_error_set_libvirt(error, VP_ERROR_FAILED, "pool %s: cannot delete the volume %s", pool,
                         volume);
    return FALSE;
}
