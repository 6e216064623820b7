/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* snapshot: snapshots of a domain as libvirt knows them. */
#pragma once

#include "virt/domain.h"

/* Names of its snapshots, sorted; NULL-terminated. */
GStrv vp_virt_domain_list_snapshots(VpVirtDomain *domain, GError **error);

/* XML of the snapshot @name, with secrets or without; VP_ERROR_NOT_FOUND names
 * those there are. Caller frees. */
char *vp_virt_domain_get_snapshot_xml(VpVirtDomain *domain, const char *name, gboolean secrets,
                                      GError **error);
