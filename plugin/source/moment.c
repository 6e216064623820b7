/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether the bytes that a snapshot's definition names are still those of its moment:
 * libvirt does not tell when an image was committed to, or written again. */
#include "host/files.h"
#include "source/parts.h"

#include <string.h>
#include <sys/stat.h>

/* Seconds that QEMU may begin an internal snapshot before and after libvirt notes it; before, only
 * because a clock is not exact. */
#define BEFORE_MAX 1
#define AFTER_MAX  3600

/* Seconds before a snapshot in which an image that was written to was on top. */
#define ON_TOP_MAX 1

VpSnapshotKind
vp_source_kind_of_disk(const VpOpening *opening, const VpDomainDisk *disk)
{
    const VpSnapshotDisk *entry =
        opening->snapshot ? vp_snapshot_find_disk(opening->snapshot, disk->target) : NULL;
    return entry ? entry->kind : VP_SNAPSHOT_NONE;
}

/* Where an image lay that lies elsewhere now: an import could make no tree of that. */
static gboolean
doubt_place(const VpOpening *opening, const VpDomainDisk *disk, const char *path, const char *why,
            GError **error)
{
    return opening->options->all_snapshots ? vp_source_refuse_image(opening, disk, path, why, error)
                                           : vp_source_doubt_image(opening, disk, path, why, error);
}

/* One file may have several names. */
static gboolean
is_same(const char *a, const char *b)
{
    if (!a || !b)
        return FALSE;
    if (strcmp(a, b) == 0)
        return TRUE;
    g_autofree char *first = vp_file_identify(a);
    g_autofree char *second = vp_file_identify(b);
    return first && g_strcmp0(first, second) == 0;
}

static const VpLayer *
find_in_chain(const VpLayer *chain, const char *path)
{
    while (chain && !is_same(chain->path, path))
        chain = chain->backing;
    return chain;
}

/* An image that is on top of a disk now is written to, or was and will be. */
static gboolean
check_not_written(const VpOpening *opening, const VpDomainDisk *disk, const VpLayer *chain,
                  GPtrArray *now, GError **error)
{
    for (guint i = 0; i < now->len; i++) {
        const VpDomainDisk *other = now->pdata[i];
        g_autoptr(VpLayer) top =
            vp_xml_find(other->node, "readonly") ? NULL : vp_source_find_top(opening, other, NULL);
        const VpLayer *written = top ? find_in_chain(chain, top->path) : NULL;
        if (written)
            return vp_source_refuse_image(
                opening, disk, written->path,
                "the domain writes to it again, its bytes of that moment are gone", error);
    }
    return TRUE;
}

/* All that a disk is read through now; `found` is a layer of it, or NULL. */
typedef struct {
    VpLayer *chain;
    const VpLayer *found;
} Now;

static void
now_clear(Now *now)
{
    g_clear_pointer(&now->chain, vp_layer_free);
    now->found = NULL;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Now, now_clear)

static gboolean
find_in_disk(const VpOpening *opening, const VpDomainDisk *today, const char *path, Now *ret,
             GError **error)
{
    now_clear(ret);
    ret->chain = vp_source_find_layer(opening, today, opening->active, error);
    ret->found = find_in_chain(ret->chain, path);
    return ret->chain != NULL;
}

/* The image @path in what is read now: first of @disk, then of the others, for it may have
 * another target since. */
static gboolean
find_now(const VpOpening *opening, const VpDomainDisk *disk, GPtrArray *now, const char *path,
         Now *ret, GError **error)
{
    const VpDomainDisk *today = vp_domain_disks_find(now, disk->target);
    if (!path || (today && !find_in_disk(opening, today, path, ret, error)))
        return !path;
    for (guint i = 0; !ret->found && i < now->len; i++) {
        const VpDomainDisk *other = now->pdata[i];
        if (other != today && other->kind != VP_SOURCE_NONE)
            find_in_disk(opening, other, path, ret, NULL);
    }
    return TRUE;
}

static gboolean
is_same_layer(const VpLayer *a, const VpLayer *b)
{
    return a->path ? is_same(a->path, b->path) : g_strcmp0(a->json, b->json) == 0;
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

static const VpSnapshot *
find_snapshot(const VpOpening *opening, const char *name)
{
    for (guint i = 0; name && i < opening->snapshots->len; i++) {
        const VpSnapshot *snapshot = opening->snapshots->pdata[i];
        if (strcmp(snapshot->name, name) == 0)
            return snapshot;
    }
    return NULL;
}

/* A loop of parents ends at the number of snapshots. */
static gboolean
descends(const VpOpening *opening, const VpSnapshot *snapshot, const char *from)
{
    const char *parent = snapshot->parent;
    for (guint i = 0; parent && i < opening->snapshots->len; i++) {
        const VpSnapshot *before = find_snapshot(opening, parent);
        if (strcmp(parent, from) == 0)
            return TRUE;
        parent = before ? before->parent : NULL;
    }
    return FALSE;
}

/* libvirt counts whole seconds, of a clock that may have been set back. */
gboolean
vp_source_is_later(const VpOpening *opening, const VpSnapshot *other)
{
    const VpSnapshot *own = opening->snapshot;
    if (strcmp(other->name, own->name) == 0 || descends(opening, own, other->name))
        return FALSE;
    return other->created >= own->created || descends(opening, other, own->name);
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
            if (is_same(disk->overlay, overlay))
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
        return doubt_place(
            opening, disk, layer->path,
            "what the snapshot put on top of it lies on another image now: the bytes of "
            "that moment may be there",
            error);
    return (below && is_same_layer(below, layer)) || was_on_top(opening, layer) ||
           doubt_place(
               opening, disk, layer->path,
               "what the snapshot put on top was filled since, and does not lie on it: that "
               "it did, and not on another image, cannot be told",
               error);
}

/* As long as what the snapshot put on top is in use, it was not committed to what lies
 * below: that is the image of the moment, and nothing writes to it. Where images between
 * were committed or pulled, the overlay lies on another of the same chain. */
static gboolean
check_overlay(const VpOpening *opening, const VpDomainDisk *disk, const VpLayer *layer,
              GPtrArray *now, GError **error)
{
    const VpSnapshotDisk *entry = vp_snapshot_find_disk(opening->snapshot, disk->target);
    g_auto(Now) is = {0};
    if (!find_now(opening, disk, now, entry->overlay, &is, error))
        return FALSE;
    if (!is.found)
        return doubt_place(
            opening, disk, layer->path,
            "what the snapshot put on top of it is no longer in use: it may have been "
            "committed, and the bytes of that moment cannot be told from others",
            error);
    if (find_heir(opening, entry->overlay))
        return doubt_place(
            opening, disk, layer->path,
            "what lies on top of it is of a later snapshot: the bytes of that moment "
            "cannot be told from others",
            error);
    return check_below(opening, disk, layer, is.found->backing, error);
}

static gboolean
check_external(const VpOpening *opening, const VpDomainDisk *disk, const VpLayer *layer,
               GPtrArray *now, GError **error)
{
    return check_not_written(opening, disk, layer, now, error) &&
           check_overlay(opening, disk, layer, now, error) &&
           vp_source_check_written(opening, disk, layer, error);
}

/* What the image @path of the disk lay on when another snapshot put it on top; or NULL. */
static char *
find_below_by_others(const VpOpening *opening, const char *target, const char *path)
{
    for (guint i = 0; i < opening->snapshots->len; i++) {
        const VpSnapshot *other = opening->snapshots->pdata[i];
        const VpSnapshotDisk *made = vp_snapshot_find_disk(other, target);
        if (!made || made->kind != VP_SNAPSHOT_EXTERNAL || !is_same(made->overlay, path))
            continue;
        g_autoptr(GPtrArray) disks = vp_domain_disks(other->domain);
        const VpDomainDisk *disk = vp_domain_disks_find(disks, target);
        return disk ? g_strdup(disk->path) : NULL;
    }
    return NULL;
}

/* What the disk's image lay on at the moment, as far as libvirt knows: mostly it does where
 * a snapshot put that on top. */
static char *
find_below(const VpOpening *opening, const VpDomainDisk *disk, const char *path)
{
    const char *live = opening->snapshot->live;
    g_autoptr(xmlDoc) doc = live ? vp_xml_parse(live, strlen(live), "snapshot", NULL) : NULL;
    g_autoptr(GPtrArray) disks = doc ? vp_domain_disks(doc) : NULL;
    const VpDomainDisk *then = disks ? vp_domain_disks_find(disks, disk->target) : NULL;
    const xmlNode *source = then ? vp_xml_find_path(then->node, "backingStore/source") : NULL;
    char *below = vp_xml_get(source, "file");
    if (!below)
        below = vp_xml_get(source, "dev");
    return below ? below : find_below_by_others(opening, disk->target, path);
}

gboolean
vp_source_check_entry(const VpOpening *opening, const VpDomainDisk *disk, const char *path,
                      GError **error)
{
    const char *name = opening->snapshot->name;
    VpSnapshotEntry entry;
    if (!vp_snapshot_lookup(path, name, &entry, error))
        return FALSE;
    gint64 late = (gint64)(entry.taken / 1000000000) - opening->snapshot->created;
    return (late >= -BEFORE_MAX && late <= AFTER_MAX) ||
           vp_source_refuse_image(
               opening, disk, path,
               "the snapshot in it was made at another time than libvirt says: it is another",
               error);
}

/* An internal snapshot holds what was written to its image, not what lay below: that must
 * be the same, and nobody may have written to it. */
static gboolean
check_internal(const VpOpening *opening, const VpDomainDisk *disk, const VpLayer *layer,
               GPtrArray *now, GError **error)
{
    g_autofree char *was = find_below(opening, disk, layer->path);
    g_auto(Now) is = {0};
    if (!vp_source_check_entry(opening, disk, layer->path, error))
        return FALSE;
    if (!layer->backing && !was)
        return TRUE;
    if (was && (!layer->backing || !is_same(was, layer->backing->path)) &&
        !doubt_place(opening, disk, layer->path,
                     "it lies on another image than at that moment, which held bytes of it", error))
        return FALSE;
    if (!find_now(opening, disk, now, layer->path, &is, error))
        return FALSE;
    if (!is.found && !doubt_place(opening, disk, layer->path,
                                  "it is no longer in use: what it lies on, with bytes of that "
                                  "moment, may have been written to",
                                  error))
        return FALSE;
    return check_not_written(opening, disk, layer->backing, now, error) &&
           vp_source_check_written(opening, disk, layer->backing, error);
}

gboolean
vp_source_check_moment(const VpOpening *opening, const VpDomainDisk *disk, const VpLayer *layer,
                       GError **error)
{
    if (!opening->snapshot)
        return TRUE;
    g_autoptr(GPtrArray) now = vp_domain_disks(opening->today);
    switch (vp_source_kind_of_disk(opening, disk)) {
    case VP_SNAPSHOT_INTERNAL:
        return check_internal(opening, disk, layer, now, error);
    case VP_SNAPSHOT_EXTERNAL:
        return check_external(opening, disk, layer, now, error);
    case VP_SNAPSHOT_NONE:
    case VP_SNAPSHOT_MANUAL:
        break;
    }
    if (vp_xml_find(disk->node, "readonly"))
        return check_not_written(opening, disk, layer, now, error) &&
               vp_source_check_written(opening, disk, layer, error);
    g_autofree char *source = vp_domain_disk_describe(disk);
    return vp_source_refuse_image(
        opening, disk, source, "was not part of it: its bytes of that moment were not kept", error);
}
