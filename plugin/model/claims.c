/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/claims.h"

#include <string.h>

/* What of a device claims something. */
static const struct {
    const char *device; /* NULL: any character device */
    const char *type;   /* of the device, NULL: any */
    const char *path;   /* of the element below it, NULL: itself */
    const char *attribute;
    const char *what;
    const char *free;   /* value that claims nothing, or NULL */
    const char *settle; /* what makes libvirt find one, "delete" for nothing; NULL: a path */
} claims[] = {
    {NULL, "file", "source", "path", "file", NULL, NULL},
    {NULL, "unix", "source", "path", "file", NULL, NULL},
    {NULL, "tcp", "source", "service", "port", NULL, "service=PORT"},
    {NULL, NULL, "log", "file", "file", NULL, NULL},
    {"graphics", NULL, NULL, "port", "port", "-1", "autoport=yes"},
    {"graphics", NULL, NULL, "tlsPort", "port", "-1", "autoport=yes"},
    {"graphics", NULL, NULL, "websocket", "port", "-1", "websocket=-1"},
    {"graphics", NULL, "listen", "socket", "file", NULL, NULL},
    {"interface", NULL, "target", "dev", "device", NULL, "delete"},
    {"vsock", NULL, "cid", "address", "vsock", NULL, "delete"},
};

static void
claim_free(VpClaim *claim)
{
    g_free(claim->what);
    g_free(claim->place);
    g_free(claim->edit);
    g_free(claim);
}

/* The first console of a machine with serial ports is the first of these, whatever it says. */
static gboolean
is_repeated(const xmlNode *device)
{
    const xmlNode *devices = device->parent;
    g_autofree char *type = vp_xml_get(vp_xml_find(device, "target"), "type");
    return vp_xml_find(devices, "serial") && vp_xml_find(devices, "console") == device &&
           (!type || strcmp(type, "serial") == 0);
}

static gboolean
is_character_device(const xmlNode *device)
{
    static const char *const names[] = {"serial", "parallel", "console", "channel", NULL};
    return g_strv_contains(names, (const char *)device->name) && !is_repeated(device);
}

/* "/log/web.log" for web2 becomes "/log/web2-web.log". */
static char *
own_path(const char *path, const char *name)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *own = g_strdup_printf("%s-%s", name, base);
    return g_build_filename(folder, own, NULL);
}

/* What gives the domain one of its own; caller frees. */
static char *
format_edit(gsize row, const char *place, const char *value, const char *name)
{
    const char *settle = claims[row].settle;
    if (g_strcmp0(settle, "delete") == 0)
        return g_strdup_printf("xpath.delete=%s", place);
    if (settle)
        return g_strdup_printf("%s/@%s", place, settle);
    g_autofree char *own = own_path(value, name);
    return g_strdup_printf("%s/@%s=%s", place, claims[row].attribute, own);
}

static void
add(GPtrArray *list, gsize row, const xmlNode *node, const char *value, const char *name)
{
    g_autofree char *place = vp_xml_place(node);
    VpClaim *claim = g_new0(VpClaim, 1);
    g_autofree char *host = vp_xml_get(node, "host");
    claim->what =
        g_strdup_printf("%s %s%s%s", claims[row].what, host ? host : "", host ? ":" : "", value);
    claim->place = g_strdup_printf("%s/@%s", place, claims[row].attribute);
    claim->edit = format_edit(row, place, value, name);
    g_ptr_array_add(list, claim);
}

/* A port or number that libvirt finds at the start: nothing is claimed before. */
static gboolean
is_found(const xmlNode *device, const xmlNode *node, gsize row)
{
    gboolean own = strcmp(claims[row].attribute, "websocket") == 0; /* no matter of autoport */
    return (vp_xml_has(device, "autoport", "yes") && !own) || vp_xml_has(node, "auto", "yes");
}

static void
look_at_device(GPtrArray *list, const xmlNode *device, const char *name, gboolean live)
{
    for (gsize i = 0; i < G_N_ELEMENTS(claims); i++) {
        if (claims[i].device ? !vp_xml_is(device, claims[i].device) : !is_character_device(device))
            continue;
        const xmlNode *node = claims[i].path ? vp_xml_find(device, claims[i].path) : device;
        g_autofree char *value = vp_xml_get(node, claims[i].attribute);
        if (!value || g_strcmp0(value, claims[i].free) == 0 ||
            (!live && is_found(device, node, i)) ||
            vp_xml_has(node, "mode", "connect") || /* to a peer that listens elsewhere */
            (claims[i].type && !vp_xml_has(device, "type", claims[i].type)))
            continue;
        add(list, i, node, value, name);
    }
}

GPtrArray *
vp_claims_find(xmlDoc *domain, const char *name, gboolean live)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)claim_free);
    const xmlNode *devices = vp_xml_find(xmlDocGetRootElement(domain), "devices");
    for (const xmlNode *node = devices ? devices->children : NULL; node; node = node->next) {
        if (node->type == XML_ELEMENT_NODE && !node->ns)
            look_at_device(list, node, name, live);
    }
    return list;
}
