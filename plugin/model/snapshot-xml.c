/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/snapshot-xml.h"
#include "model/origin.h"

const char *const vp_snapshot_definitions[VP_SNAPSHOT_DEFINITIONS + 1] = {"domain",
                                                                          "inactiveDomain", NULL};

xmlDoc *
vp_snapshot_xml_parse(const char *text, gsize length, const char *what, GError **error)
{
    g_autoptr(xmlDoc) doc = vp_xml_parse(text, length, what, error);
    if (!doc)
        return NULL;
    const xmlNode *root = xmlDocGetRootElement(doc);
    if (vp_xml_is(root, "domainsnapshot") && vp_xml_find(root, "name") &&
        vp_xml_find(root, "domain"))
        return g_steal_pointer(&doc);
    vp_error_set(error, VP_ERROR_DAMAGED, "%s: no snapshot with a name and a definition", what);
    return NULL;
}

xmlDoc *
vp_snapshot_xml_find_domain(xmlDoc *snapshot, const char *element)
{
    xmlNode *node = vp_xml_find(xmlDocGetRootElement(snapshot), element);
    if (!node)
        return NULL;
    xmlDoc *doc = xmlNewDoc((const xmlChar *)"1.0");
    xmlNode *copy = xmlDocCopyNode(node, doc, 1);
    xmlNodeSetName(copy, (const xmlChar *)"domain");
    xmlDocSetRootElement(doc, copy);
    return doc;
}

void
vp_snapshot_xml_set_domain(xmlDoc *snapshot, const char *element, xmlDoc *domain)
{
    xmlNode *node = vp_xml_find(xmlDocGetRootElement(snapshot), element);
    xmlNode *copy = xmlDocCopyNode(xmlDocGetRootElement(domain), snapshot, 1);
    xmlNodeSetName(copy, (const xmlChar *)element);
    xmlReplaceNode(node, copy);
    xmlFreeNode(node);
}

void
vp_snapshot_xml_strip(xmlDoc *snapshot)
{
    for (const char *const *element = vp_snapshot_definitions; *element; element++) {
        g_autoptr(xmlDoc) domain = vp_snapshot_xml_find_domain(snapshot, *element);
        if (!domain)
            continue;
        vp_origin_remove(domain);
        vp_snapshot_xml_set_domain(snapshot, *element, domain);
    }
}
