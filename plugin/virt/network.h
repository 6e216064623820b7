/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* network: what libvirt connects interfaces to, and filters their traffic with. */
#pragma once

#include "virt/connection.h"

typedef struct {
    char *name;
    gboolean active;
    char *xml; /* inactive where it is persistent, or NULL */
} VpVirtNetwork;

/* All networks, of VpVirtNetwork; NULL where they cannot be listed. Caller frees. */
GPtrArray *vp_virt_list_networks(VpConnection *connection);

/* Names of all network filters; NULL where the driver has none. Caller frees. */
GStrv vp_virt_list_filters(VpConnection *connection);
