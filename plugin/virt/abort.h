/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* abort: a call of libvirt that takes its time, ended from outside; for files of virt/ only. */
#pragma once

#include <gio/gio.h>
#include <libvirt/libvirt.h>

/* What ends the call that works on a domain: 0 once it did. */
typedef int (*VpAbortCall)(virDomain *peer);

typedef struct {
    virDomain *peer;
    VpAbortCall call;
    GCancellable *cancellable;
    gulong watch;
    gint returned; /* atomic */
} VpAbort;

/* From now on @call is tried on @peer once @cancellable (may be NULL) is cancelled, until it
 * succeeds or vp_abort_end(). All are the caller's and stay. */
void vp_abort_begin(VpAbort *abort, virDomain *peer, VpAbortCall call, GCancellable *cancellable);

/* The call that was to be ended has returned. */
void vp_abort_end(VpAbort *abort);
