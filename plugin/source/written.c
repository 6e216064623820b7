/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether an image that a snapshot left behind was written to since: a commit that was broken
 * off leaves no other trace than the time of its last write. */
#include "source/parts.h"

#include <fcntl.h>
#include <sys/stat.h>

/* Seconds after the snapshot in which QEMU ends what it still has to write to the image. */
#define LATE_MAX 2

/* Seconds that libvirt may take from the time which it notes to the snapshot itself, to freeze
 * the guest's file systems and make the overlays. */
#define BEGIN_MAX 60

static gint64
get_birth(const char *path)
{
    struct statx status;
    gboolean known =
        statx(AT_FDCWD, path, 0, STATX_BTIME, &status) == 0 && (status.stx_mask & STATX_BTIME);
    return known ? status.stx_btime.tv_sec : 0;
}

/* When the last of the snapshot's overlays was made; -1 where it has none. */
static gint64
find_birth(const VpSnapshot *snapshot)
{
    gint64 birth = -1;
    for (guint i = 0; i < snapshot->disks->len; i++) {
        const VpSnapshotDisk *disk = snapshot->disks->pdata[i];
        if (disk->overlay)
            birth = MAX(birth, get_birth(disk->overlay));
    }
    return birth;
}

/* The last second of the snapshot, as far as it can be told: libvirt writes the save image and
 * makes the overlays, unless the user made them before, and then lets QEMU go over to them. An
 * overlay that is much younger is a copy, or another one of that name. */
static gint64
find_end(const VpSnapshot *snapshot)
{
    struct stat save;
    gint64 begin = snapshot->created;
    gint64 birth = find_birth(snapshot);
    if (snapshot->ram_file && stat(snapshot->ram_file, &save) == 0)
        begin = MAX(begin, (gint64)save.st_mtim.tv_sec);
    if (birth < 0)
        return begin;
    return birth >= begin && birth <= begin + BEGIN_MAX ? birth : begin + BEGIN_MAX;
}

static gboolean
check_layer(const VpOpening *opening, const VpDomainDisk *disk, const VpLayer *layer, gint64 end,
            GError **error)
{
    struct stat status;
    if (layer->kind != VP_LAYER_FILE) {
        vp_source_warn_of_image(
            opening, disk, layer->path ? layer->path : layer->json,
            "whether a commit that was broken off wrote to it cannot be told of what is no file");
        return TRUE;
    }
    if (stat(layer->path, &status) < 0) {
        vp_error_set_errno(error, errno, "%s", layer->path);
        return FALSE;
    }
    if ((gint64)status.st_mtim.tv_sec <= end + LATE_MAX)
        return TRUE;
    g_autofree char *why =
        g_strdup_printf("it was written to %" G_GINT64_FORMAT " s later: a commit that was broken "
                        "off may have changed its bytes of that moment",
                        (gint64)status.st_mtim.tv_sec - opening->snapshot->created);
    return vp_source_doubt_image(opening, disk, layer->path, why, error);
}

gboolean
vp_source_check_written(const VpOpening *opening, const VpDomainDisk *disk, const VpLayer *layer,
                        GError **error)
{
    gint64 end = find_end(opening->snapshot);
    for (; layer; layer = layer->backing) {
        if (!check_layer(opening, disk, layer, end, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
vp_source_check_save(const VpOpening *opening, GError **error)
{
    const VpSnapshot *snapshot = opening->snapshot;
    struct stat save;
    gint64 birth = find_birth(snapshot);
    if (birth < snapshot->created || stat(snapshot->ram_file, &save) < 0 ||
        (gint64)save.st_mtim.tv_sec <= birth + LATE_MAX)
        return TRUE;
    g_autofree char *why =
        g_strdup_printf("snapshot %s: %s: was written %" G_GINT64_FORMAT " s after the disks were "
                        "left: it may hold the RAM of another moment",
                        snapshot->name, snapshot->ram_file, (gint64)save.st_mtim.tv_sec - birth);
    if (opening->options->trust_images) {
        vp_report_add(opening->report, VP_FINDING_UNCHECKED, VP_LEVEL_WARNING, "ram", "%s", why);
        return TRUE;
    }
    vp_error_set(error, VP_ERROR_FAILED, "%s", why);
    vp_error_add_fix(error, VP_TRUST_IMAGES);
    return FALSE;
}
