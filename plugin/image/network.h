/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* network: disks that QEMU reads over a network, without a secret. Those of Ceph are written too.
 */
#pragma once

#include "base/xml.h"
#include "image/open.h"

/* Where such a disk is, as libvirt's <source type='network'> says it; each may be NULL. */
typedef struct {
    const char *protocol; /* "nbd", "http" … */
    const char *name;     /* export, path, target/lun */
    const char *host;     /* of the first server */
    const char *port;
    const char *socket;         /* of a unix transport */
    const char *const *servers; /* of rbd: "HOST" or "HOST:PORT" each; NULL: ceph.conf says it */
} VpNetworkSource;

/* The layer for QEMU's drivers nbd, http, https, ftp, ftps, iscsi and rbd; VP_ERROR_FAILED
 * for another protocol. Caller frees. */
VpLayer *
vp_layer_new_from_network(const VpNetworkSource *source, const char *format, GError **error);

/* The same from libvirt's <source type='network'>; one that takes a secret is VP_ERROR_FAILED. */
VpLayer *vp_layer_new_from_xml(const xmlNode *source, const char *format, GError **error);

/* Opens the disk of that <source>, new and of @size bytes, to be written through qemu-nbd; @what
 * names it in messages. It has no other name: what was written stays, committed or not. */
VpDiskWriter *
vp_network_open_new(const xmlNode *source, guint64 size, const char *what, GError **error);
