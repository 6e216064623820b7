/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/running.h"

#include "base/xml.h"
#include "virt/abort.h"
#include "virt/autoptr.h"
#include <libvirt/virterror.h>

/* Seconds that the guest agent is given: to write all that is dirty; to tell whether it still
 * listens. */
#define FREEZE_S 60
#define LISTEN_S 10

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
vp_virt_domain_is_paused(VpVirtDomain *domain)
{
    int state;
    return virDomainGetState(vp_virt_domain_peer(domain), &state, NULL, 0) == 0 &&
           state == VIR_DOMAIN_PAUSED;
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

gboolean
vp_virt_domain_suspend(VpVirtDomain *domain, gboolean *ret_was_running, GError **error)
{
    virDomain *peer = vp_virt_domain_peer(domain);
    int state;
    if (virDomainGetState(peer, &state, NULL, 0) == 0) {
        *ret_was_running = state == VIR_DOMAIN_RUNNING || state == VIR_DOMAIN_BLOCKED;
        if (!*ret_was_running || virDomainSuspend(peer) == 0)
            return TRUE;
    }
    vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot be paused",
                         vp_virt_domain_get_name(domain));
    return FALSE;
}

/* A daemon that is started anew may have let it run on by itself. */
static gboolean
resume(virDomain *peer)
{
    int state;
    return virDomainResume(peer) == 0 ||
           (virDomainGetState(peer, &state, NULL, 0) == 0 && state == VIR_DOMAIN_RUNNING);
}

gboolean
vp_virt_domain_resume(VpVirtDomain *domain, GError **error)
{
    const char *name = vp_virt_domain_get_name(domain);
    if (resume(vp_virt_domain_peer(domain)))
        return TRUE;
    if (vp_virt_domain_reach_again(domain) && resume(vp_virt_domain_peer(domain)))
        return TRUE;
    vp_error_set_libvirt(error, VP_ERROR_PARTIAL,
                         "%s: may still be paused: let it run on with virsh resume", name);
    vp_error_add_fix(error, "virsh resume %s", name);
    return FALSE;
}

gboolean
vp_virt_domain_get_ram_size(VpVirtDomain *domain, guint64 *ret_size, GError **error)
{
    virDomainInfo info;
    if (virDomainGetInfo(vp_virt_domain_peer(domain), &info) < 0) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot read the size of its RAM",
                             vp_virt_domain_get_name(domain));
        return FALSE;
    }
    *ret_size = (guint64)info.maxMem * 1024;
    return TRUE;
}

/* libvirt's <domainsnapshot> of the RAM alone; caller frees. */
static char *
format_ram_snapshot(const char *const *targets, const char *path)
{
    g_autoptr(xmlDoc) doc = vp_xml_new("domainsnapshot");
    xmlNode *root = xmlDocGetRootElement(doc);
    xmlNode *memory = vp_xml_add(root, "memory");
    vp_xml_set(memory, "snapshot", "external");
    vp_xml_set(memory, "file", path);
    xmlNode *disks = vp_xml_add(root, "disks");
    for (const char *const *target = targets; *target; target++) {
        xmlNode *disk = vp_xml_add(disks, "disk");
        vp_xml_set(disk, "name", *target);
        vp_xml_set(disk, "snapshot", "no");
    }
    return vp_xml_format(doc);
}

gboolean
vp_virt_domain_save_ram(VpVirtDomain *domain, const char *const *targets, const char *path,
                        GCancellable *cancellable, GError **error)
{
    virDomain *peer = vp_virt_domain_peer(domain);
    g_autofree char *xml = format_ram_snapshot(targets, path);
    g_autoptr(GError) local = NULL;
    VpAbort abort;
    vp_abort_begin(&abort, peer, cancellable);
    g_autoptr(virDomainSnapshot) snapshot =
        virDomainSnapshotCreateXML(peer, xml, VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA);
    if (snapshot == NULL)
        vp_error_set_libvirt(&local, VP_ERROR_FAILED, "%s: cannot write its RAM to %s",
                             vp_virt_domain_get_name(domain), path);
    vp_abort_end(&abort);
    if (!vp_check_cancelled(cancellable, error))
        return FALSE;
    if (snapshot == NULL)
        g_propagate_error(error, g_steal_pointer(&local));
    return snapshot != NULL;
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

typedef int (*AgentCall)(virDomain *peer, const char **mountpoints, unsigned int n_mountpoints,
                         unsigned int flags);

/* libvirt's own patience has no end. Returns 0, or libvirt's code of the error in *@cause. */
static int
ask_agent(VpVirtDomain *domain, AgentCall call, int seconds, GError **cause)
{
    virDomain *peer = vp_virt_domain_peer(domain);
    int code = 0;
    virDomainAgentSetResponseTimeout(peer, seconds, 0);
    if (call(peer, NULL, 0, 0) < 0) {
        code = virGetLastErrorCode();
        vp_error_set_libvirt(cause, VP_ERROR_FAILED, "%s", vp_virt_domain_get_name(domain));
    }
    virDomainAgentSetResponseTimeout(peer, VIR_DOMAIN_AGENT_RESPONSE_TIMEOUT_BLOCK, 0);
    return code;
}

gboolean
vp_virt_domain_freeze(VpVirtDomain *domain, GError **error)
{
    g_autoptr(GError) cause = NULL;
    int code = ask_agent(domain, virDomainFSFreeze, FREEZE_S, &cause);
    if (code == 0)
        return TRUE;
    /* An agent that answers too late, or failed half way, leaves some of them frozen. */
    if (code != VIR_ERR_ARGUMENT_UNSUPPORTED && code != VIR_ERR_CONFIG_UNSUPPORTED)
        ask_agent(domain, virDomainFSThaw, LISTEN_S, NULL);
    g_prefix_error(&cause, "cannot freeze the file systems of the guest: ");
    vp_error_set(error, VP_ERROR_FAILED, "%s: %s", cause->message, freeze_advice(code));
    return FALSE;
}

gboolean
vp_virt_domain_thaw(VpVirtDomain *domain, GError **error)
{
    const char *name = vp_virt_domain_get_name(domain);
    g_autoptr(GError) cause = NULL;
    if (ask_agent(domain, virDomainFSThaw, FREEZE_S, &cause) == 0)
        return TRUE;
    if (vp_virt_domain_reach_again(domain)) {
        g_clear_error(&cause);
        if (ask_agent(domain, virDomainFSThaw, FREEZE_S, &cause) == 0)
            return TRUE;
    }
    vp_error_set(error, VP_ERROR_PARTIAL,
                 "%s: the file systems of the guest may still be frozen: thaw them with virsh "
                 "domfsthaw",
                 cause->message);
    vp_error_add_fix(error, "virsh domfsthaw %s", name);
    return FALSE;
}
