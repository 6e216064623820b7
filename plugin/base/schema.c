/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/schema.h"

#include <libxml/relaxng.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlRelaxNG, xmlRelaxNGFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlRelaxNGParserCtxt, xmlRelaxNGFreeParserCtxt)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlRelaxNGValidCtxt, xmlRelaxNGFreeValidCtxt)

/* What libxml2 says is of no use here, and it prints without a handler. */
static void
ignore_fault(void *data, xmlErrorPtr fault)
{
}

static gboolean
is_valid(xmlRelaxNG *grammar, xmlDoc *doc)
{
    g_autoptr(xmlRelaxNGValidCtxt) context = xmlRelaxNGNewValidCtxt(grammar);
    xmlRelaxNGSetValidStructuredErrors(context, ignore_fault, NULL);
    return xmlRelaxNGValidateDoc(context, doc) == 0;
}

/* Takes @node out, looks, and puts it back where it was. */
static gboolean
is_valid_without(xmlRelaxNG *grammar, xmlNode *node)
{
    xmlDoc *doc = node->doc;
    xmlNode *parent = node->parent;
    xmlNode *next = node->next;
    xmlUnlinkNode(node);
    gboolean valid = is_valid(grammar, doc);
    if (next && node->type == XML_ELEMENT_NODE)
        xmlAddPrevSibling(next, node);
    else
        xmlAddChild(parent, node);
    return valid;
}

/* The attribute or child of @node without which the document is valid, or NULL. */
static xmlNode *
find_culprit(xmlRelaxNG *grammar, xmlNode *node)
{
    guint attributes = 0;
    for (xmlAttr *attribute = node->properties; attribute; attribute = attribute->next)
        attributes++;
    for (guint i = 0; i < attributes; i++) { /* each that was put back is the last */
        xmlNode *first = (xmlNode *)node->properties;
        if (is_valid_without(grammar, first))
            return first;
    }
    for (xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_ELEMENT_NODE && is_valid_without(grammar, child))
            return child;
    }
    return NULL;
}

static char *
get_path(const xmlNode *node)
{
    xmlChar *path = xmlGetNodePath(node);
    char *copy = g_strdup((const char *)path);
    xmlFree(path);
    return copy;
}

char *
vp_schema_find_fault(const xmlDoc *doc, const char *schema)
{
    xmlSetStructuredErrorFunc(NULL, ignore_fault);
    g_autoptr(xmlRelaxNGParserCtxt) parser = xmlRelaxNGNewParserCtxt(schema);
    g_autoptr(xmlRelaxNG) grammar = parser ? xmlRelaxNGParse(parser) : NULL;
    g_autoptr(xmlDoc) copy = xmlCopyDoc((xmlDoc *)doc, 1);
    xmlNode *fault = NULL;
    xmlNode *around = grammar ? xmlDocGetRootElement(copy) : NULL;
    while (around && around->type == XML_ELEMENT_NODE) {
        around = find_culprit(grammar, around);
        fault = around ? around : fault;
    }
    xmlSetStructuredErrorFunc(NULL, NULL);
    return fault ? get_path(fault) : NULL;
}
