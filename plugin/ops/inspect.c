/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What looks and changes nothing: info, list, complete. */
#include "base/strings.h"
#include "host/polkit.h"
#include "host/profile.h"
#include "model/grant.h"
#include "model/origin.h"
#include "pack/package.h"
#include "virt/pool.h"
#include "virt/snapshot.h"
#include "virt/storage.h"

#include <string.h>

VpManifest *
vp_info(const char *path, char **ret_identity, GError **error)
{
    g_autoptr(VpPackage) package = vp_package_open(path, error);
    if (!package)
        return NULL;
    if (ret_identity)
        *ret_identity = g_strdup(vp_package_get_identity(package));
    return vp_package_steal_manifest(package);
}

/* NULL where the rules cannot be seen, or the daemon has none. */
static GStrv
find_grants(VpConnection *connection, const char *uuid)
{
    if (!vp_connection_is_local(connection) || vp_connection_is_session(connection))
        return NULL;
    g_auto(GStrv) rules = vp_polkit_list(NULL);
    if (!rules)
        return NULL;
    g_autoptr(VpPolkitRule) rule =
        vp_strv_has(rules, uuid) ? vp_polkit_rule_load(uuid, NULL) : NULL;
    return rule ? vp_grants_format(rule->grants) : g_new0(char *, 1);
}

GPtrArray *
vp_list(const char *uri, GError **error)
{
    g_autoptr(VpConnection) connection = vp_connection_open(uri, error);
    if (!connection)
        return NULL;
    g_autoptr(GPtrArray) domains = vp_virt_list_domains(connection, error);
    if (!domains)
        return NULL;
    GPtrArray *origins = g_ptr_array_new_with_free_func((GDestroyNotify)vp_origin_free);
    for (guint i = 0; i < domains->len; i++) {
        const VpVirtDomainEntry *entry = domains->pdata[i];
        g_autoptr(xmlDoc) doc =
            entry->xml ? vp_xml_parse(entry->xml, strlen(entry->xml), entry->name, NULL) : NULL;
        VpOrigin *origin = doc ? vp_origin_find(doc) : NULL;
        if (!origin)
            continue;
        origin->grants = find_grants(connection, entry->uuid);
        g_ptr_array_add(origins, origin);
    }
    return origins;
}

static GStrv
domain_names(VpConnection *connection, GError **error)
{
    g_autoptr(GPtrArray) domains = vp_virt_list_domains(connection, error);
    if (!domains)
        return NULL;
    GPtrArray *names = g_ptr_array_new();
    for (guint i = 0; i < domains->len; i++)
        g_ptr_array_add(names, g_strdup(((const VpVirtDomainEntry *)domains->pdata[i])->name));
    return vp_strv_take(names);
}

static GStrv
pool_names(VpConnection *connection, GError **error)
{
    g_autoptr(GPtrArray) pools = vp_pool_list(connection, error);
    if (!pools)
        return NULL;
    GPtrArray *names = g_ptr_array_new();
    for (guint i = 0; i < pools->len; i++)
        g_ptr_array_add(names, g_strdup(((const VpVirtPool *)pools->pdata[i])->name));
    vp_strings_sort(names);
    return vp_strv_take(names);
}

GStrv
vp_complete(const char *uri, const char *what, const char *domain, GError **error)
{
    if (strcmp(what, "profiles") == 0)
        return vp_profile_list();
    g_autoptr(VpConnection) connection = vp_connection_open(uri, error);
    if (!connection)
        return NULL;
    if (strcmp(what, "domains") == 0)
        return domain_names(connection, error);
    if (strcmp(what, "networks") == 0)
        return vp_network_list(connection, error);
    if (strcmp(what, "pools") == 0)
        return pool_names(connection, error);
    if (strcmp(what, "snapshots") == 0 && domain) {
        g_autoptr(VpVirtDomain) found = vp_virt_domain_lookup(connection, domain, error);
        return found ? vp_virt_domain_list_snapshots(found, error) : NULL;
    }
    vp_error_set(error, VP_ERROR_USAGE, "%s: cannot be completed", what);
    return NULL;
}
