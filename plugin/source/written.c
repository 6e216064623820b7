/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether an image that a snapshot left behind was written to since: a commit that was broken
 * off leaves no other trace than the time of its last write. */
#include "host/files.h"
#include "source/parts.h"

/* After the overlays of a domain that runs are made, the guest may write to what lies below until
 * QEMU goes over to them: 10 ms on a quiet host, 0.1 s and once 0.9 s on one that was busy. */
#define LATE_MAX (2 * VP_NS_PER_S)

/* What libvirt may take from the time which it notes to the snapshot itself, to freeze the guest's
 * file systems and make the overlays. */
#define BEGIN_MAX (60 * VP_NS_PER_S)

/* What another clock, as of a NFS server, may be ahead of libvirt's. */
#define AHEAD_MAX (2 * VP_NS_PER_S)

/* When the steps of a snapshot were: libvirt takes the time, writes the save image and makes the
 * overlays, unless the user made them before, lets QEMU go over to them and notes all that. */
typedef struct {
    gint64 second; /* as libvirt counts */
    gint64 saved;  /* the save image was written, or 0 */
    gint64 birth;  /* the last of the overlays was made, or 0 */
    gint64 noted;  /* vp_source_find_noted() */
} Times;

static gint64
find_birth(const VpSnapshot *snapshot)
{
    gint64 birth = 0;
    for (guint i = 0; i < snapshot->disks->len; i++) {
        const VpSnapshotDisk *disk = snapshot->disks->pdata[i];
        if (disk->overlay)
            birth = MAX(birth, vp_file_get_birth(disk->overlay));
    }
    return birth;
}

gint64
vp_source_find_noted(const VpOpening *opening)
{
    g_autofree char *path =
        vp_path_snapshot(vp_source_get_scope(opening), vp_virt_domain_get_name(opening->domain),
                         opening->snapshot->name);
    return vp_file_get_written(path);
}

static Times
find_times(const VpOpening *opening)
{
    const VpSnapshot *snapshot = opening->snapshot;
    return (Times){
        .second = snapshot->created * VP_NS_PER_S,
        .saved = snapshot->ram_file ? vp_file_get_written(snapshot->ram_file) : 0,
        .birth = find_birth(snapshot),
        .noted = vp_source_find_noted(opening),
    };
}

/* A file that libvirt made for the snapshot was there when it noted that. */
static gboolean
was_there(const Times *times, gint64 time)
{
    return times->noted < times->second || time <= times->noted + AHEAD_MAX;
}

/* When libvirt was ready to make the overlays. A younger save image has other RAM. */
static gint64
find_begin(const Times *times)
{
    return was_there(times, times->saved) ? MAX(times->second, times->saved) : times->second;
}

/* The overlays are of the snapshot: one that is much younger, or younger than the note, is a copy,
 * or another one of that name. */
static gboolean
knows_birth(const Times *times)
{
    return times->birth >= times->second && times->birth <= find_begin(times) + BEGIN_MAX &&
           was_there(times, times->birth);
}

/* The end of the snapshot, as far as it can be told. */
static gint64
find_end(const VpOpening *opening)
{
    Times times = find_times(opening);
    gint64 begin = find_begin(&times);
    gint64 end = begin + VP_NS_PER_S;
    if (knows_birth(&times))
        begin = end = times.birth;
    if (!vp_snapshot_was_off(opening->snapshot))
        end += LATE_MAX;
    return times.noted > begin ? MIN(end, times.noted) : end; /* else of another clock */
}

/* Of a medium that the guest cannot write to there is no overlay, and so no commit. */
static gboolean
check_other(const VpOpening *opening, const VpDomainDisk *disk, const VpLayer *layer,
            GError **error)
{
    const char *name = layer->path ? layer->path : layer->json;
    const char *why = "whether it was written to since, as by a commit that was broken off, can be "
                      "told of files only";
    if (!vp_xml_find(disk->node, "readonly"))
        return vp_source_doubt_image(opening, disk, name, why, error);
    vp_source_warn_of_image(opening, disk, name, why);
    return TRUE;
}

static gboolean
check_layer(const VpOpening *opening, const VpDomainDisk *disk, const VpLayer *layer, gint64 end,
            GError **error)
{
    gint64 written = vp_file_get_written(layer->path);
    gint64 late = written - end;
    if (written == 0)
        return vp_source_doubt_image(opening, disk, layer->path,
                                     "whether it was written to since cannot be seen", error);
    if (late <= 0)
        return TRUE;
    g_autofree char *why =
        g_strdup_printf("it was written to %.1f s after the snapshot: a commit that was broken "
                        "off may have changed its bytes of that moment",
                        (double)late / VP_NS_PER_S);
    return vp_source_doubt_image(opening, disk, layer->path, why, error);
}

gboolean
vp_source_check_written(const VpOpening *opening, const VpDomainDisk *disk, const VpLayer *layer,
                        GError **error)
{
    gint64 end = find_end(opening);
    for (; layer; layer = layer->backing) {
        gboolean fine = layer->kind == VP_LAYER_FILE ? check_layer(opening, disk, layer, end, error)
                                                     : check_other(opening, disk, layer, error);
        if (!fine)
            return FALSE;
    }
    return TRUE;
}

gboolean
vp_source_is_unwritten(const VpOpening *opening, const VpLayer *layer)
{
    Times times = find_times(opening);
    gint64 begin = knows_birth(&times) ? times.birth : times.second;
    for (; layer; layer = layer->backing) {
        gint64 born = layer->kind == VP_LAYER_FILE ? vp_file_get_birth(layer->path) : 0;
        if (born == 0 || born > begin || vp_file_get_written(layer->path) > begin)
            return FALSE;
    }
    return TRUE;
}

gboolean
vp_source_check_save(const VpOpening *opening, GError **error)
{
    const VpSnapshot *snapshot = opening->snapshot;
    Times times = find_times(opening);
    gint64 late = times.birth < times.second ? 0 : times.saved - times.birth;
    if (late <= LATE_MAX && was_there(&times, times.saved))
        return TRUE;
    g_autofree char *why =
        g_strdup_printf("snapshot %s: %s: was written %.1f s after the %s: it may hold the RAM of "
                        "another moment",
                        snapshot->name, snapshot->ram_file,
                        (double)(late > LATE_MAX ? late : times.saved - times.noted) / VP_NS_PER_S,
                        late > LATE_MAX ? "disks were left" : "snapshot");
    if (opening->options->trust_images) {
        vp_report_add(opening->report, VP_FINDING_UNCHECKED, VP_LEVEL_WARNING, "ram", "%s", why);
        return TRUE;
    }
    vp_error_set(error, VP_ERROR_FAILED, "%s", why);
    vp_error_add_fix(error, VP_TRUST_IMAGES);
    return FALSE;
}
