/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tree: the image files of a domain with its snapshots, for source/ only. */
#pragma once

#include "model/tree.h"
#include "source/parts.h"

/* For which disk an image is found. */
typedef struct {
    const VpOpening *opening;
    VpTree *tree;
    const char *target;
} VpLooking;

/* Adds what @layer lies on, then itself; each file once, locked against writers as long as
 * the tree lives. Returns the image that it is. @top: what the disk lies on now. */
VpTreeImage *
vp_source_add_chain(const VpLooking *looking, const VpLayer *layer, gboolean top, GError **error);

/* The image in the file or block device @path, or NULL. */
VpTreeImage *vp_source_find_image(const VpTree *tree, const char *path);

/* TRUE when all of a chain can be copied as it is. */
gboolean vp_source_can_keep(const VpLayer *layer);

/* Warns of internal snapshots in @image that no moment needs. */
gboolean
vp_source_warn_of_strangers(const VpOpening *opening, const VpTreeImage *image, GError **error);
