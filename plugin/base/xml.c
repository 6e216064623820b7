/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/xml.h"
#include "vp-schemas.h"

#include <libxml/parser.h>
#include <libxml/SAX2.h>
#include <libxml/relaxng.h>
#include <libxml/xmlsave.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlParserCtxt, xmlFreeParserCtxt)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlBuffer, xmlBufferFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlRelaxNG, xmlRelaxNGFree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlRelaxNGParserCtxt, xmlRelaxNGFreeParserCtxt)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlRelaxNGValidCtxt, xmlRelaxNGFreeValidCtxt)

static char own_mark; /* its address in xmlNode._private marks a node */

/* Keeps the first fault; libxml2 prints to stderr without a handler. */
static void
keep_first_fault(void *data, xmlErrorPtr fault)
{
    char **first = data;
    if (*first || !fault->message)
        return;
    const xmlNode *node = fault->node;
    gboolean named =
        !node || node->type != XML_ELEMENT_NODE || strstr(fault->message, (const char *)node->name);
    g_autofree char *message =
        named ? g_strdup(fault->message) : g_strdup_printf("%s: %s", node->name, fault->message);
    *first =
        fault->line > 0 ? g_strdup_printf("line %d: %s", fault->line, message) : g_strdup(message);
    g_strchomp(*first);
}

/* Ends the parsing at once; @why is a sentence about the document. */
static void
refuse(xmlParserCtxt *parser, const char *why)
{
    parser->_private = (gpointer)why;
    xmlStopParser(parser);
}

/* Before any entity is seen. */
static void
refuse_doctype(void *data, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
    refuse(data, "has a DOCTYPE, which is never needed");
}

static void
start_element(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
              int n_namespaces, const xmlChar **namespaces, int n_attributes, int n_defaulted,
              const xmlChar **attributes)
{
    xmlParserCtxt *parser = data;
    if (parser->nodeNr >= VP_XML_MAX_DEPTH)
        refuse(parser, "nested deeper than " G_STRINGIFY(VP_XML_MAX_DEPTH) " elements");
    else
        xmlSAX2StartElementNs(data, name, prefix, uri, n_namespaces, namespaces, n_attributes,
                              n_defaulted, attributes);
}

/* Bytes are looked at before libxml2 guesses an encoding from them: NUL is none of XML,
 * and the parser would end there in silence. */
static gboolean
check_bytes(const char *text, gsize length, const char *what, GError **error)
{
    if (length > VP_XML_MAX_SIZE) {
        vp_error_set(error, VP_ERROR_UNSAFE, "%s: larger than %d MiB", what,
                     VP_XML_MAX_SIZE / 1024 / 1024);
        return FALSE;
    }
    const char *end;
    if (g_utf8_validate_len(text, length, &end))
        return TRUE;
    vp_error_set(error, VP_ERROR_DAMAGED,
                 "%s: byte %" G_GSIZE_FORMAT " is not UTF-8 text, and only that is read", what,
                 (gsize)(end - text) + 1);
    return FALSE;
}

static gboolean
check_encoding(const xmlDoc *doc, const char *what, GError **error)
{
    if (!doc->encoding || g_ascii_strcasecmp((const char *)doc->encoding, "UTF-8") == 0)
        return TRUE;
    vp_error_set(error, VP_ERROR_UNSAFE, "%s: encoding %s, only UTF-8 is read", what,
                 (const char *)doc->encoding);
    return FALSE;
}

xmlDoc *
vp_xml_parse(const char *text, gsize length, const char *what, GError **error)
{
    if (!check_bytes(text, length, what, error))
        return NULL;
    g_autofree char *fault = NULL;
    g_autoptr(xmlParserCtxt) parser = xmlNewParserCtxt();
    parser->sax->internalSubset = refuse_doctype;
    parser->sax->startElementNs = start_element;
    xmlSetStructuredErrorFunc(&fault, keep_first_fault);
    g_autoptr(xmlDoc) doc =
        xmlCtxtReadMemory(parser, text, (int)length, NULL, NULL, XML_PARSE_NONET);
    xmlSetStructuredErrorFunc(NULL, NULL);

    if (parser->_private) {
        vp_error_set(error, VP_ERROR_UNSAFE, "%s: %s", what, (const char *)parser->_private);
        return NULL;
    }
    if (!doc || !xmlDocGetRootElement(doc)) {
        vp_error_set(error, VP_ERROR_DAMAGED, "%s: not well-formed XML: %s", what,
                     fault ? fault : "no root element");
        return NULL;
    }
    return check_encoding(doc, what, error) ? g_steal_pointer(&doc) : NULL;
}

xmlDoc *
vp_xml_new(const char *root)
{
    xmlDoc *doc = xmlNewDoc((const xmlChar *)"1.0");
    xmlDocSetRootElement(doc, xmlNewDocNode(doc, NULL, (const xmlChar *)root, NULL));
    return doc;
}

static char *
format(xmlDoc *doc, xmlNode *node)
{
    g_autoptr(xmlBuffer) buffer = xmlBufferCreate();
    xmlSaveCtxt *save = xmlSaveToBuffer(buffer, "UTF-8", XML_SAVE_FORMAT | XML_SAVE_NO_DECL);
    if (node)
        xmlSaveTree(save, node);
    else
        xmlSaveDoc(save, doc);
    xmlSaveClose(save);
    return g_strdup((const char *)xmlBufferContent(buffer));
}

char *
vp_xml_format(xmlDoc *doc)
{
    return format(doc, NULL);
}

char *
vp_xml_format_node(xmlNode *node)
{
    return format(node->doc, node);
}

/* Ours are built in: a package is judged by the schema of the code that reads it. */
static xmlRelaxNGParserCtxt *
open_schema(const char *schema)
{
    if (g_path_is_absolute(schema))
        return xmlRelaxNGNewParserCtxt(schema);
    g_autofree char *path = g_strdup_printf("/virt-porter/%s", schema);
    GResource *resource = vp_schemas_get_resource();
    g_autoptr(GBytes) bytes =
        g_resource_lookup_data(resource, path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    g_assert(bytes);
    gsize length;
    const char *text = g_bytes_get_data(bytes, &length);
    return xmlRelaxNGNewMemParserCtxt(text, (int)length);
}

gboolean
vp_xml_validate(xmlDoc *doc, const char *schema, GError **error)
{
    g_autofree char *fault = NULL;
    xmlSetStructuredErrorFunc(&fault, keep_first_fault);
    g_autoptr(xmlRelaxNGParserCtxt) parser = open_schema(schema);
    g_autoptr(xmlRelaxNG) grammar = parser ? xmlRelaxNGParse(parser) : NULL;
    g_autoptr(xmlRelaxNGValidCtxt) context = grammar ? xmlRelaxNGNewValidCtxt(grammar) : NULL;
    int status = -1;
    if (context) {
        xmlRelaxNGSetValidStructuredErrors(context, keep_first_fault, &fault);
        status = xmlRelaxNGValidateDoc(context, doc);
    }
    xmlSetStructuredErrorFunc(NULL, NULL);

    if (!context) {
        vp_error_set(error, VP_ERROR_FAILED, "%s: not a usable schema: %s", schema,
                     fault ? fault : "no such file");
        return FALSE;
    }
    if (status != 0)
        vp_error_set(error, VP_ERROR_DAMAGED, "%s", fault ? fault : "does not match the schema");
    return status == 0;
}

gboolean
vp_xml_is(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && !node->ns &&
           strcmp((const char *)node->name, name) == 0;
}

static xmlNode *
find_from(xmlNode *node, const char *name)
{
    while (node && !vp_xml_is(node, name))
        node = node->next;
    return node;
}

xmlNode *
vp_xml_find(const xmlNode *parent, const char *name)
{
    return parent ? find_from(parent->children, name) : NULL;
}

xmlNode *
vp_xml_find_next(const xmlNode *node, const char *name)
{
    return find_from(node->next, name);
}

guint
vp_xml_count(const xmlNode *parent, const char *name)
{
    guint number = 0;
    for (xmlNode *node = vp_xml_find(parent, name); node; node = vp_xml_find_next(node, name))
        number++;
    return number;
}

xmlNode *
vp_xml_find_path(const xmlNode *parent, const char *path)
{
    g_auto(GStrv) names = g_strsplit(path, "/", -1);
    xmlNode *node = (xmlNode *)parent;
    for (char **name = names; *name && node; name++)
        node = vp_xml_find(node, *name);
    return node;
}

/* The line break and the spaces that stand before @node; NULL where there are none. */
static char *
find_indent(const xmlNode *node)
{
    if (!node->prev || !xmlIsBlankNode(node->prev))
        return NULL;
    const char *line = strrchr((const char *)node->prev->content, '\n');
    return g_strdup(line);
}

static void
remove_space(xmlNode *node)
{
    if (!xmlIsBlankNode(node))
        return;
    xmlUnlinkNode(node);
    xmlFreeNode(node);
}

static void
add_space_before(xmlNode *node, const char *indent)
{
    if (indent)
        xmlAddPrevSibling(node, xmlNewDocText(node->doc, (const xmlChar *)indent));
}

static xmlNode *
element_new(const xmlNode *near, const char *name)
{
    return xmlNewDocNode(near->doc, NULL, (const xmlChar *)name, NULL);
}

xmlNode *
vp_xml_add_before(xmlNode *sibling, const char *name)
{
    g_autofree char *indent = find_indent(sibling);
    xmlNode *node = xmlAddPrevSibling(sibling, element_new(sibling, name));
    add_space_before(sibling, indent);
    return node;
}

xmlNode *
vp_xml_add_after(xmlNode *sibling, const char *name)
{
    g_autofree char *indent = find_indent(sibling);
    xmlNode *node = xmlAddNextSibling(sibling, element_new(sibling, name));
    add_space_before(node, indent);
    return node;
}

xmlNode *
vp_xml_add(xmlNode *parent, const char *name)
{
    xmlNode *last = xmlLastElementChild(parent);
    if (last)
        return vp_xml_add_after(last, name);
    vp_xml_trim(parent);
    g_autofree char *indent = find_indent(parent);
    g_autofree char *inner = indent ? g_strconcat(indent, "  ", NULL) : NULL;
    xmlNode *node = xmlAddChild(parent, element_new(parent, name));
    add_space_before(node, inner);
    if (indent)
        xmlAddNextSibling(node, xmlNewDocText(node->doc, (const xmlChar *)indent));
    return node;
}

xmlNode *
vp_xml_ensure(xmlNode *parent, const char *name)
{
    xmlNode *node = vp_xml_find(parent, name);
    return node ? node : vp_xml_add(parent, name);
}

xmlNode *
vp_xml_ensure_path(xmlNode *parent, const char *path)
{
    g_auto(GStrv) names = g_strsplit(path, "/", -1);
    xmlNode *node = parent;
    for (char **name = names; *name; name++)
        node = vp_xml_ensure(node, *name);
    return node;
}

static char *
take_text(xmlChar *text)
{
    if (!text)
        return NULL;
    char *copy = g_strdup((const char *)text);
    xmlFree(text);
    return copy;
}

char *
vp_xml_get(const xmlNode *node, const char *name)
{
    return node ? take_text(xmlGetNoNsProp(node, (const xmlChar *)name)) : NULL;
}

char *
vp_xml_get_text(const xmlNode *node)
{
    return node ? take_text(xmlNodeGetContent(node)) : NULL;
}

gboolean
vp_xml_has(const xmlNode *node, const char *name, const char *value)
{
    g_autofree char *actual = vp_xml_get(node, name);
    return actual && strcmp(actual, value) == 0;
}

void
vp_xml_set(xmlNode *node, const char *name, const char *value)
{
    if (value)
        xmlSetProp(node, (const xmlChar *)name, (const xmlChar *)value);
    else
        xmlUnsetProp(node, (const xmlChar *)name);
}

void
vp_xml_set_text(xmlNode *node, const char *text)
{
    xmlNodeSetContent(node, NULL);
    xmlNodeAddContent(node, (const xmlChar *)text);
}

void
vp_xml_remove(xmlNode *node)
{
    if (!node)
        return;
    if (node->prev)
        remove_space(node->prev);
    xmlUnlinkNode(node);
    xmlFreeNode(node);
}

void
vp_xml_trim(xmlNode *node)
{
    if (node->children && node->children == node->last)
        remove_space(node->children);
}

void
vp_xml_remove_all(xmlNode *parent, const char *name)
{
    xmlNode *node;
    while ((node = vp_xml_find(parent, name)))
        vp_xml_remove(node);
}

void
vp_xml_strip_foreign(xmlNode *root)
{
    for (xmlAttr *attribute = root->properties, *next; attribute; attribute = next) {
        next = attribute->next;
        if (attribute->ns)
            xmlRemoveProp(attribute);
    }
    for (xmlNode *child = root->children, *next; child; child = next) {
        next = child->next;
        if (child->type == XML_ELEMENT_NODE && child->ns)
            vp_xml_remove(child);
        else if (child->type == XML_ELEMENT_NODE)
            vp_xml_strip_foreign(child);
    }
}

/* 1-based among the siblings of its name; 0 when it is the only one. */
static guint
position(const xmlNode *node)
{
    guint before = 0;
    guint after = 0;
    for (const xmlNode *other = node->prev; other; other = other->prev)
        before += other->type == XML_ELEMENT_NODE && xmlStrEqual(other->name, node->name);
    for (const xmlNode *other = node->next; other; other = other->next)
        after += other->type == XML_ELEMENT_NODE && xmlStrEqual(other->name, node->name);
    return before + after == 0 ? 0 : before + 1;
}

char *
vp_xml_place(const xmlNode *node)
{
    g_autoptr(GString) place = g_string_new(NULL);
    for (; node && node->type == XML_ELEMENT_NODE; node = node->parent) {
        guint index = position(node);
        g_autofree char *step = index == 0
                                    ? g_strdup_printf("/%s", (const char *)node->name)
                                    : g_strdup_printf("/%s[%u]", (const char *)node->name, index);
        g_string_prepend(place, step);
    }
    return g_string_free(g_steal_pointer(&place), FALSE);
}

void
vp_xml_mark_own(xmlNode *node)
{
    node->_private = &own_mark;
}

gboolean
vp_xml_is_own(const xmlNode *node)
{
    return node->_private == &own_mark;
}

void
vp_xml_set_own(xmlNode *node, const char *name, const char *value)
{
    xmlAttr *attribute = xmlSetProp(node, (const xmlChar *)name, (const xmlChar *)value);
    vp_xml_mark_own((xmlNode *)attribute);
}
