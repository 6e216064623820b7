/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* now: where an image of a moment lies in what the domain reads now, for source/ only. */
#pragma once

#include "source/parts.h"

/* All that a disk is read through now; `found` is a layer of it, or NULL. */
typedef struct {
    VpLayer *chain;
    const VpLayer *found;
} VpNow;

void vp_now_clear(VpNow *now);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VpNow, vp_now_clear)

/* One file may have several names; NULL is none. */
gboolean vp_source_is_same_file(const char *a, const char *b);

/* The layer of @chain that is the file or block device @path, or NULL. */
const VpLayer *vp_source_find_in_chain(const VpLayer *chain, const char *path);

/* TRUE where @snapshot put the file or block device @path on top of a disk. */
gboolean vp_source_has_made(const VpSnapshot *snapshot, const char *path);

/* The last snapshot that put the file or block device @path on top of the disk @target, or NULL;
 * and in *@ret_below, for the caller to free, what it says that it put it on, or NULL. */
const VpSnapshot *vp_source_find_maker(const VpOpening *opening, const char *target,
                                       const char *path, char **ret_below);

/* The image @path in what the disks @now, of VpDomainDisk, are read through: first that of the
 * target of @disk, then the others, for it may have another target since. Nothing is found of no
 * path. FALSE where the disk of that target cannot be read. */
gboolean vp_source_find_now(const VpOpening *opening, const VpDomainDisk *disk, GPtrArray *now,
                            const char *path, VpNow *ret, GError **error);

/* An image that lies on @below, a file, as @overlay does, is older, and was not put there by any
 * of opening->snapshots: in the folders of both. Caller frees; NULL for none. */
char *vp_source_find_leftover(const VpOpening *opening, const char *below, const char *overlay);

/* FALSE, with an error that offers --exclude, where the definition of @snapshot, one of
 * opening->snapshots, does not say what @layer lies on, and libvirt may have changed it: it put
 * @overlay on top of @layer, or of another image. @disk is what the error is about. */
gboolean vp_source_check_unchanged(const VpOpening *opening, const VpDomainDisk *disk,
                                   const VpSnapshot *snapshot, const VpLayer *layer,
                                   const char *overlay, GError **error);
