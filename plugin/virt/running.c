/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/running.h"

#include "virt/autoptr.h"
#include <libvirt/virterror.h>

char *
vp_virt_domain_get_live_xml(VpVirtDomain *domain, gboolean secrets, GError **error)
{
    char *xml =
        virDomainGetXMLDesc(vp_virt_domain_peer(domain), secrets ? VIR_DOMAIN_XML_SECURE : 0);
    if (xml == NULL)
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot read its live XML",
                             vp_virt_domain_get_name(domain));
    return xml;
}

/* A virDomain keeps the number it was looked up with. */
int
vp_virt_domain_get_id(VpVirtDomain *domain)
{
    virDomain *old = vp_virt_domain_peer(domain);
    g_autoptr(virDomain) peer =
        virDomainLookupByUUIDString(virDomainGetConnect(old), vp_virt_domain_get_uuid(domain));
    unsigned int id = peer ? virDomainGetID(peer) : (unsigned int)-1;
    return (int)id;
}

gboolean
vp_virt_domain_still_runs(VpVirtDomain *domain, int id)
{
    return id >= 0 && vp_virt_domain_get_id(domain) == id;
}

gboolean
vp_virt_domain_get_disk_size(VpVirtDomain *domain, const char *target, guint64 *ret_capacity,
                             guint64 *ret_allocation, GError **error)
{
    virDomainBlockInfo info;
    if (virDomainGetBlockInfo(vp_virt_domain_peer(domain), target, &info, 0) < 0) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "disk %s: cannot read its size", target);
        return FALSE;
    }
    *ret_capacity = info.capacity;
    *ret_allocation = info.allocation;
    return TRUE;
}

/* What a failed freeze means for the caller, by libvirt's code. */
static const char *
freeze_advice(int code)
{
    switch (code) {
    case VIR_ERR_ARGUMENT_UNSUPPORTED:
    case VIR_ERR_CONFIG_UNSUPPORTED:
        return "give the domain a channel org.qemu.guest_agent.0 and the guest its agent, or "
               "export without --quiesce, as after a power cut";
    case VIR_ERR_AGENT_UNRESPONSIVE:
        return "start qemu-guest-agent in the guest, or export without --quiesce, as after a "
               "power cut";
    default:
        return "export without --quiesce, as after a power cut";
    }
}

gboolean
vp_virt_domain_freeze(VpVirtDomain *domain, GError **error)
{
    virDomain *peer = vp_virt_domain_peer(domain);
    const char *name = vp_virt_domain_get_name(domain);
    if (virDomainFSFreeze(peer, NULL, 0, 0) >= 0)
        return TRUE;

    int code = virGetLastErrorCode();
    g_autoptr(GError) cause = NULL;
    vp_error_set_libvirt(&cause, VP_ERROR_FAILED, "%s: cannot freeze the file systems of the guest",
                         name);
    /* An agent that answers too late, or failed half way, leaves some of them frozen. */
    if (code != VIR_ERR_ARGUMENT_UNSUPPORTED && code != VIR_ERR_CONFIG_UNSUPPORTED)
        virDomainFSThaw(peer, NULL, 0, 0);
    vp_error_set(error, VP_ERROR_FAILED, "%s: %s", cause->message, freeze_advice(code));
    return FALSE;
}

gboolean
vp_virt_domain_thaw(VpVirtDomain *domain, GError **error)
{
    const char *name = vp_virt_domain_get_name(domain);
    if (virDomainFSThaw(vp_virt_domain_peer(domain), NULL, 0, 0) >= 0)
        return TRUE;
    vp_error_set_libvirt(error, VP_ERROR_PARTIAL,
                         "%s: the file systems of the guest may still be frozen: thaw them with "
                         "virsh domfsthaw",
                         name);
    vp_error_add_fix(error, "virsh domfsthaw %s", name);
    return FALSE;
}
