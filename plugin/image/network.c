/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/network.h"
#include "base/strings.h"

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

static void
build_server(JsonBuilder *builder, const char *server)
{
    const char *colon = strrchr(server, ':');
    g_autofree char *host = colon ? g_strndup(server, (gsize)(colon - server)) : g_strdup(server);
    json_builder_begin_object(builder);
    add(builder, "host", host);
    add(builder, "port", colon ? colon + 1 : "6789");
    json_builder_end_object(builder);
}

/* QAPI: BlockdevOptionsRbd; libvirt's name is "POOL/IMAGE" or "POOL/NAMESPACE/IMAGE". */
static void
build_rbd(JsonBuilder *builder, const VpNetworkSource *source)
{
    g_auto(GStrv) parts = g_strsplit(source->name ? source->name : "", "/", 3);
    guint n_parts = g_strv_length(parts);
    add(builder, "driver", "rbd");
    add(builder, "pool", n_parts > 0 ? parts[0] : "");
    if (n_parts == 3)
        add(builder, "namespace", parts[1]);
    add(builder, "image", n_parts > 0 ? parts[n_parts - 1] : "");
    if (!source->servers || !source->servers[0])
        return;
    json_builder_set_member_name(builder, "server");
    json_builder_begin_array(builder);
    for (const char *const *server = source->servers; *server; server++)
        build_server(builder, *server);
    json_builder_end_array(builder);
}

VpLayer *
vp_layer_new_from_network(const VpNetworkSource *source, const char *format, GError **error)
{
    static const char *const curl[] = {"http", "https", "ftp", "ftps", NULL};
    g_autoptr(JsonBuilder) builder = json_builder_new();
    json_builder_begin_object(builder);
    if (strcmp(source->protocol, "nbd") == 0) {
        build_nbd(builder, source);
    } else if (strcmp(source->protocol, "rbd") == 0) {
        build_rbd(builder, source);
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

static GStrv
list_servers(const xmlNode *source)
{
    GPtrArray *servers = g_ptr_array_new();
    for (xmlNode *host = vp_xml_find(source, "host"); host; host = vp_xml_find_next(host, "host")) {
        g_autofree char *port = vp_xml_get(host, "port");
        g_autofree char *name = vp_xml_get(host, "name");
        if (name)
            g_ptr_array_add(servers, port ? g_strdup_printf("%s:%s", name, port) : g_strdup(name));
    }
    return vp_strv_take(servers);
}

VpLayer *
vp_layer_new_from_xml(const xmlNode *source, const char *format, GError **error)
{
    if (vp_xml_find(source, "auth")) {
        vp_error_set(error, VP_ERROR_FAILED, "reading this network disk takes a secret");
        return NULL;
    }
    const xmlNode *host = vp_xml_find(source, "host");
    g_autofree char *protocol = vp_xml_get(source, "protocol");
    g_autofree char *name = vp_xml_get(source, "name");
    g_autofree char *address = vp_xml_get(host, "name");
    g_autofree char *port = vp_xml_get(host, "port");
    g_autofree char *socket = vp_xml_get(host, "socket");
    g_auto(GStrv) servers = list_servers(source);
    VpNetworkSource network = {
        .protocol = protocol ? protocol : "",
        .name = name,
        .host = address,
        .port = port,
        .socket = socket,
        .servers = (const char *const *)servers,
    };
    return vp_layer_new_from_network(&network, format, error);
}
