/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/network.h"

#include <json-glib/json-glib.h>
#include <string.h>

static void
add(JsonBuilder *builder, const char *key, const char *value)
{
    json_builder_set_member_name(builder, key);
    json_builder_add_string_value(builder, value);
}

/* QAPI: BlockdevOptionsNbd. */
static void
build_nbd(JsonBuilder *builder, const VpNetworkSource *source)
{
    add(builder, "driver", "nbd");
    json_builder_set_member_name(builder, "server");
    json_builder_begin_object(builder);
    if (source->socket) {
        add(builder, "type", "unix");
        add(builder, "path", source->socket);
    } else {
        add(builder, "type", "inet");
        add(builder, "host", source->host ? source->host : "localhost");
        add(builder, "port", source->port ? source->port : "10809");
    }
    json_builder_end_object(builder);
    if (source->name)
        add(builder, "export", source->name);
}

/* QAPI: BlockdevOptionsCurlHttp and its like. */
static void
build_curl(JsonBuilder *builder, const VpNetworkSource *source)
{
    g_autofree char *url =
        g_strdup_printf("%s://%s%s%s/%s", source->protocol, source->host ? source->host : "",
                        source->port ? ":" : "", source->port ? source->port : "",
                        source->name ? source->name + strspn(source->name, "/") : "");
    add(builder, "driver", source->protocol);
    add(builder, "url", url);
}

/* QAPI: BlockdevOptionsIscsi; libvirt's name is "TARGET/LUN", LUN 0 where it has none. */
static void
build_iscsi(JsonBuilder *builder, const VpNetworkSource *source)
{
    g_auto(GStrv) parts = g_strsplit(source->name ? source->name : "", "/", 2);
    g_autofree char *portal = g_strdup_printf("%s:%s", source->host ? source->host : "localhost",
                                              source->port ? source->port : "3260");
    add(builder, "driver", "iscsi");
    add(builder, "transport", "tcp");
    add(builder, "portal", portal);
    add(builder, "target", parts[0] ? parts[0] : "");
    json_builder_set_member_name(builder, "lun");
    json_builder_add_int_value(
        builder, parts[0] && parts[1] ? (gint64)g_ascii_strtoull(parts[1], NULL, 10) : 0);
}

VpLayer *
vp_layer_new_from_network(const VpNetworkSource *source, const char *format, GError **error)
{
    static const char *const curl[] = {"http", "https", "ftp", "ftps", NULL};
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    if (strcmp(source->protocol, "nbd") == 0) {
        build_nbd(builder, source);
    } else if (strcmp(source->protocol, "iscsi") == 0) {
        build_iscsi(builder, source);
    } else if (g_strv_contains(curl, source->protocol)) {
        build_curl(builder, source);
    } else {
        vp_error_set(error, VP_ERROR_FAILED, "network disks of protocol %s are not read",
                     source->protocol);
        return NULL;
    }
    json_builder_end_object(builder);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    g_autofree char *json = json_to_string(root, FALSE);
    return vp_layer_new_network(json, format);
}
