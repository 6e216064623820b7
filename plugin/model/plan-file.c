/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/strings.h"
#include "base/xml.h"
#include "model/plan-file.h"

#include <string.h>

#define READS_VERSION "1."

/* What a written plan says beside its choices: for people, and where a value came from. */
static const char *const remarks[] = {"from", "was", "mac-from", "was-mac", NULL};

static gboolean
is_field(const VpChoice *choice, const char *name)
{
    for (int i = 0; i < VP_CHOICE_FIELDS && choice->fields[i]; i++) {
        if (strcmp(choice->fields[i], name) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
check_attributes(const xmlNode *node, const VpChoice *choice, const char *where, GError **error)
{
    for (const xmlAttr *a = node->properties; a; a = a->next) {
        const char *name = (const char *)a->name;
        if (is_field(choice, name) || g_strv_contains(remarks, name))
            continue;
        g_autofree char *fields = g_strjoinv(", ", (char **)choice->fields);
        vp_error_set(error, VP_ERROR_USAGE, "%s: it has no attribute %s=%s%s", where, name,
                     choice->form == VP_FORM_PAIRS ? "; there are: " : ": its value is its text",
                     choice->form == VP_FORM_PAIRS ? fields : "");
        return FALSE;
    }
    return TRUE;
}

/* Elements in an element, text where none is read: FALSE. */
static gboolean
check_content(const xmlNode *node, gboolean with_elements, gboolean with_text, const char *where,
              GError **error)
{
    for (xmlNode *child = node->children; child; child = child->next) {
        gboolean element = child->type == XML_ELEMENT_NODE;
        gboolean text = (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) &&
                        !xmlIsBlankNode(child);
        if ((!element || with_elements) && (!text || with_text))
            continue;
        vp_error_set(error, VP_ERROR_USAGE, "%s: it cannot hold %s%s", where,
                     element ? "an element " : "text", element ? (const char *)child->name : "");
        return FALSE;
    }
    return TRUE;
}

static gboolean
read_pairs(VpWish *wish, const xmlNode *node, const VpChoice *choice, GError **error)
{
    for (int i = 0; i < VP_CHOICE_FIELDS && choice->fields[i]; i++) {
        wish->fields[i] = vp_xml_get(node, choice->fields[i]);
        if (wish->fields[i] || i > 1)
            continue;
        vp_error_set(error, VP_ERROR_USAGE, "%s: the attribute %s= is missing", wish->where,
                     choice->fields[i]);
        return FALSE;
    }
    return TRUE;
}

static gboolean
read_text(VpWish *wish, const xmlNode *node, const VpChoice *choice, GError **error)
{
    wish->text = vp_xml_get_text(node);
    if (choice->form != VP_FORM_FLAG || strcmp(wish->text, "yes") == 0 ||
        strcmp(wish->text, "no") == 0)
        return TRUE;
    vp_error_set(error, VP_ERROR_USAGE, "%s: “%s” is neither yes nor no", wish->where, wish->text);
    return FALSE;
}

static gboolean
refuse_unknown(const char *where, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (VpChoiceId id = 0; id < VP_CHOICE_LAST; id++)
        g_string_append_printf(names, "%s%s", id > 0 ? ", " : "", vp_choice_get(id)->name);
    vp_error_set(error, VP_ERROR_USAGE, "%s: no such element; there are: %s", where, names->str);
    return FALSE;
}

static gboolean
read_element(VpWishes *wishes, const xmlNode *node, const char *label, const char *from,
             GError **error)
{
    VpChoiceId id;
    const char *name = (const char *)node->name;
    g_autofree char *where = g_strdup_printf("%s, line %ld: %s", label, xmlGetLineNo(node), name);
    if (!vp_choice_find(name, &id))
        return refuse_unknown(where, error);
    const VpChoice *choice = vp_choice_get(id);
    gboolean once = choice->form == VP_FORM_TEXT || choice->form == VP_FORM_FLAG;
    if (once && vp_wishes_find(wishes, id)) {
        vp_error_set(error, VP_ERROR_USAGE, "%s: it stands there twice", where);
        return FALSE;
    }
    if (!check_attributes(node, choice, where, error) ||
        !check_content(node, FALSE, choice->form != VP_FORM_PAIRS, where, error))
        return FALSE;
    VpWish *wish = vp_wishes_add(wishes, id, where, from);
    wish->is_rule = !wishes->package;
    wish->is_default = vp_xml_has(node, "from", "default");
    return choice->form == VP_FORM_PAIRS ? read_pairs(wish, node, choice, error)
                                         : read_text(wish, node, choice, error);
}

static gboolean
check_root(const xmlNode *root, const char *label, GError **error)
{
    g_autofree char *version = vp_xml_get(root, "version");
    g_autofree char *package = vp_xml_get(root, "package");
    g_autofree char *where = g_strdup_printf("%s, line %ld: plan", label, xmlGetLineNo(root));
    if (!vp_xml_is(root, "plan"))
        vp_error_set(error, VP_ERROR_USAGE,
                     "%s, line %ld: its root is %s: that of a plan or a profile is plan", label,
                     xmlGetLineNo(root), (const char *)root->name);
    else if (!version)
        vp_error_set(error, VP_ERROR_USAGE, "%s: the attribute version= is missing", where);
    else if (!g_str_has_prefix(version, READS_VERSION) ||
             strspn(version, "0123456789.") != strlen(version))
        vp_error_set(error, VP_ERROR_USAGE,
                     "%s: version %s is not one that this virt-porter reads (" READS_VERSION
                     "x): use a newer virt-porter",
                     where, version);
    else if (package && (strlen(package) != 64 || strspn(package, "0123456789abcdef") != 64))
        vp_error_set(error, VP_ERROR_USAGE, "%s: package=%s is no SHA-256", where, package);
    else
        return check_content(root, TRUE, FALSE, where, error);
    return FALSE;
}

VpWishes *
vp_plan_file_parse(const char *text, gsize length, const char *label, const char *from,
                   GError **error)
{
    g_autoptr(GError) local = NULL;
    g_autoptr(xmlDoc) doc = vp_xml_parse(text, length, label, &local);
    if (!doc) {
        vp_error_set(error, VP_ERROR_USAGE, "%s", local->message);
        return NULL;
    }
    xmlNode *root = xmlDocGetRootElement(doc);
    vp_xml_strip_foreign(root);
    if (!check_root(root, label, error))
        return NULL;
    g_autoptr(VpWishes) wishes = vp_wishes_new();
    wishes->package = vp_xml_get(root, "package");
    for (xmlNode *node = xmlFirstElementChild(root); node; node = xmlNextElementSibling(node)) {
        if (!read_element(wishes, node, label, from, error))
            return NULL;
    }
    /* Not to be wrong by its own schema; its words are no help to people. */
    if (vp_xml_validate(doc, "plan.rng", &local))
        return g_steal_pointer(&wishes);
    vp_error_set(error, VP_ERROR_USAGE, "%s, %s", label, local->message);
    return NULL;
}
