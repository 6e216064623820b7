/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/arrival.h"
#include "base/strings.h"
#include "host/polkit.h"
#include "model/grant.h"
#include "model/identity.h"
#include "virt/domain.h"

#include <string.h>

void
vp_revoke_result_free(VpRevokeResult *result)
{
    if (!result)
        return;
    g_free(result->domain);
    g_free(result->uuid);
    g_strfreev(result->grants);
    g_free(result);
}

static gboolean
check_daemon(VpConnection *connection, GError **error)
{
    if (vp_connection_is_local(connection) && !vp_connection_is_session(connection))
        return TRUE;
    vp_error_set(error, VP_ERROR_USAGE,
                 "%s: grants are on domains of this host's qemu:///system only",
                 vp_connection_get_uri(connection));
    vp_error_add_fix(error, "--connect qemu:///system");
    return FALSE;
}

/* A domain that is gone is known by its UUID alone. */
static gboolean
find_domain(VpConnection *connection, const char *domain, VpRevokeResult *result, GError **error)
{
    g_autoptr(GError) local = NULL;
    g_autoptr(VpVirtDomain) found = vp_virt_domain_lookup(connection, domain, &local);
    if (found) {
        result->domain = g_strdup(vp_virt_domain_get_name(found));
        result->uuid = g_strdup(vp_virt_domain_get_uuid(found));
        return TRUE;
    }
    if (g_error_matches(local, VP_ERROR, VP_ERROR_NOT_FOUND) &&
        vp_uuid_parse(domain, &result->uuid))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&local));
    return FALSE;
}

static const char *
display_name(const VpRevokeResult *result)
{
    return result->domain ? result->domain : result->uuid;
}

/* A rule that was changed by hand can still be taken back as a whole. */
static gboolean
revoke_all(VpRevokeResult *result, GError **error)
{
    g_autoptr(GError) local = NULL;
    g_autoptr(VpPolkitRule) rule = vp_polkit_rule_load(result->uuid, &local);
    g_autofree char *path = vp_polkit_path(result->uuid);
    if (!rule && !g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    result->grants = rule ? vp_grants_format(rule->grants) : g_new0(char *, 1);
    return vp_remove_tree(path, error) && vp_sync_folder_of(path, error);
}

static gboolean
revoke_subject(VpRevokeResult *result, const char *subject, GError **error)
{
    g_autoptr(VpPolkitRule) rule = vp_polkit_rule_load(result->uuid, error);
    if (!rule)
        return FALSE;
    int place = vp_grants_find(rule->grants, subject);
    if (place < 0) {
        g_auto(GStrv) there = vp_grants_format(rule->grants);
        g_autofree char *list = g_strjoinv(", ", there);
        vp_error_set(error, VP_ERROR_NOT_FOUND, "%s: nothing is granted to “%s”; there are: %s",
                     display_name(result), subject, list);
        return FALSE;
    }
    if (rule->grants->len == 1)
        return revoke_all(result, error);
    GPtrArray *taken = g_ptr_array_new();
    g_ptr_array_add(taken, vp_grant_format(rule->grants->pdata[place]));
    result->grants = vp_strv_take(taken);
    g_ptr_array_remove_index(rule->grants, (guint)place);
    return vp_polkit_rule_save(rule, TRUE, error);
}

gboolean
vp_revoke(const char *uri, const char *domain, const char *subject, VpRevokeResult **ret_result,
          GError **error)
{
    g_autoptr(VpConnection) connection = vp_connection_open(uri, error);
    if (!connection || !check_daemon(connection, error))
        return FALSE;
    g_autoptr(VpRevokeResult) result = g_new0(VpRevokeResult, 1);
    if (!find_domain(connection, domain, result, error))
        return FALSE;
    g_auto(GStrv) uuids = vp_polkit_list(error);
    if (!uuids)
        return FALSE;
    if (!vp_strv_has(uuids, result->uuid)) {
        vp_error_set(error, VP_ERROR_NOT_FOUND, "%s: virt-porter has granted nothing on it",
                     display_name(result));
        return FALSE;
    }
    if (subject ? !revoke_subject(result, subject, error) : !revoke_all(result, error))
        return FALSE;
    *ret_result = g_steal_pointer(&result);
    return TRUE;
}
