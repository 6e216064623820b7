/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/tree.h"

#include "virt/autoptr.h"
#include <libvirt/virterror.h>
#include <string.h>

static void
snapshot_free(gpointer data)
{
    VpVirtSnapshot *snapshot = data;
    g_free(snapshot->name);
    g_free(snapshot->parent);
    g_free(snapshot->xml);
    g_free(snapshot);
}

static VpVirtSnapshot *
read_snapshot(virDomainSnapshot *peer, const char *domain, gboolean secrets, GError **error)
{
    VpVirtSnapshot *snapshot = g_new0(VpVirtSnapshot, 1);
    g_autoptr(virDomainSnapshot) parent = virDomainSnapshotGetParent(peer, 0);
    snapshot->name = g_strdup(virDomainSnapshotGetName(peer));
    snapshot->parent = parent ? g_strdup(virDomainSnapshotGetName(parent)) : NULL;
    snapshot->current = virDomainSnapshotIsCurrent(peer, 0) == 1;
    snapshot->xml = virDomainSnapshotGetXMLDesc(peer, secrets ? VIR_DOMAIN_SNAPSHOT_XML_SECURE : 0);
    if (snapshot->xml)
        return snapshot;
    vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot read its snapshot %s", domain,
                         snapshot->name);
    snapshot_free(snapshot);
    return NULL;
}

/* libvirt gives siblings in any order. */
static int
compare_names(gconstpointer a, gconstpointer b)
{
    const VpVirtSnapshot *first = *(VpVirtSnapshot *const *)a;
    const VpVirtSnapshot *second = *(VpVirtSnapshot *const *)b;
    return strcmp(first->name, second->name);
}

/* Moves what lies on @parent from @all to @sorted, each with its own before its sibling. */
static void
move_children(GPtrArray *all, GPtrArray *sorted, const char *parent)
{
    for (guint i = 0; i < all->len; i++) {
        VpVirtSnapshot *snapshot = all->pdata[i];
        if (!snapshot || g_strcmp0(snapshot->parent, parent) != 0)
            continue;
        all->pdata[i] = NULL;
        g_ptr_array_add(sorted, snapshot);
        move_children(all, sorted, snapshot->name);
    }
}

GPtrArray *
vp_virt_list_snapshot_tree(VpVirtDomain *domain, gboolean secrets, GError **error)
{
    const char *name = vp_virt_domain_get_name(domain);
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    g_autoptr(GPtrArray) sorted = g_ptr_array_new_with_free_func(snapshot_free);
    g_autofree virDomainSnapshotPtr *peers = NULL;
    int n_peers = virDomainListAllSnapshots(vp_virt_domain_peer(domain), &peers, 0);
    gboolean read = n_peers >= 0;
    if (!read)
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot list its snapshots", name);
    for (int i = 0; i < n_peers; i++) {
        VpVirtSnapshot *snapshot = read ? read_snapshot(peers[i], name, secrets, error) : NULL;
        read = snapshot != NULL;
        if (snapshot)
            g_ptr_array_add(all, snapshot);
        virDomainSnapshotFree(peers[i]);
    }
    g_ptr_array_sort(all, compare_names);
    if (read)
        move_children(all, sorted, NULL);
    else
        g_ptr_array_foreach(all, (GFunc)(void (*)(void))snapshot_free, NULL);
    return read ? g_steal_pointer(&sorted) : NULL;
}

gboolean
vp_virt_redefine_snapshot(VpConnection *connection, const char *uuid, const char *xml,
                          gboolean current, GError **error)
{
    g_autoptr(virDomain) domain = virDomainLookupByUUIDString(vp_connection_peer(connection), uuid);
    unsigned int flags = VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE;
    if (current)
        flags |= VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT;
    g_autoptr(virDomainSnapshot) snapshot =
        domain ? virDomainSnapshotCreateXML(domain, xml, flags) : NULL;
    if (snapshot)
        return TRUE;
    vp_error_set_libvirt(error, VP_ERROR_FAILED, "libvirt does not take a snapshot");
    return FALSE;
}
