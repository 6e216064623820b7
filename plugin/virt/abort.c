/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/abort.h"

#define RETRY_US (50 * 1000)

/* In the thread that cancels. The call may not have begun to work yet: then there is nothing
 * to end so far. */
static void
try_until_done(GCancellable *cancellable, gpointer data)
{
    VpAbort *abort = data;
    while (!g_atomic_int_get(&abort->returned) && virDomainAbortJob(abort->peer) < 0)
        g_usleep(RETRY_US);
}

void
vp_abort_begin(VpAbort *abort, virDomain *peer, GCancellable *cancellable)
{
    *abort = (VpAbort){.peer = peer, .cancellable = cancellable};
    /* Not g_cancellable_connect(): that would try here and now, before there is a call. */
    if (cancellable)
        abort->watch =
            g_signal_connect(cancellable, "cancelled", G_CALLBACK(try_until_done), abort);
}

void
vp_abort_end(VpAbort *abort)
{
    g_atomic_int_set(&abort->returned, TRUE);
    g_cancellable_disconnect(abort->cancellable, abort->watch);
}
