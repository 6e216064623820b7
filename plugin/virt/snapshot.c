/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/snapshot.h"

#include "base/strings.h"
#include "virt/autoptr.h"
#include "virt/names.h"
#include <libvirt/virterror.h>

GStrv
vp_virt_domain_list_snapshots(VpVirtDomain *domain, GError **error)
{
    virDomainSnapshotPtr *peers = NULL;
    int n_peers = virDomainListAllSnapshots(vp_virt_domain_peer(domain), &peers, 0);
    if (n_peers < 0) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot list its snapshots",
                             vp_virt_domain_get_name(domain));
        return NULL;
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < n_peers; i++) {
        g_ptr_array_add(names, g_strdup(virDomainSnapshotGetName(peers[i])));
        virDomainSnapshotFree(peers[i]);
    }
    g_free(peers);
    vp_strings_sort(names);
    return vp_strv_take(g_steal_pointer(&names));
}

static void
set_no_snapshot(GError **error, VpVirtDomain *domain, const char *wanted)
{
    g_auto(GStrv) names = vp_virt_domain_list_snapshots(domain, error);
    if (names == NULL)
        return;
    g_autofree char *shown = vp_escape(wanted);
    g_autofree char *known = vp_names_describe((const char *const *)names);
    vp_error_set(error, VP_ERROR_NOT_FOUND, "%s: no such snapshot of domain %s: %s", shown,
                 vp_virt_domain_get_name(domain), known);
}

char *
vp_virt_domain_get_snapshot_xml(VpVirtDomain *domain, const char *name, gboolean secrets,
                                GError **error)
{
    g_autoptr(virDomainSnapshot) snapshot =
        virDomainSnapshotLookupByName(vp_virt_domain_peer(domain), name, 0);
    if (snapshot == NULL && virGetLastErrorCode() == VIR_ERR_NO_DOMAIN_SNAPSHOT) {
        set_no_snapshot(error, domain, name);
        return NULL;
    }
    char *xml = NULL;
    if (snapshot != NULL)
        xml = virDomainSnapshotGetXMLDesc(snapshot, secrets ? VIR_DOMAIN_SNAPSHOT_XML_SECURE : 0);
    if (xml == NULL) {
        g_autofree char *shown = vp_escape(name);
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot read its snapshot %s",
                             vp_virt_domain_get_name(domain), shown);
    }
    return xml;
}
