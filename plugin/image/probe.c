/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/probe.h"
#include "base/process.h"
#include "image/tool.h"

#include <errno.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define DENIED ": Permission denied"

static void
snapshot_free(gpointer data)
{
    VpInternalSnapshot *snapshot = data;

    g_free(snapshot->id);
    g_free(snapshot->name);
    g_free(snapshot);
}

void
vp_image_info_free(VpImageInfo *info)
{
    if (!info)
        return;
    g_free(info->format);
    g_free(info->backing);
    g_free(info->backing_format);
    g_ptr_array_unref(info->snapshots);
    g_free(info);
}

static char *
get_string(JsonObject *object, const char *name)
{
    return g_strdup(json_object_get_string_member_with_default(object, name, NULL));
}

static void
add_snapshots(GPtrArray *snapshots, JsonArray *array)
{
    for (guint i = 0; i < json_array_get_length(array); i++) {
        JsonObject *object = json_array_get_object_element(array, i);
        VpInternalSnapshot *snapshot = g_new0(VpInternalSnapshot, 1);

        snapshot->id = get_string(object, "id");
        snapshot->name = get_string(object, "name");
        snapshot->vm_state_size =
            (guint64)json_object_get_int_member_with_default(object, "vm-state-size", 0);
        g_ptr_array_add(snapshots, snapshot);
    }
}

/* Only qcow2 has a data file: format-specific.data.data-file. */
static gboolean
has_data_file(JsonObject *object)
{
    if (!json_object_has_member(object, "format-specific"))
        return FALSE;

    JsonObject *specific = json_object_get_object_member(object, "format-specific");

    if (!json_object_has_member(specific, "data"))
        return FALSE;
    return json_object_has_member(json_object_get_object_member(specific, "data"), "data-file");
}

static VpImageInfo *
info_from_object(JsonObject *object)
{
    VpImageInfo *info = g_new0(VpImageInfo, 1);

    info->format = get_string(object, "format");
    info->virtual_size =
        (guint64)json_object_get_int_member_with_default(object, "virtual-size", 0);
    info->encrypted = json_object_get_boolean_member_with_default(object, "encrypted", FALSE);
    info->data_file = has_data_file(object);
    info->backing = get_string(object, "full-backing-filename");
    if (!info->backing)
        info->backing = get_string(object, "backing-filename");
    info->backing_format = get_string(object, "backing-filename-format");
    info->snapshots = g_ptr_array_new_with_free_func(snapshot_free);
    if (json_object_has_member(object, "snapshots"))
        add_snapshots(info->snapshots, json_object_get_array_member(object, "snapshots"));
    return info;
}

VpImageInfo *
vp_image_info_parse(const char *json, GError **error)
{
    g_autoptr(GError) local = NULL;
    g_autoptr(JsonNode) root = json_from_string(json, &local);

    if (root && JSON_NODE_HOLDS_OBJECT(root))
        return info_from_object(json_node_get_object(root));
    vp_error_set(error, VP_ERROR_FAILED, "qemu-img info: not an answer: %s",
                 local ? local->message : "no JSON object");
    return NULL;
}

/* The tool's words in ours, with the name of the file where people know it. */
static void
explain(const char *filename, GError **error)
{
    gboolean json = g_str_has_prefix(filename, "json:");

    if (!error || g_error_matches(*error, VP_ERROR, VP_ERROR_INTERRUPTED) ||
        vp_error_get_fix(*error)) /* the tool is missing, and no image is at fault */
        return;

    g_autofree char *summary = vp_tool_summarize((*error)->message);
    g_autofree char *what =
        g_strdup_printf("%s%s%s", json ? "" : filename, json ? "" : ": ", summary);

    g_clear_error(error);
    char *denied = strstr(what, DENIED);
    if (!denied) {
        vp_error_set(error, VP_ERROR_FAILED, "%s", what);
        return;
    }
    *denied = '\0';
    vp_error_set_errno(error, EACCES, "%s", what);
}

VpImageInfo *
vp_image_probe(const char *filename, const char *format, GCancellable *cancellable, GError **error)
{
    gboolean json = g_str_has_prefix(filename, "json:");
    const char *plain[] = {"qemu-img", "info", "--output=json", "-f", format, "--", filename, NULL};
    const char *named[] = {"qemu-img", "info", "--output=json", "--", filename, NULL};
    g_autofree char *out = NULL;

    if (!vp_process_run(json ? named : plain, cancellable, &out, error)) {
        explain(filename, error);
        return NULL;
    }
    return vp_image_info_parse(out, error);
}
