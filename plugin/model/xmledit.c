/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/xmledit.h"
#include "model/option.h"
#include "model/powers.h"

#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <stdlib.h>
#include <string.h>

#define QEMU_NAMESPACE "http://libvirt.org/schemas/domain/qemu/1.0"

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
    static const char *const keys[] = {
        "xpath.set=", "xpath.create=", "xpath.delete=", "xpath.value="};
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

/* What an edit is done on. */
typedef struct {
    xmlDoc *domain;
    xmlNode *root;
    GPtrArray *uses; /* of VpPowerUse: what the domain asked for before */
} Ground;

/* The nodes that @xpath names, an empty list too; NULL for what is no XPath to nodes. */
static xmlXPathObject *
evaluate(const char *xpath, const Ground *ground)
{
    g_autoptr(xmlXPathContext) context = xmlXPathNewContext(ground->domain);
    context->node = ground->root;
    xmlXPathRegisterNs(context, (const xmlChar *)"qemu", (const xmlChar *)QEMU_NAMESPACE);
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

/* TRUE when @element or an attribute of it asked for a power by itself. */
static gboolean
asked_for_power(xmlNode *element, const Ground *ground)
{
    g_autofree char *place = vp_xml_place(element);
    gsize length = strlen(place);
    for (guint i = 0; i < ground->uses->len; i++) {
        const VpPowerUse *use = ground->uses->pdata[i];
        if (strncmp(use->place, place, length) == 0 &&
            (!use->place[length] || g_str_has_prefix(use->place + length, "/@")))
            return TRUE;
    }
    return FALSE;
}

/* An attribute decides what its element is: where the package's asked for nothing, all
 * that it asks for with an attribute of the importer's is the importer's own. */
static void
claim(xmlNode *element, const Ground *ground)
{
    if (asked_for_power(element, ground))
        return;
    vp_xml_mark_own(element);
    for (xmlAttr *attribute = element->properties; attribute; attribute = attribute->next)
        vp_xml_mark_own((xmlNode *)attribute);
}

static xmlNode *
create_attribute(xmlNode *element, const char *name, const Ground *ground)
{
    if (xmlHasProp(element, (const xmlChar *)name))
        return NULL;
    claim(element, ground);
    return (xmlNode *)xmlNewProp(element, (const xmlChar *)name, (const xmlChar *)"");
}

/* A step that can be made: a name or "qemu:" and a name, the next one of its kind by number, or
 * one with an attribute. */
#define STEP \
    "^(?<at>@)?(?<prefix>qemu:)?(?<name>[A-Za-z][A-Za-z0-9_-]*)" \
    "(\\[(?<number>[0-9]{1,4})\\]|\\[@(?<key>[A-Za-z][A-Za-z0-9_-]*)=(?<quote>['\"])" \
    "(?<value>[^'\"]*)\\k<quote>\\])?$"

static xmlNs *
ensure_qemu(const Ground *ground)
{
    const xmlChar *href = (const xmlChar *)QEMU_NAMESPACE;
    xmlNs *there = xmlSearchNsByHref(ground->domain, ground->root, href);
    return there ? there : xmlNewNs(ground->root, href, (const xmlChar *)"qemu");
}

static xmlNode *
create_element(xmlNode *parent, const GMatchInfo *step, const Ground *ground)
{
    g_autofree char *prefix = g_match_info_fetch_named(step, "prefix");
    g_autofree char *name = g_match_info_fetch_named(step, "name");
    g_autofree char *number = g_match_info_fetch_named(step, "number");
    g_autofree char *key = g_match_info_fetch_named(step, "key");
    g_autofree char *value = g_match_info_fetch_named(step, "value");
    if (number && *number && (guint)atoi(number) != vp_xml_count(parent, name) + 1)
        return NULL;
    xmlNode *made = vp_xml_add(parent, name);
    if (prefix && *prefix)
        xmlSetNs(made, ensure_qemu(ground));
    if (key && *key)
        vp_xml_set_own(made, key, value);
    return made;
}

static xmlNode *
create_step(xmlNode *parent, const char *text, const Ground *ground)
{
    g_autoptr(GRegex) pattern = g_regex_new(STEP, 0, 0, NULL);
    g_autoptr(GMatchInfo) step = NULL;
    if (!g_regex_match(pattern, text, 0, &step))
        return NULL;
    xmlNode *made = text[0] != '@'                    ? create_element(parent, step, ground)
                    : strpbrk(text + 1, "[:") != NULL ? NULL
                                                      : create_attribute(parent, text + 1, ground);
    if (made)
        vp_xml_mark_own(made);
    return made;
}

/* The last slash that stands in no predicate. */
static const char *
find_last_slash(const char *xpath)
{
    const char *found = NULL;
    int depth = 0;
    for (const char *c = xpath; *c; c++) {
        depth += (*c == '[') - (*c == ']');
        if (*c == '/' && depth == 0)
            found = c;
    }
    return found;
}

/* Makes the last step of @xpath below what the rest names, the rest too where it is
 * missing; NULL where a missing step is none that can be made. */
static xmlNode *
create(const char *xpath, const Ground *ground)
{
    const char *slash = find_last_slash(xpath);
    g_autofree char *rest =
        slash && slash > xpath ? g_strndup(xpath, (gsize)(slash - xpath)) : NULL;
    xmlNode *parent = ground->root;
    if (rest && strcmp(rest, ".") != 0) {
        g_autoptr(xmlXPathObject) found = evaluate(rest, ground);
        if (!found)
            return NULL;
        parent = count(found) > 0 ? found->nodesetval->nodeTab[0] : create(rest, ground);
    }
    if (!parent || parent->type != XML_ELEMENT_NODE)
        return NULL;
    return create_step(parent, slash ? slash + 1 : xpath, ground);
}

static gboolean
refuse_xpath(const VpXmlEdit *edit, const char *why, GError **error)
{
    vp_error_set(error, VP_ERROR_USAGE, "--xml: “%s” %s", edit->xpath, why);
    return FALSE;
}

static gboolean
set_node(xmlNode *node, const char *value, const Ground *ground)
{
    if (node->type != XML_ELEMENT_NODE && node->type != XML_ATTRIBUTE_NODE)
        return FALSE;
    if (node->type == XML_ATTRIBUTE_NODE && !vp_xml_is_own(node))
        claim(node->parent, ground);
    if (node->type == XML_ATTRIBUTE_NODE)
        xmlSetNsProp(node->parent, node->ns, node->name, (const xmlChar *)value);
    else
        vp_xml_set_text(node, value);
    vp_xml_mark_own(node);
    return TRUE;
}

static gboolean
apply_set(const VpXmlEdit *edit, xmlXPathObject *found, const Ground *ground, GError **error)
{
    if (count(found) == 0) {
        xmlNode *made = create(edit->xpath, ground);
        if (made)
            return set_node(made, edit->value, ground);
        return refuse_xpath(edit, "names nothing in the domain, and is no plain path to make",
                            error);
    }
    /* From the last to the first, and out of the set: setting an element frees what lies
     * inside. */
    for (guint i = count(found); i > 0; i--) {
        xmlNode *node = found->nodesetval->nodeTab[i - 1];
        found->nodesetval->nodeTab[i - 1] = NULL;
        if (!set_node(node, edit->value, ground))
            return refuse_xpath(edit, "names something that is no element or attribute", error);
    }
    return TRUE;
}

static gboolean
apply_create(const VpXmlEdit *edit, const Ground *ground, GError **error)
{
    return create(edit->xpath, ground) ||
           refuse_xpath(edit, "is no plain path to something new", error);
}

/* From the last to the first: a node may lie inside another that goes too. White space
 * goes along with elements, so that it must not be named itself. */
static gboolean
apply_delete(const VpXmlEdit *edit, xmlXPathObject *found, const Ground *ground, GError **error)
{
    if (count(found) == 0)
        return refuse_xpath(edit, "names nothing in the domain", error);
    for (guint i = count(found); i > 0; i--) {
        xmlNode *node = found->nodesetval->nodeTab[i - 1];
        if (node == ground->root || node->type == XML_DOCUMENT_NODE)
            return refuse_xpath(edit, "is the domain itself", error);
        if (node->type != XML_ELEMENT_NODE && node->type != XML_ATTRIBUTE_NODE)
            return refuse_xpath(edit, "names something that is no element or attribute", error);
        found->nodesetval->nodeTab[i - 1] = NULL;
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
    g_autoptr(GPtrArray) uses = vp_powers_find(domain, NULL);
    Ground ground = {domain, xmlDocGetRootElement(domain), uses};
    g_autoptr(xmlXPathObject) found = evaluate(edit->xpath, &ground);
    if (!found)
        return refuse_xpath(edit, "is no XPath to elements or attributes", error);
    switch (edit->kind) {
    case VP_EDIT_SET:
        return apply_set(edit, found, &ground, error);
    case VP_EDIT_CREATE:
        return apply_create(edit, &ground, error);
    case VP_EDIT_DELETE:
        return apply_delete(edit, found, &ground, error);
    }
    return TRUE;
}
