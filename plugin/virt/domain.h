/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* domain: domains and their snapshots as libvirt knows them. */
#pragma once

#include "virt/connection.h"
#include "virt/native.h"

typedef struct _VpVirtDomain VpVirtDomain;

void vp_virt_domain_free(VpVirtDomain *domain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpVirtDomain, vp_virt_domain_free)

/* The domain of this name, else of this UUID; VP_ERROR_NOT_FOUND names up to ten
 * that there are. */
VpVirtDomain *
vp_virt_domain_lookup(VpConnection *connection, const char *name_or_uuid, GError **error);

const char *vp_virt_domain_get_name(const VpVirtDomain *domain);
const char *vp_virt_domain_get_uuid(const VpVirtDomain *domain);

/* TRUE in *@ret when it runs or is paused; when it has a managed save image; when
 * it is persistent. */
gboolean vp_virt_domain_is_active(VpVirtDomain *domain, gboolean *ret, GError **error);
gboolean vp_virt_domain_has_managed_save(VpVirtDomain *domain, gboolean *ret, GError **error);

/* The inactive definition (for a transient domain the live one), with secrets or
 * without; caller frees. */
char *vp_virt_domain_get_xml(VpVirtDomain *domain, gboolean secrets, GError **error);

/* TRUE in *@ret when it starts with the host. */
gboolean vp_virt_domain_get_autostart(VpVirtDomain *domain, gboolean *ret, GError **error);

/* Names of its snapshots, sorted; NULL-terminated. */
GStrv vp_virt_domain_list_snapshots(VpVirtDomain *domain, GError **error);

/* XML of the snapshot @name, with secrets or without; VP_ERROR_NOT_FOUND names
 * those there are. Caller frees. */
char *vp_virt_domain_get_snapshot_xml(VpVirtDomain *domain, const char *name, gboolean secrets,
                                      GError **error);

/* All domains of a connection, active or not: name, UUID and inactive XML ("<domain/>"
 * where the caller may not read it). */
typedef struct {
    char *name;
    char *uuid;
    char *xml;
} VpVirtDomainEntry;

/* Array of VpVirtDomainEntry that frees its members, sorted by name. */
GPtrArray *vp_virt_list_domains(VpConnection *connection, GError **error);

/* Defines @xml, validated against libvirt's schema. libvirt would overwrite a
 * domain of the same name and UUID in silence: both are looked up first, and taken
 * ones are VP_ERROR_FINDINGS. */
gboolean vp_virt_define(VpConnection *connection, const char *xml, const char *name,
                        const char *uuid, GError **error);

/* Undefines the domain @uuid; its NVRAM and TPM files stay, its managed save and the
 * metadata of its snapshots go. One that runs is refused; no such domain is no error. */
gboolean vp_virt_undefine(VpConnection *connection, const char *uuid, GError **error);

/* What `virsh start` and `virsh autostart` do to the domain @uuid. */
gboolean vp_virt_start(VpConnection *connection, const char *uuid, GError **error);
gboolean vp_virt_set_autostart(VpConnection *connection, const char *uuid, GError **error);

/* For files of virt/ only. */
virDomain *vp_virt_domain_peer(const VpVirtDomain *domain);
