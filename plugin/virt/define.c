/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/define.h"

#include "virt/autoptr.h"
#include <libvirt/virterror.h>

/* @taken is what a lookup gave: none, for want of such a domain, is what is hoped
 * for. */
static gboolean
check_free(virDomain *taken, const char *what, const char *option, GError **error)
{
    if (taken == NULL && virGetLastErrorCode() == VIR_ERR_NO_DOMAIN)
        return TRUE;
    if (taken == NULL) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot see whether it is taken", what);
        return FALSE;
    }
    vp_error_set(error, VP_ERROR_FINDINGS,
                 "%s: the domain %s has it already, and is never replaced: choose another with %s",
                 what, virDomainGetName(taken), option);
    vp_error_add_fix(error, "%s", option);
    return FALSE;
}

static gboolean
check_identity_free(VpConnection *connection, const char *name, const char *uuid, GError **error)
{
    g_autofree char *name_shown = vp_escape(name);
    g_autofree char *name_text = g_strdup_printf("name %s", name_shown);
    g_autofree char *uuid_text = g_strdup_printf("UUID %s", uuid);
    g_autoptr(virDomain) same_name = virDomainLookupByName(vp_connection_peer(connection), name);
    if (!check_free(same_name, name_text, "--name NAME", error))
        return FALSE;
    g_autoptr(virDomain) same_uuid =
        virDomainLookupByUUIDString(vp_connection_peer(connection), uuid);
    return check_free(same_uuid, uuid_text, "--uuid new", error);
}

/* Of a define that failed. The daemon may have gone when it was done, and before it answered; the
 * UUID was free before. */
static virDomain *
find_defined(VpConnection *connection, const char *uuid, GError **error)
{
    gboolean anew;
    if (!vp_connection_reach(connection, &anew)) {
        g_autofree char *why = g_strdup((*error)->message);
        g_clear_error(error);
        vp_error_set(error, VP_ERROR_PARTIAL,
                     "%s; the daemon has gone, and the domain %s may be left", why, uuid);
        return NULL;
    }
    virDomain *peer =
        anew ? virDomainLookupByUUIDString(vp_connection_peer(connection), uuid) : NULL;
    if (peer)
        g_clear_error(error);
    return peer;
}

gboolean
vp_virt_define(VpConnection *connection, const char *xml, const char *name, const char *uuid,
               GError **error)
{
    GError *local = NULL;
    /* What came before may have taken long, and the daemon have been updated meanwhile. */
    vp_connection_reach(connection, NULL);
    if (!check_identity_free(connection, name, uuid, error))
        return FALSE;

    g_autoptr(virDomain) peer =
        virDomainDefineXMLFlags(vp_connection_peer(connection), xml, VIR_DOMAIN_DEFINE_VALIDATE);
    if (peer == NULL) {
        g_autofree char *shown = vp_escape(name);
        vp_error_set_libvirt(&local, VP_ERROR_FAILED, "%s: cannot define the domain", shown);
        peer = find_defined(connection, uuid, &local);
    }
    if (peer == NULL)
        g_propagate_error(error, local);
    return peer != NULL;
}

/* The first set that the driver knows is used: other drivers than QEMU's, and
 * older ones, know fewer. */
static const unsigned int undefine_flags[] = {
    VIR_DOMAIN_UNDEFINE_MANAGED_SAVE | VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA |
        VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA | VIR_DOMAIN_UNDEFINE_KEEP_NVRAM |
        VIR_DOMAIN_UNDEFINE_KEEP_TPM,
    VIR_DOMAIN_UNDEFINE_MANAGED_SAVE | VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA |
        VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA | VIR_DOMAIN_UNDEFINE_KEEP_NVRAM,
    VIR_DOMAIN_UNDEFINE_MANAGED_SAVE | VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA,
    0,
};

static gboolean
is_unknown_flag(int code)
{
    return code == VIR_ERR_INVALID_ARG || code == VIR_ERR_ARGUMENT_UNSUPPORTED ||
           code == VIR_ERR_NO_SUPPORT;
}

static gboolean
undefine(virDomain *peer)
{
    for (guint i = 0; i < G_N_ELEMENTS(undefine_flags); i++) {
        if (virDomainUndefineFlags(peer, undefine_flags[i]) == 0)
            return TRUE;
        if (!is_unknown_flag(virGetLastErrorCode()))
            return FALSE;
    }
    return FALSE;
}

static gboolean
check_shut_off(virDomain *peer, GError **error)
{
    const char *name = virDomainGetName(peer);
    int active = virDomainIsActive(peer);
    if (active == 0)
        return TRUE;
    if (active < 0)
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot read its state", name);
    else
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: the domain runs and is not undefined: shut it off first", name);
    return FALSE;
}

gboolean
vp_virt_undefine(VpConnection *connection, const char *uuid, GError **error)
{
    g_autoptr(virDomain) peer = virDomainLookupByUUIDString(vp_connection_peer(connection), uuid);
    if (peer == NULL && virGetLastErrorCode() == VIR_ERR_NO_DOMAIN)
        return TRUE;
    if (peer == NULL) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot look up the domain", uuid);
        return FALSE;
    }
    if (!check_shut_off(peer, error))
        return FALSE;
    const char *name = virDomainGetName(peer);
    if (undefine(peer))
        return TRUE;
    vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot undefine it", name);
    return FALSE;
}

static virDomain *
lookup_uuid(VpConnection *connection, const char *uuid, GError **error)
{
    virDomain *peer = virDomainLookupByUUIDString(vp_connection_peer(connection), uuid);
    if (peer == NULL)
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot look up the domain", uuid);
    return peer;
}

gboolean
vp_virt_start(VpConnection *connection, const char *uuid, GError **error)
{
    g_autoptr(virDomain) peer = lookup_uuid(connection, uuid, error);
    if (peer == NULL)
        return FALSE;
    const char *name = virDomainGetName(peer);
    if (virDomainCreate(peer) == 0)
        return TRUE;
    vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot start it", name);
    return FALSE;
}

gboolean
vp_virt_set_autostart(VpConnection *connection, const char *uuid, GError **error)
{
    g_autoptr(virDomain) peer = lookup_uuid(connection, uuid, error);
    if (peer == NULL)
        return FALSE;
    const char *name = virDomainGetName(peer);
    if (virDomainSetAutostart(peer, 1) == 0)
        return TRUE;
    vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot mark it for autostart", name);
    return FALSE;
}
