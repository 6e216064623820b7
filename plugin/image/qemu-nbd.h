/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* qemu-nbd: one disk served by qemu-nbd, from its start to its end. */
#pragma once

#include "image/nbd.h"
#include "image/tool.h"

typedef struct {
    const char *image;    /* QEMU's json: name */
    const char *snapshot; /* internal snapshot, or NULL */
    gboolean read_only;
    const char *what;       /* names the disk in messages */
    const int *descriptors; /* become VP_TOOL_IMAGE and the numbers after it */
    guint n_descriptors;
    const VpRunAs *run_as; /* NULL: as the caller */
    /* It holds something on another machine, and must not be killed: Ceph would keep its lock of
     * the image, and let no guest start from it and nobody delete it, for half a minute. */
    gboolean takes_leave;
} VpQemuNbdSpec;

typedef struct {
    VpTool *tool;
    VpNbd *nbd;
    char *what;
    gboolean takes_leave;
} VpQemuNbd;

/* Pure: the command line; NULL-terminated, caller frees with g_strfreev(). */
char **vp_qemu_nbd_format_argv(const VpQemuNbdSpec *spec);

/* Starts qemu-nbd on a socket that only it and we know, and connects. */
VpQemuNbd *vp_qemu_nbd_start(const VpQemuNbdSpec *spec, GError **error);

/* Takes leave and waits: qemu-nbd ends with its last client, once all is written. */
gboolean vp_qemu_nbd_finish(VpQemuNbd *server, GError **error);

/* Ends it at once when it still runs, and frees; NULL is fine. */
void vp_qemu_nbd_free(VpQemuNbd *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpQemuNbd, vp_qemu_nbd_free)
