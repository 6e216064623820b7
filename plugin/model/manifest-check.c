/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the schema of a manifest cannot say. */
#include "model/manifest.h"

#define CHAIN_MAX 200 /* images on one another, as in libvirt */

typedef struct {
    const VpManifest *manifest;
    GHashTable *images;  /* id to VpImage */
    GHashTable *moments; /* id to VpMoment */
    GHashTable *members; /* of names */
    GHashTable *needed;  /* of VpImage: those that a disk lies on */
    const char *twice;   /* a member's name */
} Check;

static void
check_clear(Check *check)
{
    g_hash_table_unref(check->images);
    g_hash_table_unref(check->moments);
    g_hash_table_unref(check->members);
    g_hash_table_unref(check->needed);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Check, check_clear)

static void
check_init(Check *check, const VpManifest *manifest)
{
    *check = (Check){
        .manifest = manifest,
        .images = g_hash_table_new(g_str_hash, g_str_equal),
        .moments = g_hash_table_new(g_str_hash, g_str_equal),
        .members = g_hash_table_new(g_str_hash, g_str_equal),
        .needed = g_hash_table_new(NULL, NULL),
    };
}

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

static void
note_member(const char *name, guint64 size, gpointer data)
{
    Check *check = data;
    if (!g_hash_table_add(check->members, (gpointer)name))
        check->twice = name;
}

static gboolean
check_members(Check *check, GError **error)
{
    vp_manifest_foreach_member(check->manifest, note_member, check);
    return !check->twice || damaged(error, "two members are called “%s”", check->twice);
}

static gboolean
check_sizes(const VpImage *image, GError **error)
{
    if (image->virtual_size > VP_IMAGE_MAX_SIZE) {
        vp_error_set(error, VP_ERROR_UNSAFE,
                     "package.xml: image “%s” has a virtual-size above %" G_GUINT64_FORMAT " TiB",
                     image->id, VP_IMAGE_MAX_SIZE >> 40);
        return FALSE;
    }
    return image->file_digest || image->allocated <= image->virtual_size ||
           damaged(error, "image “%s” has more allocated than its virtual-size", image->id);
}

static gboolean
check_images(Check *check, GError **error)
{
    const GPtrArray *images = check->manifest->images;
    for (guint i = 0; i < images->len; i++) {
        VpImage *image = images->pdata[i];
        if (!check_sizes(image, error))
            return FALSE;
        if (!g_hash_table_insert(check->images, image->id, image))
            return damaged(error, "two images have the id “%s”", image->id);
    }
    return TRUE;
}

/* Notes all that @image lies on as needed. */
static gboolean
check_chain(Check *check, const VpImage *image, GError **error)
{
    const VpImage *layer = image;
    for (guint depth = 0; depth < CHAIN_MAX; depth++) {
        g_hash_table_add(check->needed, (gpointer)layer);
        if (!layer->backing)
            return TRUE;
        layer = g_hash_table_lookup(check->images, layer->backing);
        if (!layer)
            return damaged(error, "what image “%s” lies on is missing", image->id);
    }
    return damaged(error, "image “%s” lies on more than %d others, or on itself", image->id,
                   CHAIN_MAX);
}

static gboolean
check_disks(Check *check, const VpMoment *moment, GError **error)
{
    g_autoptr(GHashTable) targets = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < moment->disks->len; i++) {
        const VpMomentDisk *disk = moment->disks->pdata[i];
        const VpImage *image = g_hash_table_lookup(check->images, disk->image);
        if (!g_hash_table_add(targets, disk->target))
            return damaged(error, "disk “%s” is listed twice", disk->target);
        if (!image)
            return damaged(error, "disk “%s” names image “%s”, which is not listed", disk->target,
                           disk->image);
        if (!check_chain(check, image, error))
            return FALSE;
    }
    return TRUE;
}

/* A parent comes before its children: so no circle can be. */
static gboolean
check_moments(Check *check, GError **error)
{
    const GPtrArray *moments = check->manifest->moments;
    for (guint i = 0; i < moments->len; i++) {
        VpMoment *moment = moments->pdata[i];
        if (moment->parent && !g_hash_table_contains(check->moments, moment->parent))
            return damaged(error, "the parent of moment “%s” is not listed before it", moment->id);
        if (!g_hash_table_insert(check->moments, moment->id, moment))
            return damaged(error, "two moments have the id “%s”", moment->id);
        if (!check_disks(check, moment, error))
            return FALSE;
        if (check->manifest->config_only && (moment->nvram || moment->tpm->len > 0))
            return damaged(error, "it says configuration only, and lists state");
    }
    return TRUE;
}

/* What no disk lies on would be proved by nothing. */
static gboolean
check_needed(const Check *check, GError **error)
{
    const GPtrArray *images = check->manifest->images;
    if (check->manifest->config_only && images->len > 0)
        return damaged(error, "it says configuration only, and lists images");
    for (guint i = 0; i < images->len; i++) {
        const VpImage *image = images->pdata[i];
        if (!g_hash_table_contains(check->needed, image))
            return damaged(error, "no disk needs the image “%s”", image->id);
    }
    return TRUE;
}

gboolean
vp_manifest_check(const VpManifest *manifest, GError **error)
{
    g_auto(Check) check;
    check_init(&check, manifest);
    return check_members(&check, error) && check_images(&check, error) &&
           check_moments(&check, error) && check_needed(&check, error) &&
           vp_manifest_check_tree(manifest, error);
}
