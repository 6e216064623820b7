/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/firmware.h"
#include "base/strings.h"

#include <json-glib/json-glib.h>

static const char *const folders[] = {"/etc/qemu/firmware", "/usr/share/qemu/firmware"};

/* Adds mapping.PART.filename. */
static void
add_filename(JsonObject *mapping, const char *part, GHashTable *paths)
{
    if (!json_object_has_member(mapping, part))
        return;
    JsonNode *node = json_object_get_member(mapping, part);
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return;
    const char *path =
        json_object_get_string_member_with_default(json_node_get_object(node), "filename", NULL);
    if (path)
        g_hash_table_add(paths, g_strdup(path));
}

static void
read_descriptor(const char *path, GHashTable *paths)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    if (!json_parser_load_from_file(parser, path, NULL))
        return;
    JsonNode *root = json_parser_get_root(parser);
    if (!root || !JSON_NODE_HOLDS_OBJECT(root))
        return;
    JsonObject *descriptor = json_node_get_object(root);
    if (!json_object_has_member(descriptor, "mapping"))
        return;
    JsonNode *node = json_object_get_member(descriptor, "mapping");
    if (!JSON_NODE_HOLDS_OBJECT(node))
        return;
    JsonObject *mapping = json_node_get_object(node);
    add_filename(mapping, "executable", paths);
    add_filename(mapping, "nvram-template", paths);
    const char *memory = json_object_get_string_member_with_default(mapping, "filename", NULL);
    if (memory)
        g_hash_table_add(paths, g_strdup(memory));
}

static void
read_folder(const char *folder, GHashTable *paths)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_str_has_suffix(name, ".json"))
            read_descriptor(path, paths);
    }
}

GStrv
vp_firmware_list(void)
{
    g_autoptr(GHashTable) paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++)
        read_folder(folders[i], paths);
    return vp_strv_from_keys(paths);
}
