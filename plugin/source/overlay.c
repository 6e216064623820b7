/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether what an external snapshot put on top of a disk still lies on the image of the moment. As
 * long as it is in use, it was not committed to what lies below: that is the image, and nothing
 * writes to it. Where images between were committed or pulled, the overlay lies on another of the
 * same chain. */
#include "source/now.h"

#include <string.h>
#include <sys/stat.h>

/* Seconds before a snapshot in which an image that was written to was on top. */
#define ON_TOP_MAX 1

static gboolean
is_same_layer(const VpLayer *a, const VpLayer *b)
{
    return a->path ? vp_source_is_same_file(a->path, b->path) : g_strcmp0(a->json, b->json) == 0;
}

/* What is below an image now is part of @chain, down to the end. */
static gboolean
is_end_of(const VpLayer *below, const VpLayer *chain)
{
    while (below && chain && !is_same_layer(below, chain))
        chain = chain->backing;
    while (below && chain && is_same_layer(below, chain)) {
        below = below->backing;
        chain = chain->backing;
    }
    return !below && !chain;
}

/* A later snapshot with an overlay of the same name: the file is that one's. */
static const VpSnapshot *
find_heir(const VpOpening *opening, const char *overlay)
{
    for (guint i = 0; i < opening->snapshots->len; i++) {
        const VpSnapshot *other = opening->snapshots->pdata[i];
        if (!vp_source_is_later(opening, other))
            continue;
        for (guint j = 0; j < other->disks->len; j++) {
            const VpSnapshotDisk *disk = other->disks->pdata[j];
            if (vp_source_is_same_file(disk->overlay, overlay))
                return other;
        }
    }
    return NULL;
}

/* Whether @layer is what the snapshot covered. Its definition may name what lay below that: so
 * libvirt changes it where the snapshot before is deleted. */
static gboolean
was_on_top(const VpOpening *opening, const VpLayer *layer)
{
    struct stat status;
    return layer->path && stat(layer->path, &status) == 0 && S_ISREG(status.st_mode) &&
           status.st_mtim.tv_sec >= opening->snapshot->created - ON_TOP_MAX;
}

/* Whether what the snapshot put on top, which lies on @below now, lay on @layer. */
static gboolean
check_below(const VpOpening *opening, const VpDomainDisk *disk, const VpLayer *layer,
            const VpLayer *below, GError **error)
{
    if (below && !is_end_of(below, layer))
        return vp_source_doubt_place(
            opening, disk, layer->path,
            "what the snapshot put on top of it lies on another image now: the bytes of "
            "that moment may be there",
            error);
    return (below && is_same_layer(below, layer)) || was_on_top(opening, layer) ||
           vp_source_doubt_place(
               opening, disk, layer->path,
               "what the snapshot put on top was filled since, and does not lie on it: that "
               "it did, and not on another image, cannot be told",
               error);
}

gboolean
vp_source_check_overlay(const VpOpening *opening, const VpDomainDisk *disk, const VpLayer *layer,
                        GPtrArray *now, GError **error)
{
    const VpSnapshotDisk *entry = vp_snapshot_find_disk(opening->snapshot, disk->target);
    g_auto(VpNow) is = {0};
    if (!vp_source_find_now(opening, disk, now, entry->overlay, &is, error))
        return FALSE;
    if (!is.found)
        return vp_source_doubt_place(
            opening, disk, layer->path,
            "what the snapshot put on top of it is no longer in use: it may have been "
            "committed, and the bytes of that moment cannot be told from others",
            error);
    if (find_heir(opening, entry->overlay))
        return vp_source_doubt_place(
            opening, disk, layer->path,
            "what lies on top of it is of a later snapshot: the bytes of that moment "
            "cannot be told from others",
            error);
    return check_below(opening, disk, layer, is.found->backing, error);
}
