/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* network: disks that QEMU reads over a network, without a secret. */
#pragma once

#include "image/open.h"

/* Where such a disk is, as libvirt's <source type='network'> says it; each may be NULL. */
typedef struct {
    const char *protocol; /* "nbd", "http" … */
    const char *name;     /* export, path, target/lun */
    const char *host;     /* of the first server */
    const char *port;
    const char *socket; /* of a unix transport */
} VpNetworkSource;

/* The layer for QEMU's drivers nbd, http, https, ftp, ftps and iscsi; VP_ERROR_FAILED
 * for another protocol. Caller frees. */
VpLayer *
vp_layer_new_from_network(const VpNetworkSource *source, const char *format, GError **error);
