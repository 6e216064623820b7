/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* restore: RAM given back to a domain, and what that takes. */
#pragma once

#include "virt/connection.h"

/* Starts the domain whose definition stands in the save image @path from it, paused or
 * going on. The daemon reads the file, which is not needed any more afterwards. */
gboolean
vp_virt_restore(VpConnection *connection, const char *path, gboolean paused, GError **error);

/* Saves the domain @uuid, which then is shut off: its next start resumes it, running or
 * paused as @running says. */
gboolean vp_virt_save(VpConnection *connection, const char *uuid, gboolean running, GError **error);

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
