/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether the bytes that a snapshot's definition names are still those of its moment:
 * libvirt does not tell when an image was committed to, or written again. */
#include "host/files.h"
#include "source/now.h"

#include <string.h>

/* How long QEMU may begin an internal snapshot before and after the time that libvirt takes of it;
 * before, only because a clock is not exact. */
#define BEFORE_MAX VP_NS_PER_S
#define AFTER_MAX  (3600 * VP_NS_PER_S)

VpSnapshotKind
vp_source_kind_of_disk(const VpOpening *opening, const VpDomainDisk *disk)
{
    const VpSnapshotDisk *entry =
        opening->snapshot ? vp_snapshot_find_disk(opening->snapshot, disk->target) : NULL;
    return entry ? entry->kind : VP_SNAPSHOT_NONE;
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
vp_source_is_later(const VpOpening *opening, const VpSnapshot *own, const VpSnapshot *other)
{
    if (strcmp(other->name, own->name) == 0 || descends(opening, own, other->name))
        return FALSE;
    return other->created >= own->created || descends(opening, other, own->name);
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
        const VpLayer *written = top ? vp_source_find_in_chain(chain, top->path) : NULL;
        if (written)
            return vp_source_refuse_image(
                opening, disk, written->path,
                "the domain writes to it again, its bytes of that moment are gone", error);
    }
    return TRUE;
}

static gboolean
check_external(const VpOpening *opening, const VpDomainDisk *disk, const VpLayer *layer,
               GPtrArray *now, GError **error)
{
    return check_not_written(opening, disk, layer, now, error) &&
           vp_source_check_overlay(opening, disk, layer, now, error) &&
           vp_source_check_written(opening, disk, layer, error);
}

/* What the definition of @snapshot says that the disk @target lay on below its image, a path or the
 * key of a network disk; *@ret_said: whether it says anything, if only that there was nothing. */
static char *
find_said(const VpSnapshot *snapshot, const char *target, gboolean *ret_said)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(snapshot->live);
    const VpDomainDisk *disk = vp_domain_disks_find(disks, target);
    const xmlNode *below = disk ? vp_xml_find(disk->node, "backingStore") : NULL;
    const xmlNode *source = vp_xml_find(below, "source");
    char *path = vp_xml_get(source, "file");
    if (!path)
        path = vp_xml_get(source, "dev");
    *ret_said = below != NULL;
    return path || !source ? path : vp_domain_source_get_key(source);
}

/* What the disk's image lay on at the moment, as far as libvirt knows: mostly it does where a
 * snapshot put that on top. That is *@ret_maker, where the definition of the moment itself says
 * nothing. */
static char *
find_below(const VpOpening *opening, const VpDomainDisk *disk, const char *path,
           const VpSnapshot **ret_maker)
{
    gboolean said;
    char *below = find_said(opening->snapshot, disk->target, &said);
    if (!said)
        *ret_maker = vp_source_find_maker(opening, disk->target, path, &below);
    return below;
}

/* The snapshot @maker, that says what the image @layer lay on, may not say what it said then. */
static gboolean
check_maker(const VpOpening *opening, const VpDomainDisk *disk, const VpLayer *layer,
            const VpSnapshot *maker, GError **error)
{
    gboolean said;
    g_autofree char *below = find_said(maker, disk->target, &said);
    return said ||
           vp_source_check_unchanged(opening, disk, maker, layer->backing, layer->path, error);
}

gboolean
vp_source_check_entry(const VpOpening *opening, const VpDomainDisk *disk, const char *path,
                      GError **error)
{
    const char *name = opening->snapshot->name;
    VpSnapshotEntry entry;
    if (!vp_snapshot_lookup(path, name, &entry, error))
        return FALSE;
    gint64 second = opening->snapshot->created * VP_NS_PER_S;
    gint64 noted = vp_source_find_noted(opening);
    gint64 late = (gint64)entry.taken - second;
    gboolean known = noted < second || (gint64)entry.taken <= noted + BEFORE_MAX;
    return (known && late >= -BEFORE_MAX && late <= AFTER_MAX) ||
           vp_source_refuse_image(
               opening, disk, path,
               "the snapshot in it was made at another time than libvirt says: it is another",
               error);
}

/* Of a domain that ran libvirt said so where nothing lay below its image. */
static gboolean
check_alone(const VpOpening *opening, const VpDomainDisk *disk, const VpLayer *layer,
            GError **error)
{
    gboolean said =
        vp_snapshot_was_off(opening->snapshot) || vp_xml_find(disk->node, "backingStore");
    return said || vp_source_doubt_place(opening, disk, layer->path,
                                         "it lies on nothing now, and did on an image then, which "
                                         "held bytes of that moment",
                                         error);
}

/* An internal snapshot holds what was written to its image, not what lay below: that must
 * be the same, and nobody may have written to it. */
static gboolean
check_internal(const VpOpening *opening, const VpDomainDisk *disk, const VpLayer *layer,
               GPtrArray *now, GError **error)
{
    const VpSnapshot *maker = NULL;
    g_autofree char *was = find_below(opening, disk, layer->path, &maker);
    g_auto(VpNow) is = {0};
    if (!vp_source_check_entry(opening, disk, layer->path, error))
        return FALSE;
    if (!layer->backing && !was)
        return check_alone(opening, disk, layer, error);
    if (was && (!layer->backing || !vp_source_is_same_file(was, layer->backing->path)) &&
        !vp_source_doubt_place(
            opening, disk, layer->path,
            "it lies on another image than at that moment, which held bytes of it", error))
        return FALSE;
    if (maker && layer->backing && !check_maker(opening, disk, layer, maker, error))
        return FALSE;
    if (!vp_source_find_now(opening, disk, now, layer->path, &is, error))
        return FALSE;
    if (!is.found &&
        !vp_source_doubt_place(opening, disk, layer->path,
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
    if (vp_source_is_unwritten(opening, layer))
        return TRUE;
    g_autofree char *source = vp_domain_disk_describe(disk);
    return vp_source_refuse_image(opening, disk, source,
                                  "was not part of it, and may have been written to since: its "
                                  "bytes of that moment were not kept",
                                  error);
}
