/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether what an external snapshot put on top of a disk still lies on the image of the moment. As
 * long as it is in use, it was not committed to what lies below: that is the image, and nothing
 * writes to it. Where images between were committed or pulled, the overlay lies on another of the
 * same chain. */
#include "source/now.h"

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
        if (vp_source_is_later(opening, opening->snapshot, other) &&
            vp_source_has_made(other, overlay))
            return other;
    }
    return NULL;
}

/* libvirt knows what an image lies on that it put there while the domain ran, and where it lies on
 * nothing; else it goes by the header at each start. */
static gboolean
knew_below(const VpOpening *opening, const VpLayer *layer, const char *target)
{
    if (!layer->backing)
        return TRUE;
    g_autofree char *below = NULL;
    const VpSnapshot *maker = vp_source_find_maker(opening, target, layer->path, &below);
    return maker && !vp_snapshot_was_off(maker) &&
           vp_source_is_same_file(below, layer->backing->path);
}

/* Whether a definition that does not say what @layer lies on once did. Where libvirt forgets a
 * snapshot it changes the next one's: that names the image below the overlay of the forgotten one,
 * as if this had been committed to it, and no more. */
static gboolean
was_changed(const VpOpening *opening, const VpSnapshot *snapshot, const VpLayer *layer,
            const char *target)
{
    return !vp_snapshot_was_off(snapshot) && knew_below(opening, layer, target);
}

/* Of a snapshot whose definition does not say whether it is still that of the moment. */
static gboolean
check_leftover(const VpOpening *opening, const VpDomainDisk *disk, const VpLayer *layer,
               const char *overlay, GError **error)
{
    g_autofree char *leftover =
        layer->path ? vp_source_find_leftover(opening, layer->path, overlay) : NULL;
    if (!leftover)
        return TRUE;
    g_autofree char *why =
        g_strdup_printf("%s lies on it as well, and is older than what a snapshot put on top: "
                        "it may be of a snapshot that libvirt was made to forget, and the bytes "
                        "of that moment be there",
                        leftover);
    return vp_source_doubt_image(opening, disk, layer->path, why, error);
}

gboolean
vp_source_check_unchanged(const VpOpening *opening, const VpDomainDisk *disk,
                          const VpSnapshot *snapshot, const VpLayer *layer, const char *overlay,
                          GError **error)
{
    if (was_changed(opening, snapshot, layer, disk->target))
        return vp_source_doubt_image(
            opening, disk, layer->path,
            "libvirt changed what it says of the snapshot when another was deleted: the bytes of "
            "that moment may be elsewhere",
            error);
    return check_leftover(opening, disk, layer, overlay, error);
}

/* Whether @overlay, which the snapshot put on top and which lies on @below now, lay on @layer. */
static gboolean
check_below(const VpOpening *opening, const VpDomainDisk *disk, const VpLayer *layer,
            const char *overlay, const VpLayer *below, GError **error)
{
    if (below && !is_end_of(below, layer))
        return vp_source_doubt_place(
            opening, disk, layer->path,
            "what the snapshot put on top of it lies on another image now: the bytes of "
            "that moment may be there",
            error);
    if (vp_xml_find(disk->node, "backingStore"))
        return TRUE;
    if (!below || !is_same_layer(below, layer))
        return vp_source_doubt_place(
            opening, disk, layer->path,
            "what the snapshot put on top was filled since, and does not lie on it: that "
            "it did, and not on another image, cannot be told",
            error);
    return vp_source_check_unchanged(opening, disk, opening->snapshot, layer, overlay, error);
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
    return check_below(opening, disk, layer, entry->overlay, is.found->backing, error);
}
