/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/now.h"
#include "host/files.h"

#include <string.h>

gboolean
vp_source_is_same_file(const char *a, const char *b)
{
    if (!a || !b)
        return FALSE;
    if (strcmp(a, b) == 0)
        return TRUE;
    g_autofree char *first = vp_file_identify(a);
    g_autofree char *second = vp_file_identify(b);
    return first && g_strcmp0(first, second) == 0;
}

const VpLayer *
vp_source_find_in_chain(const VpLayer *chain, const char *path)
{
    while (chain && !vp_source_is_same_file(chain->path, path))
        chain = chain->backing;
    return chain;
}

gboolean
vp_source_has_made(const VpSnapshot *snapshot, const char *path)
{
    for (guint i = 0; i < snapshot->disks->len; i++) {
        const VpSnapshotDisk *disk = snapshot->disks->pdata[i];
        if (vp_source_is_same_file(disk->overlay, path))
            return TRUE;
    }
    return FALSE;
}

static char *
find_covered(const VpSnapshot *snapshot, const char *target)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(snapshot->domain);
    const VpDomainDisk *disk = vp_domain_disks_find(disks, target);
    return disk ? g_strdup(disk->path) : NULL;
}

/* Where several took the same name, the file is the last one's. */
const VpSnapshot *
vp_source_find_maker(const VpOpening *opening, const char *target, const char *path,
                     char **ret_below)
{
    const VpSnapshot *last = NULL;
    for (guint i = 0; i < opening->snapshots->len; i++) {
        const VpSnapshot *snapshot = opening->snapshots->pdata[i];
        const VpSnapshotDisk *made = vp_snapshot_find_disk(snapshot, target);
        if (made && vp_source_is_same_file(made->overlay, path) &&
            (!last || vp_source_is_later(opening, last, snapshot)))
            last = snapshot;
    }
    if (last)
        *ret_below = find_covered(last, target);
    return last;
}

void
vp_now_clear(VpNow *now)
{
    g_clear_pointer(&now->chain, vp_layer_free);
    now->found = NULL;
}

static gboolean
find_in_disk(const VpOpening *opening, const VpDomainDisk *today, const char *path, VpNow *ret,
             GError **error)
{
    vp_now_clear(ret);
    ret->chain = vp_source_find_layer(opening, today, opening->active, error);
    ret->found = vp_source_find_in_chain(ret->chain, path);
    return ret->chain != NULL;
}

gboolean
vp_source_find_now(const VpOpening *opening, const VpDomainDisk *disk, GPtrArray *now,
                   const char *path, VpNow *ret, GError **error)
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
