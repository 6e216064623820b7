/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/domain.h"

#include "base/strings.h"
#include "virt/autoptr.h"
#include "virt/names.h"
#include <libvirt/virterror.h>
#include <string.h>

struct _VpVirtDomain {
    VpConnection *connection;
    virDomain *peer;
    char *name;
    char uuid[VIR_UUID_STRING_BUFLEN];
};

static void
free_domain(gpointer peer)
{
    virDomainFree(peer);
}

/* All domains of the connection, as virDomain. */
static GPtrArray *
list_peers(VpConnection *connection, GError **error)
{
    virDomainPtr *peers = NULL;
    int n_peers = virConnectListAllDomains(vp_connection_peer(connection), &peers, 0);
    if (n_peers < 0) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot list the domains",
                             vp_connection_get_uri(connection));
        return NULL;
    }
    GPtrArray *list = g_ptr_array_new_full(n_peers, free_domain);
    for (int i = 0; i < n_peers; i++)
        g_ptr_array_add(list, peers[i]);
    g_free(peers);
    return list;
}

static void
set_no_domain(GError **error, VpConnection *connection, const char *wanted)
{
    g_autofree char *shown = vp_escape(wanted);
    g_autoptr(GPtrArray) peers = list_peers(connection, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; peers != NULL && i < peers->len; i++)
        g_ptr_array_add(names, g_strdup(virDomainGetName(g_ptr_array_index(peers, i))));
    vp_strings_sort(names);
    g_auto(GStrv) sorted = vp_strv_take(g_steal_pointer(&names));
    g_autofree char *known = vp_names_describe((const char *const *)sorted);
    vp_error_set(error, VP_ERROR_NOT_FOUND, "%s: no such domain at %s: %s", shown,
                 vp_connection_get_uri(connection), known);
}

static VpVirtDomain *
wrap(VpConnection *connection, virDomain *peer, GError **error)
{
    g_autoptr(VpVirtDomain) domain = g_new0(VpVirtDomain, 1);
    domain->connection = connection;
    domain->peer = peer;
    domain->name = g_strdup(virDomainGetName(peer));
    if (virDomainGetUUIDString(peer, domain->uuid) < 0) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot read its UUID", domain->name);
        return NULL;
    }
    return g_steal_pointer(&domain);
}

/* As libvirt reads one: 32 hexadecimal digits, with dashes or without. */
static gboolean
is_uuid(const char *text)
{
    guint n_digits = 0;

    for (const char *at = text; *at != '\0'; at++) {
        if (g_ascii_isxdigit(*at))
            n_digits++;
        else if (*at != '-')
            return FALSE;
    }
    return n_digits == 32;
}

static virDomain *
find_peer(VpConnection *connection, const char *name_or_uuid)
{
    virDomain *peer = virDomainLookupByName(vp_connection_peer(connection), name_or_uuid);
    if (peer != NULL || virGetLastErrorCode() != VIR_ERR_NO_DOMAIN || !is_uuid(name_or_uuid))
        return peer;
    return virDomainLookupByUUIDString(vp_connection_peer(connection), name_or_uuid);
}

VpVirtDomain *
vp_virt_domain_lookup(VpConnection *connection, const char *name_or_uuid, GError **error)
{
    virDomain *peer = find_peer(connection, name_or_uuid);
    if (peer != NULL)
        return wrap(connection, peer, error);

    if (virGetLastErrorCode() == VIR_ERR_NO_DOMAIN) {
        set_no_domain(error, connection, name_or_uuid);
        return NULL;
    }
    g_autofree char *shown = vp_escape(name_or_uuid);
    vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot look up the domain", shown);
    return NULL;
}

void
vp_virt_domain_free(VpVirtDomain *domain)
{
    if (domain == NULL)
        return;
    virDomainFree(domain->peer);
    g_free(domain->name);
    g_free(domain);
}

gboolean
vp_virt_domain_is_reached(const VpVirtDomain *domain)
{
    return virConnectIsAlive(virDomainGetConnect(domain->peer)) == 1;
}

gboolean
vp_virt_domain_reach_again(VpVirtDomain *domain)
{
    if (vp_virt_domain_is_reached(domain) || !vp_connection_reach(domain->connection, NULL))
        return FALSE;
    virDomain *peer =
        virDomainLookupByUUIDString(vp_connection_peer(domain->connection), domain->uuid);
    if (!peer)
        return FALSE;
    virDomainFree(domain->peer);
    domain->peer = peer;
    return TRUE;
}

virDomain *
vp_virt_domain_peer(const VpVirtDomain *domain)
{
    return domain->peer;
}

const char *
vp_virt_domain_get_name(const VpVirtDomain *domain)
{
    return domain->name;
}

const char *
vp_virt_domain_get_uuid(const VpVirtDomain *domain)
{
    return domain->uuid;
}

/* libvirt answers such questions with 1, 0 or -1. */
static gboolean
set_answer(int answer, const VpVirtDomain *domain, gboolean *ret, GError **error)
{
    if (answer < 0) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot read its state", domain->name);
        return FALSE;
    }
    *ret = answer == 1;
    return TRUE;
}

gboolean
vp_virt_domain_is_active(VpVirtDomain *domain, gboolean *ret, GError **error)
{
    return set_answer(virDomainIsActive(domain->peer), domain, ret, error);
}

gboolean
vp_virt_domain_has_managed_save(VpVirtDomain *domain, gboolean *ret, GError **error)
{
    return set_answer(virDomainHasManagedSaveImage(domain->peer, 0), domain, ret, error);
}

gboolean
vp_virt_domain_get_autostart(VpVirtDomain *domain, gboolean *ret, GError **error)
{
    int autostart = 0;
    int status = virDomainGetAutostart(domain->peer, &autostart);
    return set_answer(status < 0 ? status : autostart, domain, ret, error);
}

char *
vp_virt_domain_get_xml(VpVirtDomain *domain, gboolean secrets, GError **error)
{
    unsigned int flags = VIR_DOMAIN_XML_INACTIVE | (secrets ? VIR_DOMAIN_XML_SECURE : 0);
    char *xml = virDomainGetXMLDesc(domain->peer, flags);
    if (xml == NULL)
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot read its XML", domain->name);
    return xml;
}

static void
free_entry(gpointer data)
{
    VpVirtDomainEntry *entry = data;
    g_free(entry->name);
    g_free(entry->uuid);
    g_free(entry->xml);
    g_free(entry->live);
    g_free(entry);
}

static int
compare_entries(gconstpointer a, gconstpointer b)
{
    const VpVirtDomainEntry *first = *(VpVirtDomainEntry *const *)a;
    const VpVirtDomainEntry *second = *(VpVirtDomainEntry *const *)b;
    return strcmp(first->name, second->name);
}

/* Adds @peer to @list; one that vanished meanwhile is passed over. */
static gboolean
add_entry(GPtrArray *list, virDomain *peer, GError **error)
{
    char uuid[VIR_UUID_STRING_BUFLEN];
    const char *name = virDomainGetName(peer);
    g_autofree char *xml = virDomainGetXMLDesc(peer, VIR_DOMAIN_XML_INACTIVE);

    if (xml == NULL && virGetLastErrorCode() == VIR_ERR_NO_DOMAIN)
        return TRUE;
    if (xml == NULL && virGetLastErrorCode() == VIR_ERR_ACCESS_DENIED)
        xml = g_strdup("<domain/>");
    if (xml == NULL || virDomainGetUUIDString(peer, uuid) < 0) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot read its XML", name);
        return FALSE;
    }
    VpVirtDomainEntry *entry = g_new0(VpVirtDomainEntry, 1);
    entry->name = g_strdup(name);
    entry->uuid = g_strdup(uuid);
    entry->xml = g_steal_pointer(&xml);
    if (virDomainGetID(peer) != (unsigned int)-1)
        entry->live = virDomainGetXMLDesc(peer, 0);
    g_ptr_array_add(list, entry);
    return TRUE;
}

GPtrArray *
vp_virt_list_domains(VpConnection *connection, GError **error)
{
    g_autoptr(GPtrArray) peers = list_peers(connection, error);
    if (peers == NULL)
        return NULL;

    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(free_entry);
    for (guint i = 0; i < peers->len; i++) {
        if (!add_entry(list, g_ptr_array_index(peers, i), error))
            return NULL;
    }
    g_ptr_array_sort(list, compare_entries);
    return g_steal_pointer(&list);
}
