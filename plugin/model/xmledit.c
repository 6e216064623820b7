/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/xmledit.h"
#include "model/option.h"

#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlXPathContext, xmlXPathFreeContext)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlXPathObject, xmlXPathFreeObject)

void
vp_xml_edit_free(VpXmlEdit *edit)
{
    if (!edit)
        return;
    g_free(edit->xpath);
    g_free(edit->value);
    g_free(edit);
}

static VpXmlEdit *
edit_new(VpXmlEditKind kind, const char *xpath, const char *value)
{
    VpXmlEdit *edit = g_new0(VpXmlEdit, 1);
    edit->kind = kind;
    edit->xpath = g_strdup(xpath);
    edit->value = g_strdup(value);
    return edit;
}

static VpXmlEdit *
refuse(const char *text, GError **error)
{
    vp_error_set(error, VP_ERROR_USAGE,
                 "--xml: “%s” is malformed: XPATH=VALUE, xpath.set=XPATH,xpath.value=VALUE, "
                 "xpath.create=XPATH or xpath.delete=XPATH",
                 text);
    return NULL;
}

/* "xpath.set=…,xpath.value=…", "xpath.create=…", "xpath.delete=…". */
static VpXmlEdit *
parse_long(const char *text, GError **error)
{
    static const char *const keys[] = {"xpath.set=", "xpath.create=", "xpath.delete=",
                                       "xpath.value="};
    const char *values[G_N_ELEMENTS(keys)] = {NULL};
    g_auto(GStrv) fields = vp_option_split(text);
    for (char **field = fields; *field; field++) {
        gsize i = 0;
        while (i < G_N_ELEMENTS(keys) && !g_str_has_prefix(*field, keys[i]))
            i++;
        if (i == G_N_ELEMENTS(keys))
            return refuse(text, error);
        values[i] = *field + strlen(keys[i]);
    }
    if (values[0] && values[3] && !values[1] && !values[2])
        return edit_new(VP_EDIT_SET, values[0], values[3]);
    if (values[1] && !values[0] && !values[2] && !values[3])
        return edit_new(VP_EDIT_CREATE, values[1], NULL);
    if (values[2] && !values[0] && !values[1] && !values[3])
        return edit_new(VP_EDIT_DELETE, values[2], NULL);
    return refuse(text, error);
}

VpXmlEdit *
vp_xml_edit_parse(const char *text, GError **error)
{
    if (g_str_has_prefix(text, "xpath."))
        return parse_long(text, error);
    const char *equals = strrchr(text, '=');
    if (!equals || equals == text)
        return refuse(text, error);
    g_autofree char *xpath = g_strndup(text, (gsize)(equals - text));
    return edit_new(VP_EDIT_SET, xpath, equals + 1);
}

static void
ignore_fault(void *data, xmlErrorPtr fault)
{
}

/* The nodes that @xpath names, an empty list too; NULL for what is no XPath to nodes. */
static xmlXPathObject *
evaluate(const char *xpath, xmlDoc *domain, xmlNode *root)
{
    g_autoptr(xmlXPathContext) context = xmlXPathNewContext(domain);
    context->node = root;
    xmlXPathRegisterNs(context, (const xmlChar *)"qemu",
                       (const xmlChar *)"http://libvirt.org/schemas/domain/qemu/1.0");
    xmlSetStructuredErrorFunc(NULL, ignore_fault);
    context->error = ignore_fault;
    xmlXPathObject *found = xmlXPathEval((const xmlChar *)xpath, context);
    xmlSetStructuredErrorFunc(NULL, NULL);
    if (found && found->type != XPATH_NODESET)
        g_clear_pointer(&found, xmlXPathFreeObject);
    return found;
}

static guint
count(const xmlXPathObject *found)
{
    return found->nodesetval ? (guint)found->nodesetval->nodeNr : 0;
}

static gboolean
is_plain_name(const char *name)
{
    return g_ascii_isalpha(name[0]) && strspn(name, "abcdefghijklmnopqrstuvwxyz"
                                                    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
                                           strlen(name);
}

/* Makes the last step of @xpath below what the rest names, the rest too where it is
 * missing; NULL where a missing step is not a plain name. */
static xmlNode *
create(const char *xpath, xmlDoc *domain, xmlNode *root)
{
    const char *slash = strrchr(xpath, '/');
    const char *name = slash ? slash + 1 : xpath;
    g_autofree char *rest = slash && slash > xpath ? g_strndup(xpath, (gsize)(slash - xpath)) : NULL;
    gboolean attribute = name[0] == '@';
    if (!is_plain_name(attribute ? name + 1 : name))
        return NULL;

    xmlNode *parent = root;
    if (rest && strcmp(rest, ".") != 0) {
        g_autoptr(xmlXPathObject) found = evaluate(rest, domain, root);
        if (!found)
            return NULL;
        parent = count(found) > 0 ? found->nodesetval->nodeTab[0] : create(rest, domain, root);
    }
    if (!parent || parent->type != XML_ELEMENT_NODE)
        return NULL;
    if (attribute)
        return (xmlNode *)xmlNewProp(parent, (const xmlChar *)name + 1, (const xmlChar *)"");
    return xmlNewChild(parent, NULL, (const xmlChar *)name, NULL);
}

static gboolean
refuse_xpath(const VpXmlEdit *edit, const char *why, GError **error)
{
    vp_error_set(error, VP_ERROR_USAGE, "--xml: “%s” %s", edit->xpath, why);
    return FALSE;
}

static gboolean
set_node(xmlNode *node, const char *value)
{
    if (node->type != XML_ELEMENT_NODE && node->type != XML_ATTRIBUTE_NODE)
        return FALSE;
    xmlNodeSetContent(node, NULL);
    xmlNodeAddContent(node, (const xmlChar *)value);
    vp_xml_mark_own(node);
    return TRUE;
}

static gboolean
apply_set(const VpXmlEdit *edit, xmlXPathObject *found, xmlDoc *domain, xmlNode *root,
          GError **error)
{
    if (count(found) == 0) {
        xmlNode *made = create(edit->xpath, domain, root);
        if (!made)
            return refuse_xpath(edit, "names nothing in the domain, and is no plain path to make",
                                error);
        return set_node(made, edit->value);
    }
    /* From the last to the first: setting an element frees what lies inside. */
    for (guint i = count(found); i > 0; i--) {
        if (!set_node(found->nodesetval->nodeTab[i - 1], edit->value))
            return refuse_xpath(edit, "names something that is no element or attribute", error);
    }
    return TRUE;
}

/* From the last to the first: a node may lie inside another that goes too. */
static gboolean
apply_delete(const VpXmlEdit *edit, xmlXPathObject *found, xmlNode *root, GError **error)
{
    if (count(found) == 0)
        return refuse_xpath(edit, "names nothing in the domain", error);
    for (guint i = count(found); i > 0; i--) {
        xmlNode *node = found->nodesetval->nodeTab[i - 1];
        found->nodesetval->nodeTab[i - 1] = NULL;
        if (node == root || node->type == XML_DOCUMENT_NODE)
            return refuse_xpath(edit, "is the domain itself", error);
        if (node->type == XML_ATTRIBUTE_NODE)
            xmlRemoveProp((xmlAttr *)node);
        else
            vp_xml_remove(node);
    }
    return TRUE;
}

gboolean
vp_xml_edit_apply(const VpXmlEdit *edit, xmlDoc *domain, GError **error)
{
    xmlNode *root = xmlDocGetRootElement(domain);
    g_autoptr(xmlXPathObject) found = evaluate(edit->xpath, domain, root);
    if (!found)
        return refuse_xpath(edit, "is no XPath to elements or attributes", error);
    switch (edit->kind) {
    case VP_EDIT_SET:
        return apply_set(edit, found, domain, root, error);
    case VP_EDIT_CREATE: {
        xmlNode *made = create(edit->xpath, domain, root);
        if (!made)
            return refuse_xpath(edit, "is no plain path to make", error);
        vp_xml_mark_own(made);
        return TRUE;
    }
    case VP_EDIT_DELETE:
        return apply_delete(edit, found, root, error);
    }
    return TRUE;
}
