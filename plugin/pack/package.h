/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * package: a package that lies on disk, read. It is somebody else's file: names are
 * followed one folder at a time, never through a link, and only to plain files.
 */
#pragma once

#include "model/manifest.h"
#include "model/ram.h"

/* Bytes of the largest member that is held in memory: domain XML, NVRAM, TPM state. */
#define VP_PACKAGE_MAX_MEMBER (64 * 1024 * 1024)

typedef struct _VpPackage VpPackage;

/* Opens the package at @path and reads its manifest. No such folder is
 * VP_ERROR_NOT_FOUND, one without manifest VP_ERROR_DAMAGED. Never writes. */
VpPackage *vp_package_open(const char *path, GError **error);
void vp_package_close(VpPackage *package);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpPackage, vp_package_close)

/* Owned by the package: its absolute path, the SHA-256 of its manifest, the manifest. */
const char *vp_package_get_path(const VpPackage *package);
const char *vp_package_get_identity(const VpPackage *package);
const VpManifest *vp_package_get_manifest(const VpPackage *package);

/* Takes the manifest out, to outlive the package; caller frees. */
VpManifest *vp_package_steal_manifest(VpPackage *package);

/* Adds to an error VP_ERROR_DAMAGED what to do about a damaged package; vp_package_open()
 * does so itself. */
void vp_package_advise(GError **error);

/* A descriptor, read-only, of the member @name, which must be a plain file of @size
 * bytes: VP_ERROR_DAMAGED when it is missing or of another size, VP_ERROR_UNSAFE when
 * it is a link, a device or the like. -1 on error; caller closes. */
int
vp_package_open_member(const VpPackage *package, const char *name, guint64 size, GError **error);

/* The bytes of @member, proved by size and digest; caller unrefs. */
GBytes *vp_package_load_member(const VpPackage *package, const VpMember *member, GError **error);

/* What the package says of @ram, a RAM of its manifest; caller frees. */
VpRam *vp_package_load_ram(const VpPackage *package, const VpMomentRam *ram, GError **error);

/* Paths below the package, sorted, of files, links and folders that the manifest does
 * not list or need; array of char * that frees its members. */
GPtrArray *vp_package_find_extra(const VpPackage *package, GError **error);
