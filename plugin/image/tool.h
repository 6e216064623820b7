/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tool: a QEMU tool that serves until we are done with it. It sees no path of
 * ours on its command line but those of its argv, gets its sockets as descriptors,
 * and says what went wrong through us, never on our stderr.
 */
#pragma once

#include "base/process.h"

/* The descriptor numbers under which a tool finds what VpToolSpec passes. */
#define VP_TOOL_LISTENER 3 /* as of systemd's socket activation */
#define VP_TOOL_IMAGE    4

#define VP_TOOL_IMAGES_MAX 200 /* as many as a chain has layers */

typedef struct {
    const char *const *argv; /* argv[0] is looked up in PATH */
    int listener;            /* a listening socket: VP_TOOL_LISTENER; -1 for none */
    const int *images;       /* become VP_TOOL_IMAGE and the numbers after it */
    guint n_images;
    const VpRunAs *run_as; /* NULL: as the caller */
} VpToolSpec;

typedef struct _VpTool VpTool;

/* Starts it; all descriptors stay the caller's. VP_ERROR_FAILED when there is no
 * such program, named with the package that has it. */
VpTool *vp_tool_start(const VpToolSpec *spec, GError **error);

/* Waits for its end; what it complained of becomes the error when it failed.
 * @what names in messages what it worked on. VP_ERROR_INTERRUPTED, while it goes on,
 * when the current cancellable is cancelled. */
gboolean vp_tool_wait(VpTool *tool, const char *what, GError **error);

/* Ends it, and puts its own complaint, when it has one, in place of the text of
 * *@error: the tool knows better why it was of no use. */
void vp_tool_blame(VpTool *tool, const char *what, GError **error);

/* Waits for its end: its exit status, -1 when a signal ended it, or it goes on as above. */
int vp_tool_wait_status(VpTool *tool);

/* Its process, 0 once ended. */
GPid vp_tool_get_pid(const VpTool *tool);

/* Asks it to end, and waits as long as @seconds for that. */
void vp_tool_end(VpTool *tool, guint seconds);

/* Ends it at once, waits, and frees. */
void vp_tool_free(VpTool *tool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpTool, vp_tool_free)

/* Pure: what people need of @messages, all that a tool of QEMU printed; NULL when
 * it printed nothing. Caller frees. */
char *vp_tool_summarize(const char *messages);
