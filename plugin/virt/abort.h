/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* abort: a job of libvirt that takes its time, ended from outside; for files of virt/ only. */
#pragma once

#include <gio/gio.h>
#include <libvirt/libvirt.h>

typedef struct {
    virDomain *peer;
    GCancellable *cancellable;
    gulong watch;
    gint returned; /* atomic */
} VpAbort;

/* From now on the job of @peer is aborted once @cancellable (may be NULL) is cancelled: tried
 * until that succeeds or vp_abort_end(). All are the caller's and stay. */
void vp_abort_begin(VpAbort *abort, virDomain *peer, GCancellable *cancellable);

/* The call whose job was to be aborted has returned. */
void vp_abort_end(VpAbort *abort);
