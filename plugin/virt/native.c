/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/native.h"

#include "base/xml.h"
#include <json-glib/json-glib.h>
#include <libvirt/virterror.h>
#include <string.h>

/* libvirt's names for the two flash chips: code, variables. */
#define CODE_NODE      "libvirt-pflash0-storage"
#define VARIABLES_NODE "libvirt-pflash1-storage"

/* QEMU's command line for @xml, without its NICs: libvirt opens a tap device for each,
 * which a plain user may not, and which is no business of a look. */
static char *
find_command(VpConnection *connection, const char *xml)
{
    g_autoptr(xmlDoc) doc = vp_xml_parse(xml, strlen(xml), "domain XML", NULL);
    xmlNode *devices = doc ? vp_xml_find(xmlDocGetRootElement(doc), "devices") : NULL;
    if (devices)
        vp_xml_remove_all(devices, "interface");
    g_autofree char *asked = doc ? vp_xml_format(doc) : g_strdup(xml);
    return virConnectDomainXMLToNative(vp_connection_peer(connection), "qemu-argv", asked, 0);
}

gboolean
vp_virt_check_xml(VpConnection *connection, const char *xml, gboolean *ret_unsupported,
                  GError **error)
{
    g_autofree char *command = find_command(connection, xml);
    *ret_unsupported = FALSE;
    if (command != NULL)
        return TRUE;
    switch (virGetLastErrorCode()) {
    case VIR_ERR_NO_SUPPORT:
    case VIR_ERR_ACCESS_DENIED:
    case VIR_ERR_OPERATION_DENIED:
        *ret_unsupported = TRUE;
        return TRUE;
    case VIR_ERR_NO_SECRET:
        vp_error_set_libvirt(error, VP_ERROR_NOT_FOUND, "domain XML");
        return FALSE;
    default:
        vp_error_set_libvirt(error, VP_ERROR_FINDINGS, "domain XML: libvirt refuses it");
        return FALSE;
    }
}

/* File of the -blockdev @argument when its node is @node; NULL else. */
static char *
parse_blockdev(const char *argument, const char *node)
{
    g_autoptr(JsonNode) root = json_from_string(argument, NULL);
    if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root))
        return NULL;

    JsonObject *object = json_node_get_object(root);
    if (g_strcmp0(json_object_get_string_member_with_default(object, "node-name", NULL), node) != 0)
        return NULL;
    return g_strdup(json_object_get_string_member_with_default(object, "filename", NULL));
}

static char *
find_in_command(VpConnection *connection, const char *xml, const char *node)
{
    g_auto(GStrv) argv = NULL;
    g_autofree char *command = find_command(connection, xml);
    if (command == NULL || !g_shell_parse_argv(command, NULL, &argv, NULL))
        return NULL;

    for (guint i = 0; argv[i + 1] != NULL; i++) {
        if (!g_str_equal(argv[i], "-blockdev"))
            continue;
        char *path = parse_blockdev(argv[i + 1], node);
        if (path != NULL)
            return path;
    }
    return NULL;
}

/* An XML that names the file needs no question; one whose chips libvirt fills in
 * does. */
static char *
find_flash(VpConnection *connection, const char *xml, const char *place, const char *node)
{
    g_autoptr(xmlDoc) doc = vp_xml_parse(xml, strlen(xml), "domain XML", NULL);
    if (doc == NULL)
        return NULL;
    g_autofree char *named = vp_xml_get_text(vp_xml_find_path(xmlDocGetRootElement(doc), place));
    if (named != NULL && *g_strstrip(named) != '\0')
        return g_steal_pointer(&named);
    return find_in_command(connection, xml, node);
}

char *
vp_virt_find_firmware(VpConnection *connection, const char *xml)
{
    return find_flash(connection, xml, "os/loader", CODE_NODE);
}

char *
vp_virt_find_nvram(VpConnection *connection, const char *xml)
{
    return find_flash(connection, xml, "os/nvram", VARIABLES_NODE);
}
