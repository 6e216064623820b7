/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/restore.h"
#include "base/fd.h"
#include "virt/abort.h"
#include "virt/autoptr.h"

#include <fcntl.h>
#include <libvirt/virterror.h>

static virDomain *
lookup(VpConnection *connection, const char *uuid, GError **error)
{
    virDomain *peer = virDomainLookupByUUIDString(vp_connection_peer(connection), uuid);
    if (peer == NULL)
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot look up the domain", uuid);
    return peer;
}

/* In the thread that cancels: the RAM ends here, so that QEMU ends by itself. */
static void
cut_short(GCancellable *cancellable, gpointer fd)
{
    if (ftruncate(GPOINTER_TO_INT(fd), 0) < 0)
        g_debug("cannot cut the save image short: %s", g_strerror(errno));
}

/* Not virDomainDestroy(): libvirt 9 crashes at times when a domain is destroyed while it is
 * restored. A save image that ends too early is a failure it knows. */
gboolean
vp_virt_restore(VpConnection *connection, const VpRestore *restore, GCancellable *cancellable,
                GError **error)
{
    unsigned int flags = restore->paused ? VIR_DOMAIN_SAVE_PAUSED : VIR_DOMAIN_SAVE_RUNNING;
    vp_autofd int fd = open(restore->path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        vp_error_set_errno(error, errno, "%s", restore->path);
        return FALSE;
    }
    gulong watch = 0;
    if (cancellable)
        watch =
            g_cancellable_connect(cancellable, G_CALLBACK(cut_short), GINT_TO_POINTER(fd), NULL);
    int answer = virDomainRestoreFlags(vp_connection_peer(connection), restore->path, NULL, flags);
    g_autoptr(GError) local = NULL;
    if (answer < 0) {
        vp_error_set_libvirt(&local, VP_ERROR_FAILED, "cannot resume the RAM");
        vp_error_add_fix(&local, "--ram drop");
    }
    g_cancellable_disconnect(cancellable, watch);
    if (!vp_check_cancelled(cancellable, error))
        return FALSE;
    if (answer < 0)
        g_propagate_error(error, g_steal_pointer(&local));
    return answer == 0;
}

gboolean
vp_virt_save(VpConnection *connection, const char *uuid, gboolean running,
             GCancellable *cancellable, GError **error)
{
    unsigned int flags = running ? VIR_DOMAIN_SAVE_RUNNING : VIR_DOMAIN_SAVE_PAUSED;
    g_autoptr(virDomain) peer = lookup(connection, uuid, error);
    if (peer == NULL)
        return FALSE;
    VpAbort abort;
    vp_abort_begin(&abort, peer, cancellable);
    int answer = virDomainManagedSave(peer, flags);
    g_autoptr(GError) local = NULL;
    if (answer < 0)
        vp_error_set_libvirt(&local, VP_ERROR_FAILED, "%s: cannot save the resumed domain", uuid);
    vp_abort_end(&abort);
    if (!vp_check_cancelled(cancellable, error))
        return FALSE;
    if (answer < 0)
        g_propagate_error(error, g_steal_pointer(&local));
    return answer == 0;
}

gboolean
vp_virt_stop(VpConnection *connection, const char *uuid, GError **error)
{
    g_autoptr(virDomain) peer = virDomainLookupByUUIDString(vp_connection_peer(connection), uuid);
    if (peer == NULL && virGetLastErrorCode() == VIR_ERR_NO_DOMAIN)
        return TRUE;
    if (peer != NULL && (virDomainIsActive(peer) == 0 || virDomainDestroy(peer) == 0))
        return TRUE;
    /* Its run may have ended in between. */
    if (peer != NULL && virGetLastErrorCode() == VIR_ERR_OPERATION_INVALID)
        return TRUE;
    vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot end its run", uuid);
    return FALSE;
}

gboolean
vp_virt_check_cpu(VpConnection *connection, const VpCpuQuestion *question, GError **error)
{
    int answer = virConnectCompareHypervisorCPU(
        vp_connection_peer(connection), NULL, question->arch, question->machine,
        question->virt_type, question->cpu, VIR_CONNECT_COMPARE_CPU_FAIL_INCOMPATIBLE);
    if (answer == VIR_CPU_COMPARE_IDENTICAL || answer == VIR_CPU_COMPARE_SUPERSET)
        return TRUE;
    gboolean lacks =
        answer == VIR_CPU_COMPARE_INCOMPATIBLE || virGetLastErrorCode() == VIR_ERR_CPU_INCOMPATIBLE;
    vp_error_set_libvirt(error, lacks ? VP_ERROR_FINDINGS : VP_ERROR_FAILED, "CPU");
    return FALSE;
}
