/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/ram.h"
#include "model/domain.h"

#include <string.h>

VpRam *
vp_ram_new(const char *domain, const char *cookie, gboolean running, GError **error)
{
    g_autoptr(VpRam) ram = g_new0(VpRam, 1);
    ram->running = running;
    ram->cookie = g_strdup(cookie);
    ram->domain = vp_xml_parse(domain, strlen(domain), "the domain of the RAM", error);
    if (!ram->domain || !vp_domain_check(ram->domain, "the domain of the RAM", error))
        return NULL;
    return g_steal_pointer(&ram);
}

void
vp_ram_free(VpRam *ram)
{
    if (!ram)
        return;
    g_clear_pointer(&ram->domain, xmlFreeDoc);
    g_free(ram->cookie);
    g_free(ram);
}

VpRam *
vp_ram_parse(const char *text, gsize length, GError **error)
{
    g_autoptr(xmlDoc) doc = vp_xml_parse(text, length, VP_RAM_XML_NAME, error);
    if (!doc)
        return NULL;
    if (!vp_xml_validate(doc, "ram.rng", error)) {
        g_prefix_error(error, VP_RAM_XML_NAME ": not valid: ");
        return NULL;
    }
    xmlNode *root = xmlDocGetRootElement(doc);
    xmlNode *domain = vp_xml_find(root, "domain");
    xmlNode *cookie = vp_xml_find(root, "cookie");
    g_autofree char *domain_text = vp_xml_format_node(domain);
    g_autofree char *cookie_text = cookie ? vp_xml_format_node(cookie) : NULL;
    return vp_ram_new(domain_text, cookie_text, vp_xml_has(root, "state", "running"), error);
}

char *
vp_ram_format(const VpRam *ram)
{
    g_autoptr(xmlDoc) doc = vp_xml_new("ram");
    xmlNode *root = xmlDocGetRootElement(doc);
    vp_xml_set(root, "state", ram->running ? "running" : "paused");
    xmlAddChild(root, xmlDocCopyNode(xmlDocGetRootElement(ram->domain), doc, 1));
    g_autoptr(xmlDoc) cookie =
        ram->cookie ? vp_xml_parse(ram->cookie, strlen(ram->cookie), "cookie", NULL) : NULL;
    if (cookie)
        xmlAddChild(root, xmlDocCopyNode(xmlDocGetRootElement(cookie), doc, 1));
    return vp_xml_format(doc);
}
