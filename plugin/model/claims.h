/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* claims: what a domain has of its host for itself while it runs: files that it writes, sockets,
 * ports, names of devices. Two domains that claim the same clash. */
#pragma once

#include "base/xml.h"

typedef struct {
    char *what;  /* "file /var/log/x.log", "port 5901", "device web0", "vsock 3" */
    char *place; /* where in the XML, "/domain/devices/serial/source/@path" */
    char *edit;  /* what --xml settles it: "/domain/…=VALUE", "xpath.delete=…" */
} VpClaim;

/* What @domain claims: array of VpClaim that frees its members. @name: of the domain, for the
 * edits that are proposed. @live: it is the definition of a domain that runs, in which what
 * libvirt found for it counts too. */
GPtrArray *vp_claims_find(xmlDoc *domain, const char *name, gboolean live);
