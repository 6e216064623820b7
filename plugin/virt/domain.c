/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/domain.h"

#include "virt/autoptr.h"
#include <libvirt/virterror.h>
#include <string.h>

#define NAMES_SHOWN 10

struct _VpVirtDomain {
    virDomain *peer;
    char *name;
    char uuid[VIR_UUID_STRING_BUFLEN];
};

/* --- names in messages ------------------------------------------------------- */

static int
compare_strings(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GStrv
steal_sorted(GPtrArray *names)
{
    g_ptr_array_sort(names, compare_strings);
    g_ptr_array_add(names, NULL);
    return (GStrv)g_ptr_array_steal(names, NULL);
}

/* libvirt takes names with control characters in them. */
static void
append_escaped(GString *text, const char *name)
{
    g_autofree char *valid = g_utf8_make_valid(name, -1);

    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_isprint(c))
            g_string_append_unichar(text, c);
        else if (c < 0x80)
            g_string_append_printf(text, "\\x%02x", c);
        else
            g_string_append_printf(text, "\\u{%x}", c);
    }
}

static char *
escape(const char *name)
{
    GString *text = g_string_new(NULL);
    append_escaped(text, name);
    return g_string_free(text, FALSE);
}

/* "there are: a, b and 3 more", or "there are none". */
static char *
describe_names(const char *const *names)
{
    guint n_names = g_strv_length((GStrv)names);
    if (n_names == 0)
        return g_strdup("there are none");

    GString *text = g_string_new("there are: ");
    for (guint i = 0; i < MIN(n_names, NAMES_SHOWN); i++) {
        if (i > 0)
            g_string_append(text, ", ");
        append_escaped(text, names[i]);
    }
    if (n_names > NAMES_SHOWN)
        g_string_append_printf(text, " and %u more", n_names - NAMES_SHOWN);
    return g_string_free(text, FALSE);
}

/* --- domains ----------------------------------------------------------------- */

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
    g_autofree char *shown = escape(wanted);
    g_autoptr(GPtrArray) peers = list_peers(connection, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; peers != NULL && i < peers->len; i++)
        g_ptr_array_add(names, g_strdup(virDomainGetName(g_ptr_array_index(peers, i))));
    g_auto(GStrv) sorted = steal_sorted(names);
    g_autofree char *known = describe_names((const char *const *)sorted);
    vp_error_set(error, VP_ERROR_NOT_FOUND, "%s: no such domain at %s: %s", shown,
                 vp_connection_get_uri(connection), known);
}

static VpVirtDomain *
wrap(virDomain *peer, GError **error)
{
    g_autoptr(VpVirtDomain) domain = g_new0(VpVirtDomain, 1);
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
        return wrap(peer, error);

    if (virGetLastErrorCode() == VIR_ERR_NO_DOMAIN) {
        set_no_domain(error, connection, name_or_uuid);
        return NULL;
    }
    g_autofree char *shown = escape(name_or_uuid);
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

/* --- snapshots --------------------------------------------------------------- */

GStrv
vp_virt_domain_list_snapshots(VpVirtDomain *domain, GError **error)
{
    virDomainSnapshotPtr *peers = NULL;
    int n_peers = virDomainListAllSnapshots(domain->peer, &peers, 0);
    if (n_peers < 0) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot list its snapshots", domain->name);
        return NULL;
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < n_peers; i++) {
        g_ptr_array_add(names, g_strdup(virDomainSnapshotGetName(peers[i])));
        virDomainSnapshotFree(peers[i]);
    }
    g_free(peers);
    return steal_sorted(names);
}

static void
set_no_snapshot(GError **error, VpVirtDomain *domain, const char *wanted)
{
    g_auto(GStrv) names = vp_virt_domain_list_snapshots(domain, error);
    if (names == NULL)
        return;
    g_autofree char *shown = escape(wanted);
    g_autofree char *known = describe_names((const char *const *)names);
    vp_error_set(error, VP_ERROR_NOT_FOUND, "%s: no such snapshot of domain %s: %s", shown,
                 domain->name, known);
}

char *
vp_virt_domain_get_snapshot_xml(VpVirtDomain *domain, const char *name, gboolean secrets,
                                GError **error)
{
    g_autoptr(virDomainSnapshot) snapshot = virDomainSnapshotLookupByName(domain->peer, name, 0);
    if (snapshot == NULL && virGetLastErrorCode() == VIR_ERR_NO_DOMAIN_SNAPSHOT) {
        set_no_snapshot(error, domain, name);
        return NULL;
    }
    char *xml = NULL;
    if (snapshot != NULL)
        xml = virDomainSnapshotGetXMLDesc(snapshot, secrets ? VIR_DOMAIN_SNAPSHOT_XML_SECURE : 0);
    if (xml == NULL) {
        g_autofree char *shown = escape(name);
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot read its snapshot %s",
                             domain->name, shown);
    }
    return xml;
}

/* --- all domains ------------------------------------------------------------- */

static void
free_entry(gpointer data)
{
    VpVirtDomainEntry *entry = data;
    g_free(entry->name);
    g_free(entry->uuid);
    g_free(entry->xml);
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
