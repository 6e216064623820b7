/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/open.h"
#include "image/probe.h"

#include <json-glib/json-glib.h>
#include <stdint.h>
#include <sys/stat.h>

#define LAYERS_MAX 200

static VpLayer *
layer_new(VpLayerKind kind, const char *format)
{
    VpLayer *layer = g_new0(VpLayer, 1);

    layer->kind = kind;
    layer->format = g_strdup(format);
    return layer;
}

VpLayer *
vp_layer_new_file(const char *path, const char *format)
{
    VpLayer *layer = layer_new(VP_LAYER_FILE, format);

    layer->path = g_strdup(path);
    return layer;
}

VpLayer *
vp_layer_new_block(const char *path, const char *format)
{
    VpLayer *layer = layer_new(VP_LAYER_BLOCK, format);

    layer->path = g_strdup(path);
    return layer;
}

VpLayer *
vp_layer_new_network(const char *json, const char *format)
{
    VpLayer *layer = layer_new(VP_LAYER_NETWORK, format);

    layer->json = g_strdup(json);
    return layer;
}

void
vp_layer_free(VpLayer *layer)
{
    while (layer) {
        VpLayer *backing = layer->backing;

        g_free(layer->path);
        g_free(layer->json);
        g_free(layer->format);
        g_free(layer);
        layer = backing;
    }
}

static gboolean
knows_backing(const char *format)
{
    static const char *const formats[] = {"qcow2", "qed", "qcow", "vmdk", NULL};

    return g_strv_contains(formats, format);
}

/* QEMU's node of the bytes that the layer's format lies in. */
static JsonNode *
build_protocol(const VpLayer *layer)
{
    if (layer->kind == VP_LAYER_NETWORK) {
        JsonNode *given = json_from_string(layer->json, NULL);

        return given ? given : json_node_new(JSON_NODE_NULL);
    }

    JsonObject *object = json_object_new();

    json_object_set_string_member(object, "driver",
                                  layer->kind == VP_LAYER_BLOCK ? "host_device" : "file");
    json_object_set_string_member(object, "filename", layer->path);

    JsonNode *node = json_node_new(JSON_NODE_OBJECT);

    json_node_take_object(node, object);
    return node;
}

/* QEMU's node of the layer, without what lies below it. */
static JsonObject *
build_layer(const VpLayer *layer)
{
    JsonObject *object = json_object_new();

    json_object_set_string_member(object, "driver", layer->format);
    json_object_set_boolean_member(object, "read-only", TRUE);
    json_object_set_member(object, "file", build_protocol(layer));
    if (layer->shared)
        json_object_set_boolean_member(object, "force-share", TRUE);
    if (knows_backing(layer->format))
        json_object_set_null_member(object, "backing");
    return object;
}

static char *
format_object(JsonObject *object)
{
    g_autoptr(JsonNode) node = json_node_init_object(json_node_alloc(), object);
    g_autofree char *json = json_to_string(node, FALSE);

    return g_strconcat("json:", json, NULL);
}

char *
vp_layer_format_json(const VpLayer *layer)
{
    g_autoptr(JsonObject) top = build_layer(layer);
    JsonObject *above = top;

    for (const VpLayer *below = layer->backing; below; below = below->backing) {
        JsonObject *object = build_layer(below);

        json_object_set_object_member(above, "backing", object);
        above = object;
    }
    return format_object(top);
}

static const char *
get_name(const VpLayer *layer)
{
    return layer->path ? layer->path : layer->json;
}

static VpImageInfo *
probe_layer(const VpLayer *layer, GCancellable *cancellable, GError **error)
{
    g_autoptr(JsonObject) object = build_layer(layer);
    g_autofree char *json = format_object(object);
    struct stat st;

    if (layer->path && stat(layer->path, &st) < 0) {
        vp_error_set_errno(error, errno, "%s", layer->path);
        return NULL;
    }

    VpImageInfo *info = vp_image_probe(json, layer->format, cancellable, error);

    if (!info)
        g_prefix_error(error, "%s: ", get_name(layer));
    return info;
}

static gboolean
check_info(const VpLayer *layer, const VpImageInfo *info, GError **error)
{
    if (info->encrypted) {
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: the image is encrypted: leave the disk out, or convert it first",
                     get_name(layer));
        return FALSE;
    }
    if (info->data_file) {
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: the image keeps its data in another file, which is not supported: "
                     "leave the disk out, or convert it first",
                     get_name(layer));
        return FALSE;
    }
    return TRUE;
}

/* The layer that the header of @layer names. */
static VpLayer *
layer_below(const VpLayer *layer, const VpImageInfo *info, GError **error)
{
    struct stat st;

    if (!info->backing_format) {
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: does not say the format of its backing file %s: say it with "
                     "qemu-img rebase -u -F FORMAT",
                     get_name(layer), info->backing);
        return NULL;
    }
    if (!g_path_is_absolute(info->backing)) {
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: its backing file %s is no file of this host: leave the disk out",
                     get_name(layer), info->backing);
        return NULL;
    }
    if (stat(info->backing, &st) < 0) {
        vp_error_set_errno(error, errno, "%s: its backing file %s", get_name(layer), info->backing);
        return NULL;
    }
    return S_ISBLK(st.st_mode) ? vp_layer_new_block(info->backing, info->backing_format)
                               : vp_layer_new_file(info->backing, info->backing_format);
}

GHashTable *
vp_layer_known_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                 (GDestroyNotify)vp_image_info_free);
}

/* Another where the file has changed; NULL where nobody can tell. */
static char *
format_state(const VpLayer *layer)
{
    struct stat st;

    if (layer->kind != VP_LAYER_FILE || stat(layer->path, &st) < 0)
        return NULL;
    return g_strdup_printf("%s %d %ju %ju %jd %jd.%ld %jd.%ld %s", layer->format, layer->shared,
                           (uintmax_t)st.st_dev, (uintmax_t)st.st_ino, (intmax_t)st.st_size,
                           (intmax_t)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
                           (intmax_t)st.st_ctim.tv_sec, st.st_ctim.tv_nsec, layer->path);
}

static gboolean
take_info(VpLayer *layer, const VpImageInfo *info, GError **error)
{
    if (!check_info(layer, info, error))
        return FALSE;
    if (layer->backing || layer->ends || !info->backing)
        return TRUE;
    layer->backing = layer_below(layer, info, error);
    return layer->backing != NULL;
}

static gboolean
resolve_layer(VpLayer *layer, GHashTable *known, GCancellable *cancellable, GError **error)
{
    g_autofree char *state = known ? format_state(layer) : NULL;
    const VpImageInfo *info = state ? g_hash_table_lookup(known, state) : NULL;

    if (info)
        return take_info(layer, info, error);

    g_autoptr(VpImageInfo) probed = probe_layer(layer, cancellable, error);

    if (!probed || !take_info(layer, probed, error))
        return FALSE;
    if (state)
        g_hash_table_insert(known, g_steal_pointer(&state), g_steal_pointer(&probed));
    return TRUE;
}

gboolean
vp_layer_resolve(VpLayer *layer, GHashTable *known, GCancellable *cancellable, GError **error)
{
    guint depth = 0;

    for (VpLayer *at = layer; at; at = at->backing) {
        if (++depth > LAYERS_MAX) {
            vp_error_set(error, VP_ERROR_FAILED, "%s: more than %d layers", get_name(layer),
                         LAYERS_MAX);
            return FALSE;
        }
        if (!vp_check_cancelled(cancellable, error) ||
            !resolve_layer(at, known, cancellable, error))
            return FALSE;
    }
    return TRUE;
}
