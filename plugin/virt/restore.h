/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* restore: RAM given back to a domain, and what that takes. */
#pragma once

#include "virt/connection.h"

/* RAM that is to be resumed. */
typedef struct {
    const char *uuid; /* of the domain, which is defined and does not run */
    const char *path; /* of a save image with its definition; read by the daemon, not needed
                         any more afterwards, and emptied where the call is cancelled */
    gboolean paused;  /* else it goes on */
} VpRestore;

/* Starts the domain from its RAM. Once it is cancelled the start fails with
 * VP_ERROR_INTERRUPTED; where the RAM had been read by then, the domain runs, which is the
 * caller's to end. */
gboolean vp_virt_restore(VpConnection *connection, const VpRestore *restore,
                         GCancellable *cancellable, GError **error);

/* Saves the domain @uuid, which then is shut off: its next start resumes it, running or
 * paused as @running says. Once it is cancelled the domain is as it was. */
gboolean vp_virt_save(VpConnection *connection, const char *uuid, gboolean running,
                      GCancellable *cancellable, GError **error);

/* Ends the run of the domain @uuid at once; one that does not run, or is not there, is no
 * error. */
gboolean vp_virt_stop(VpConnection *connection, const char *uuid, GError **error);

/* What a CPU is asked about. */
typedef struct {
    const char *arch;
    const char *machine;   /* or NULL */
    const char *virt_type; /* "kvm", "qemu" */
    const char *cpu;       /* <cpu> as XML */
} VpCpuQuestion;

/* TRUE where the host's own hypervisor can give a guest that CPU. FALSE with
 * VP_ERROR_FINDINGS where it cannot, with VP_ERROR_FAILED where it cannot be told. */
gboolean vp_virt_check_cpu(VpConnection *connection, const VpCpuQuestion *question, GError **error);
