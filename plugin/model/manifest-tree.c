/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What must be true of a manifest with snapshots, beyond its schema. */
#include "model/manifest.h"

#include <string.h>

#define SNAPSHOTS_MAX       1000
#define SNAPSHOTS_MAX_BYTES (64 * 1024 * 1024)

static gboolean damaged(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean
damaged(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *why = g_strdup_vprintf(format, args);
    va_end(args);
    vp_error_set(error, VP_ERROR_DAMAGED, "package.xml: %s", why);
    return FALSE;
}

gboolean
vp_snapshot_name_is_safe(const char *name)
{
    if (!*name || *name == '.' || strchr(name, '/') || strlen(name) > VP_SNAPSHOT_NAME_MAX)
        return FALSE;
    for (const char *at = name; *at; at = g_utf8_next_char(at)) {
        if (g_unichar_iscntrl(g_utf8_get_char(at)))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_name(const VpMoment *moment, GHashTable *names, GError **error)
{
    if (!moment->name)
        return damaged(error, "the snapshot “%s” has no name", moment->id);
    if (!vp_snapshot_name_is_safe(moment->name)) {
        g_autofree char *shown = vp_escape(moment->name);
        vp_error_set(error, VP_ERROR_UNSAFE, "package.xml: “%.80s” is no name of a snapshot",
                     shown);
        return FALSE;
    }
    return g_hash_table_add(names, moment->name) ||
           damaged(error, "two snapshots are called “%s”", moment->name);
}

/* What lies on others, or holds snapshots, is a qcow2 that was kept as it was. */
static gboolean
check_kept(const VpImage *image, GError **error)
{
    return (image->format == VP_IMAGE_FORMAT_QCOW2 && image->file_digest) ||
           damaged(error,
                   "image “%s” cannot have snapshots or lie on another: it is no qcow2 with "
                   "a file-digest",
                   image->id);
}

/* What images lie on is looked at later: here a circle ends at the number of images. */
static gboolean
is_in_chain(const VpManifest *manifest, const char *top, const char *id)
{
    for (guint i = 0; top && i < manifest->images->len; i++) {
        const VpImage *image = vp_manifest_find_image(manifest, top);
        if (strcmp(top, id) == 0)
            return TRUE;
        top = image ? image->backing : NULL;
    }
    return FALSE;
}

static gboolean
is_of_target(const VpManifest *manifest, const char *target, const char *id)
{
    for (guint i = 0; i < manifest->moments->len; i++) {
        const VpMomentDisk *disk = vp_moment_find_disk(manifest->moments->pdata[i], target);
        if (disk && is_in_chain(manifest, disk->image, id))
            return TRUE;
    }
    return FALSE;
}

/* Of an overlay that was filled since: it lies on what is below the image, or on nothing. */
static gboolean
was_filled(const VpManifest *manifest, const VpMomentDisk *disk, const VpImage *overlay)
{
    return !is_in_chain(manifest, disk->image, overlay->id) &&
           (!overlay->backing || is_in_chain(manifest, disk->image, overlay->backing)) &&
           is_of_target(manifest, disk->target, overlay->id);
}

static gboolean
check_overlay(const VpManifest *manifest, const VpMomentDisk *disk, GError **error)
{
    const VpImage *overlay = vp_manifest_find_image(manifest, disk->overlay);
    return (overlay && (g_strcmp0(overlay->backing, disk->image) == 0 ||
                        was_filled(manifest, disk, overlay))) ||
           damaged(error, "the overlay “%s” of disk “%s” does not lie on its image", disk->overlay,
                   disk->target);
}

/* Of the first moment as well: there is no snapshot, and all bytes are there. */
static gboolean
check_disk(const VpManifest *manifest, const VpMoment *moment, const VpMomentDisk *disk,
           GError **error)
{
    if (!moment->snapshot && (disk->snapshot || disk->overlay || !disk->digest))
        return damaged(error, "disk “%s” of the first moment has a snapshot, or no digest",
                       disk->target);
    if (disk->snapshot && (strcmp(disk->snapshot, moment->name) != 0 || !disk->digest))
        return damaged(error, "disk “%s” of the snapshot “%s” has the bytes of another",
                       disk->target, moment->name);
    if (disk->snapshot && !check_kept(vp_manifest_find_image(manifest, disk->image), error))
        return FALSE;
    return !disk->overlay || check_overlay(manifest, disk, error);
}

/* Whether libvirt gives RAM to QEMU is a matter of the state. */
static gboolean
check_state(const VpMoment *moment, GError **error)
{
    const char *state = moment->snapshot ? moment->snapshot->state : NULL;
    gboolean active = g_strcmp0(state, "running") == 0 || g_strcmp0(state, "paused") == 0;
    return !state || active == (moment->consistency == VP_CONSISTENCY_RAM) ||
           damaged(error, "the snapshot “%s” is %s, and %s RAM", moment->name, state,
                   active ? "without" : "with");
}

static gboolean
check_moment(const VpManifest *manifest, const VpMoment *moment, GError **error)
{
    if (!check_state(moment, error))
        return FALSE;
    for (guint i = 0; i < moment->disks->len; i++) {
        if (!check_disk(manifest, moment, moment->disks->pdata[i], error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_images(const VpManifest *manifest, GError **error)
{
    for (guint i = 0; i < manifest->images->len; i++) {
        const VpImage *image = manifest->images->pdata[i];
        if (image->backing && !check_kept(image, error))
            return FALSE;
        if (image->file_digest && image->allocated > image->file_size)
            return damaged(error, "image “%s” has more allocated than its file-size", image->id);
    }
    return TRUE;
}

/* All definitions are in memory at once. */
static gboolean
check_bounds(const VpManifest *manifest, GError **error)
{
    guint64 bytes = 0;
    for (guint i = 1; i < manifest->moments->len; i++) {
        const VpMoment *moment = manifest->moments->pdata[i];
        bytes += moment->snapshot ? moment->snapshot->xml->size : 0;
    }
    if (manifest->moments->len <= SNAPSHOTS_MAX + 1 && bytes <= SNAPSHOTS_MAX_BYTES)
        return TRUE;
    vp_error_set(error, VP_ERROR_UNSAFE,
                 "package.xml: more than %d snapshots, or more than %d MiB of them", SNAPSHOTS_MAX,
                 SNAPSHOTS_MAX_BYTES / 1024 / 1024);
    return FALSE;
}

gboolean
vp_manifest_check_tree(const VpManifest *manifest, GError **error)
{
    if (!check_bounds(manifest, error))
        return FALSE;
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    const VpMoment *first = manifest->moments->pdata[0];
    gboolean current = FALSE;
    if (!first->domain || first->parent)
        return damaged(error, "the first moment has no definition, or a parent");
    for (guint i = 1; i < manifest->moments->len; i++) {
        const VpMoment *moment = manifest->moments->pdata[i];
        if (!moment->snapshot)
            return damaged(error, "moment “%s” is no snapshot", moment->id);
        if (g_strcmp0(moment->parent, first->id) == 0)
            return damaged(error, "the parent of the snapshot “%s” is none", moment->id);
        if (moment->snapshot->current && current)
            return damaged(error, "two snapshots are the current one");
        if (moment->nvram || moment->tpm->len > 0)
            return damaged(error, "the snapshot “%s” lists state of now", moment->id);
        current |= moment->snapshot->current;
        if (!check_name(moment, names, error))
            return FALSE;
    }
    for (guint i = 0; i < manifest->moments->len; i++) {
        if (!check_moment(manifest, manifest->moments->pdata[i], error))
            return FALSE;
    }
    return check_images(manifest, error);
}
