/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* process: a tool run by argv, never through a shell. */
#pragma once

#include "base/error.h"
#include <sys/types.h>

/* Whom a tool runs as, and how much it may take. */
typedef struct {
    gboolean drop; /* FALSE: as the caller, without limits */
    uid_t uid;
    gid_t gid;
} VpRunAs;

/* Runs @argv (argv[0] looked up in PATH) to its end, stdin empty, in the C
 * locale. @ret_stdout, may be NULL, gets all it printed (caller frees).
 * A missing tool is VP_ERROR_FAILED and names the tool; a failing one carries the
 * last line of its stderr. A cancelled one is ended and waited for. */
gboolean vp_process_run(const char *const *argv, GCancellable *cancellable, char **ret_stdout,
                        GError **error);
