/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * manifest: package.xml, the list of all that a package holds. The structs are in
 * virt-porter.h, the format in virt-porter-package(5).
 */
#pragma once

#include "base/xml.h"

#define VP_MANIFEST_NAME  "package.xml"
#define VP_MANIFEST_MAJOR 1
#define VP_MANIFEST_MINOR 0

/* Bytes of the largest disk of a package: the zeros of a larger one alone would take
 * hours to prove. */
#define VP_IMAGE_MAX_SIZE (G_GUINT64_CONSTANT(1) << 50)

/* Bytes of a snapshot's name, which libvirt makes a file's name of. */
#define VP_SNAPSHOT_NAME_MAX 250

VpManifest *vp_manifest_new(void);

/* A package.xml as data. Rules, in this order: names of members and XML that are
 * unsafe are VP_ERROR_UNSAFE, a newer major version VP_ERROR_VERSION, what the
 * schema or vp_manifest_check() forbids VP_ERROR_DAMAGED. Elements and attributes of
 * foreign namespaces are skipped. */
VpManifest *vp_manifest_parse(const char *text, gsize length, GError **error);

/* FALSE with VP_ERROR_DAMAGED where @manifest contradicts itself (an image that is named
 * but not there, or there but not needed, two things of one name, images that lie on one
 * another in a circle, more allocated than a disk has, moments that are no tree), with
 * VP_ERROR_UNSAFE where a disk is larger than VP_IMAGE_MAX_SIZE, or a snapshot has a name
 * that libvirt does not take. */
gboolean vp_manifest_check(const VpManifest *manifest, GError **error);

/* The part of vp_manifest_check() that is about snapshots; for manifest-check.c only. */
gboolean vp_manifest_check_tree(const VpManifest *manifest, GError **error);

/* TRUE when libvirt takes @name for a snapshot, and a terminal too. */
gboolean vp_snapshot_name_is_safe(const char *name);

/* The text of package.xml; caller frees. */
char *vp_manifest_format(const VpManifest *manifest);

/* A copy; caller frees with vp_image_free(). */
VpImage *vp_image_copy(const VpImage *image);
void vp_image_free(VpImage *image);

VpMember *vp_member_new(const char *name, guint64 size, const char *digest);
void vp_member_free(VpMember *member);
VpImage *vp_image_new(const char *id);
VpMoment *vp_moment_new(const char *id);
void vp_moment_free(VpMoment *moment);

/* A copy, less all members. */
VpMoment *vp_moment_copy(const VpMoment *moment);

/* Takes over both members. */
VpMomentRam *vp_moment_ram_new(VpMember *description, VpMember *stream, guint64 size);

/* Takes over @xml. */
VpMomentSnapshot *vp_moment_snapshot_new(VpMember *xml, const char *state, guint64 created);
VpMomentDisk *vp_moment_disk_new(const char *target, const char *image, const char *digest);
void vp_moment_disk_free(VpMomentDisk *disk);
VpLeftOut *vp_left_out_new(const char *resource, const char *reason);
void vp_left_out_free(VpLeftOut *left_out);
VpNetworkAdvice *vp_network_advice_new(const char *name, const char *xml);

VpImage *vp_manifest_find_image(const VpManifest *manifest, const char *id);

/* TRUE when images were kept as they were, and an import keeps them so: a domain with its
 * snapshots. */
gboolean vp_manifest_is_tree(const VpManifest *manifest);

/* Names of the internal snapshots that the moments have in the image @id; array of char *
 * that frees its members. */
GPtrArray *vp_manifest_find_snapshots(const VpManifest *manifest, const char *id);

/* The one moment of an ordinary package: the first. */
VpMoment *vp_manifest_get_moment(const VpManifest *manifest);

/* The disk of @moment with this target, or NULL. */
VpMomentDisk *vp_moment_find_disk(const VpMoment *moment, const char *target);

/* TRUE when @name can be a member: relative, at most three folders deep, each part
 * of letters, digits, ".", "_", "-" and "+", none beginning with a dot, none longer
 * than 100 bytes. */
gboolean vp_member_name_is_safe(const char *name);

/* Calls @visit with the name of every member that the manifest lists but itself:
 * images first, in order. */
void vp_manifest_foreach_member(const VpManifest *manifest,
                                void (*visit)(const char *name, guint64 size, gpointer data),
                                gpointer data);

/* Words of the format to their values; FALSE when there is no such word. */
gboolean vp_consistency_parse(const char *text, VpConsistency *ret);
gboolean vp_image_format_parse(const char *text, VpImageFormat *ret);
