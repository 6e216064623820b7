/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether the bytes that a snapshot's definition names are still those of its moment:
 * libvirt does not tell when an image was committed to, or written again. */
#include "source/parts.h"

#include <string.h>

VpSnapshotKind
vp_source_kind_of_disk(const VpOpening *opening, const VpDomainDisk *disk)
{
    const VpSnapshotDisk *entry =
        opening->snapshot ? vp_snapshot_find_disk(opening->snapshot, disk->target) : NULL;
    return entry ? entry->kind : VP_SNAPSHOT_NONE;
}

static gboolean
refuse(const VpOpening *opening, const VpDomainDisk *disk, const char *why, GError **error)
{
    g_autofree char *source = vp_domain_disk_describe(disk);
    vp_error_set(error, VP_ERROR_FAILED, "snapshot %s: disk %s: %s: %s", opening->snapshot->name,
                 disk->target, source, why);
    vp_error_add_fix(error, "--exclude %s", disk->target);
    return FALSE;
}

/* An image that is on top now is written, or was and will be. */
static gboolean
check_not_on_top(const VpOpening *opening, const VpDomainDisk *disk, GPtrArray *now, GError **error)
{
    for (guint i = 0; i < now->len; i++) {
        const VpDomainDisk *other = now->pdata[i];
        if (disk->path && g_strcmp0(other->path, disk->path) == 0)
            return refuse(opening, disk,
                          "the domain writes to it again, its bytes of that moment are gone",
                          error);
    }
    return TRUE;
}

/* Whether the image @path is one of the chain that @disk is read through now. */
static gboolean
chain_has(const VpOpening *opening, const VpDomainDisk *disk, const char *path, gboolean *ret_found,
          GError **error)
{
    g_autoptr(VpLayer) chain = vp_source_find_layer(opening, disk, opening->active, error);
    if (!chain)
        return FALSE;
    for (const VpLayer *layer = chain; layer && !*ret_found; layer = layer->backing)
        *ret_found = g_strcmp0(layer->path, path) == 0;
    return TRUE;
}

/* As long as what the snapshot put on top is in use, it was not committed to what lies
 * below: that is the image of the moment, and nothing writes to it. */
static gboolean
check_overlay(const VpOpening *opening, const VpDomainDisk *disk, GPtrArray *now, GError **error)
{
    const VpSnapshotDisk *entry = vp_snapshot_find_disk(opening->snapshot, disk->target);
    const VpDomainDisk *today = vp_domain_disks_find(now, disk->target);
    gboolean found = FALSE;
    if (today && entry->overlay && !chain_has(opening, today, entry->overlay, &found, error))
        return FALSE;
    if (found)
        return TRUE;
    return refuse(opening, disk,
                  "what the snapshot put on top of it is no longer in use: it may have been "
                  "committed, and the bytes of that moment cannot be told from others",
                  error);
}

static gboolean
check_external(const VpOpening *opening, const VpDomainDisk *disk, GError **error)
{
    g_autoptr(GPtrArray) now = vp_domain_disks(opening->today);
    return check_not_on_top(opening, disk, now, error) && check_overlay(opening, disk, now, error);
}

gboolean
vp_source_check_moment(const VpOpening *opening, const VpDomainDisk *disk, GError **error)
{
    if (!opening->snapshot)
        return TRUE;
    switch (vp_source_kind_of_disk(opening, disk)) {
    case VP_SNAPSHOT_INTERNAL:
        return TRUE;
    case VP_SNAPSHOT_EXTERNAL:
        return check_external(opening, disk, error);
    case VP_SNAPSHOT_NONE:
    case VP_SNAPSHOT_MANUAL:
        break;
    }
    return vp_xml_find(disk->node, "readonly") ||
           refuse(opening, disk, "was not part of it: its bytes of that moment were not kept",
                  error);
}

/* An internal snapshot that must be there to the end, and the same. */
typedef struct {
    char *path;
    char *name;
    VpSnapshotEntry entry;
} Proof;

static void
proof_free(gpointer data)
{
    Proof *proof = data;
    g_free(proof->path);
    g_free(proof->name);
    g_free(proof);
}

static gboolean
prove(gpointer data, GError **error)
{
    const Proof *proof = data;
    VpSnapshotEntry entry;
    if (!vp_snapshot_lookup(proof->path, proof->name, &entry, error))
        return FALSE;
    if (entry.taken == proof->entry.taken && entry.l1_offset == proof->entry.l1_offset)
        return TRUE;
    vp_error_set(error, VP_ERROR_FAILED, "%s: the snapshot %s was made anew while it was read",
                 proof->path, proof->name);
    return FALSE;
}

gboolean
vp_source_add_proof(const VpOpening *opening, const VpLayer *layer, GError **error)
{
    const char *name = opening->snapshot->name;
    VpSnapshotEntry entry;
    if (!vp_snapshot_lookup(layer->path, name, &entry, error))
        return FALSE;
    Proof *proof = g_new0(Proof, 1);
    proof->path = g_strdup(layer->path);
    proof->name = g_strdup(name);
    proof->entry = entry;
    vp_machine_add_proof(opening->machine, prove, proof, proof_free);
    return TRUE;
}
