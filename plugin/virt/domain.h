/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* domain: domains as libvirt knows them. */
#pragma once

#include "virt/connection.h"

typedef struct _VpVirtDomain VpVirtDomain;

void vp_virt_domain_free(VpVirtDomain *domain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpVirtDomain, vp_virt_domain_free)

/* The domain of this name, else of this UUID; VP_ERROR_NOT_FOUND names up to ten
 * that there are. @connection outlives it. */
VpVirtDomain *
vp_virt_domain_lookup(VpConnection *connection, const char *name_or_uuid, GError **error);

const char *vp_virt_domain_get_name(const VpVirtDomain *domain);
const char *vp_virt_domain_get_uuid(const VpVirtDomain *domain);

/* After a call that failed: TRUE when the daemon had gone, as for an update, and is reached again,
 * so that the call may be tried anew. Waits for that for a while. */
gboolean vp_virt_domain_reach_again(VpVirtDomain *domain);

/* FALSE when the last call did not reach the daemon. */
gboolean vp_virt_domain_is_reached(const VpVirtDomain *domain);

/* TRUE in *@ret when it runs or is paused; when it has a managed save image. */
gboolean vp_virt_domain_is_active(VpVirtDomain *domain, gboolean *ret, GError **error);
gboolean vp_virt_domain_has_managed_save(VpVirtDomain *domain, gboolean *ret, GError **error);

/* The inactive definition (for a transient domain the live one), with secrets or
 * without; caller frees. */
char *vp_virt_domain_get_xml(VpVirtDomain *domain, gboolean secrets, GError **error);

/* TRUE in *@ret when it starts with the host. */
gboolean vp_virt_domain_get_autostart(VpVirtDomain *domain, gboolean *ret, GError **error);

/* All domains of a connection: name, UUID, inactive XML ("<domain/>" where the caller may not
 * read it), and the live XML of one that runs or is paused. */
typedef struct {
    char *name;
    char *uuid;
    char *xml;
    char *live; /* or NULL */
} VpVirtDomainEntry;

/* Array of VpVirtDomainEntry that frees its members, sorted by name. */
GPtrArray *vp_virt_list_domains(VpConnection *connection, GError **error);

/* For files of virt/ only. */
virDomain *vp_virt_domain_peer(const VpVirtDomain *domain);
