/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * writer: a package being made, beside its final name. The manifest is written last,
 * and the name given when all is on stable storage.
 */
#pragma once

#include "model/manifest.h"

typedef struct _VpPackageWriter VpPackageWriter;

/* Begins the package at @path. With @replace a package that is there is replaced at
 * the end, in one step; else, and for anything that is no package, VP_ERROR_FAILED. */
VpPackageWriter *vp_package_writer_new(const char *path, gboolean replace, GError **error);
void vp_package_writer_free(VpPackageWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpPackageWriter, vp_package_writer_free)

/* Where the member @name is to be written; its folder is made. Caller frees. */
char *vp_package_writer_reserve(VpPackageWriter *writer, const char *name, GError **error);

/* Writes the member @name; how the manifest lists it. Caller frees. */
VpMember *
vp_package_writer_add(VpPackageWriter *writer, const char *name, GBytes *data, GError **error);

/* Writes @manifest, syncs, and gives the package its name. @ret_identity gets the
 * SHA-256 of the manifest, caller frees. */
gboolean vp_package_writer_commit(VpPackageWriter *writer, const VpManifest *manifest,
                                  char **ret_identity, GError **error);

/* Removes all that was written, after something failed: *@error says so where that cannot be. */
void vp_package_writer_abandon(VpPackageWriter *writer, GError **error);

/* VP_ERROR_FAILED unless a package can be made at @path: as vp_package_writer_new(),
 * but nothing is made. */
gboolean vp_package_writer_check(const char *path, gboolean replace, GError **error);
