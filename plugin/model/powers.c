/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/powers-table.h"

#include <string.h>

#define QEMU_NAMESPACE "http://libvirt.org/schemas/domain/qemu/1.0"
#define MAX_WORDS      80 /* characters of VpPowerUse.what */

static const char *const power_names[] = {
    [VP_POWER_EMULATOR] = "emulator", [VP_POWER_COMMANDLINE] = "commandline",
    [VP_POWER_KERNEL] = "kernel",     [VP_POWER_LOADER] = "loader",
    [VP_POWER_HOSTDEV] = "hostdev",   [VP_POWER_HOSTPATH] = "hostpath",
    [VP_POWER_BLOCKDEV] = "blockdev", [VP_POWER_CHARDEV] = "chardev",
    [VP_POWER_SCRIPT] = "script",     [VP_POWER_SECLABEL] = "seclabel",
    [VP_POWER_LISTEN] = "listen",     [VP_POWER_SECRET] = "secret",
    [VP_POWER_RESOURCE] = "resource", [VP_POWER_RAM] = "ram",
    [VP_POWER_UNKNOWN] = "unknown",
};
G_STATIC_ASSERT(G_N_ELEMENTS(power_names) == VP_POWER_LAST);

static const char *const local[] = {"127.0.0.1", "::1", "localhost", NULL};
static const char *const random_devices[] = {"/dev/random", "/dev/urandom", NULL};

static char **rule_steps[G_N_ELEMENTS(rules)]; /* each row's path, divided */

typedef struct {
    const char *const *firmware;
    guint named[VP_POWER_LAST];
    GPtrArray *uses;
} Search;

const char *
vp_power_to_string(VpPower power)
{
    g_return_val_if_fail((guint)power < VP_POWER_LAST, NULL);
    return power_names[power];
}

gboolean
vp_power_parse(const char *text, VpPower *ret_power)
{
    for (guint i = 0; i < VP_POWER_LAST; i++) {
        if (g_str_equal(text, power_names[i])) {
            *ret_power = i;
            return TRUE;
        }
    }
    return FALSE;
}

void
vp_power_use_free(VpPowerUse *use)
{
    if (!use)
        return;
    g_free(use->place);
    g_free(use->what);
    g_free(use);
}

/* TRUE when @name is among the @length bytes of @names, divided by '|', or these are "*". */
static gboolean
names_have(const char *names, gsize length, const char *name)
{
    if (length == 1 && *names == '*')
        return TRUE;
    const char *end = names + length;
    for (const char *p = names; p < end;) {
        const char *bar = memchr(p, '|', end - p);
        gsize n = (bar ? bar : end) - p;
        if (n == strlen(name) && memcmp(p, name, n) == 0)
            return TRUE;
        p += n + 1;
    }
    return FALSE;
}

static const char *const *
find_set(const Search *search, const char *name)
{
    if (g_str_equal(name, "$firmware"))
        return search->firmware;
    if (g_str_equal(name, "$local"))
        return local;
    return g_str_equal(name, "$random") ? random_devices : NULL;
}

/* No path, as QEMU would take it where it looks for a file of its own. */
static gboolean
is_word(const char *value)
{
    return !value[strspn(value, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_")];
}

/* TRUE when @value is one of @values, divided by '|', or in a set that these name. */
static gboolean
values_have(const Search *search, const char *values, const char *value)
{
    g_auto(GStrv) list = g_strsplit(*values ? values : "|", "|", -1);
    for (char **p = list; *p; p++) {
        if (g_str_equal(*p, "$word") && is_word(value))
            return TRUE;
        const char *const *set = find_set(search, *p);
        if (set ? g_strv_contains(set, value) : **p != '$' && g_str_equal(*p, value))
            return TRUE;
    }
    return FALSE;
}

/* @condition is "type=a|b]" or ".=a|b]". */
static gboolean
condition_holds(const Search *search, xmlNode *node, const char *condition)
{
    const char *equals = strchr(condition, '=');
    g_autofree char *name = g_strndup(condition, equals - condition);
    g_autofree char *values = g_strndup(equals + 1, strcspn(equals + 1, "]"));
    if (g_str_equal(name, ".")) {
        xmlChar *content = xmlNodeGetContent(node);
        gboolean holds = values_have(search, values, content ? (char *)content : "");
        xmlFree(content);
        return holds;
    }
    g_autofree char *value = vp_xml_get(node, name);
    return values_have(search, values, value ? value : "");
}

static gboolean
namespace_is(const xmlNode *node, const char *uri)
{
    return uri ? node->ns && g_strcmp0((const char *)node->ns->href, uri) == 0 : !node->ns;
}

static gboolean
step_matches(const Search *search, xmlNode *node, const char *step)
{
    gboolean attribute = *step == '@';
    gboolean qemu = g_str_has_prefix(step, "qemu:");
    const char *names = step + (attribute ? 1 : qemu ? strlen("qemu:") : 0);
    gsize length = strcspn(names, "[");

    if (node->type != (attribute ? XML_ATTRIBUTE_NODE : XML_ELEMENT_NODE) ||
        !namespace_is(node, qemu ? QEMU_NAMESPACE : NULL) ||
        !names_have(names, length, (const char *)node->name))
        return FALSE;
    for (const char *p = strchr(names + length, '['); p; p = strchr(p + 1, '[')) {
        if (!condition_holds(search, node, p + 1))
            return FALSE;
    }
    return TRUE;
}

/* TRUE when @node stands where the first @length of @steps lead. */
static gboolean
path_matches(const Search *search, xmlNode *node, char **steps, guint length)
{
    if (node->parent->type == XML_DOCUMENT_NODE)
        return length == 0 || (length == 1 && g_str_equal(steps[0], "**"));
    if (length == 0)
        return FALSE;
    if (!g_str_equal(steps[length - 1], "**"))
        return step_matches(search, node, steps[length - 1]) &&
               path_matches(search, node->parent, steps, length - 1);
    if (node->type != XML_ELEMENT_NODE)
        return FALSE;
    return path_matches(search, node, steps, length - 1) ||
           path_matches(search, node->parent, steps, length);
}

static const Rule *
find_rule(const Search *search, xmlNode *node)
{
    for (guint i = 0; i < G_N_ELEMENTS(rules); i++) {
        if (path_matches(search, node, rule_steps[i], g_strv_length(rule_steps[i])))
            return &rules[i];
    }
    return NULL;
}

static VpPower
power_of(const Search *search, xmlNode *node)
{
    const Rule *rule = find_rule(search, node);
    if (rule)
        return rule->power;
    if (node->type != XML_ATTRIBUTE_NODE)
        return VP_POWER_UNKNOWN;

    rule = find_rule(search, node->parent);
    if (!rule)
        return VP_POWER_UNKNOWN;
    if (!rule->attributes || g_str_equal(rule->attributes, "**"))
        return rule->power;
    /* libvirt reads an attribute of any namespace as its own, and the first of a name. */
    if (node->ns ||
        !names_have(rule->attributes, strlen(rule->attributes), (const char *)node->name))
        return VP_POWER_UNKNOWN;
    return rule->power;
}

/* @text on one line without anything that a terminal would act on, cut when long. */
static char *
escape(const char *text)
{
    GString *out = g_string_new(NULL);
    glong length = 0;
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        if (++length > MAX_WORDS) {
            g_string_append(out, "…");
            break;
        }
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_isprint(c))
            g_string_append_unichar(out, c);
        else
            g_string_append_printf(out, "\\u{%x}", c);
    }
    return g_string_free(out, FALSE);
}

static void
append_attribute(GString *words, xmlNode *attribute)
{
    xmlChar *value = xmlNodeGetContent(attribute);
    g_string_append_printf(words, "%s='%s'", attribute->name, value ? (char *)value : "");
    xmlFree(value);
}

/* "<interface type='ethernet'>", "<emulator> /usr/bin/x" or "rawio='yes'". */
static char *
describe(xmlNode *node)
{
    g_autoptr(GString) words = g_string_new(NULL);
    if (node->type == XML_ATTRIBUTE_NODE) {
        append_attribute(words, node);
        return escape(words->str);
    }
    const char *prefix = node->ns && node->ns->prefix ? (const char *)node->ns->prefix : "";
    g_string_append_printf(words, "<%s%s%s", prefix, *prefix ? ":" : "", node->name);
    for (xmlAttr *a = node->properties; a && words->len < 4 * MAX_WORDS; a = a->next) {
        g_string_append_c(words, ' ');
        append_attribute(words, (xmlNode *)a);
    }
    g_string_append_c(words, '>');
    if (!xmlFirstElementChild(node)) {
        xmlChar *text = xmlNodeGetContent(node);
        if (text && *g_strstrip((char *)text))
            g_string_append_printf(words, " %s", text);
        xmlFree(text);
    }
    return escape(words->str);
}

static char *
place_of(xmlNode *node)
{
    if (node->type != XML_ATTRIBUTE_NODE)
        return vp_xml_place(node);
    g_autofree char *element = vp_xml_place(node->parent);
    return g_strdup_printf("%s/@%s", element, node->name);
}

static void
name_use(Search *search, xmlNode *node, VpPower power)
{
    if (search->named[power]++ >= VP_POWER_MAX_PLACES)
        return;
    VpPowerUse *use = g_new0(VpPowerUse, 1);
    use->power = power;
    use->place = place_of(node);
    use->what = describe(node);
    g_ptr_array_add(search->uses, use);
}

/* @above: the powers of the elements above @node, a bit each. Returns these and @node's. */
static guint
judge(Search *search, xmlNode *node, guint above)
{
    VpPower power = power_of(search, node);
    if (power == HARMLESS || above & (1u << power) || vp_xml_is_own(node))
        return above;
    name_use(search, node, power);
    return above | (1u << power);
}

static void
walk(Search *search, xmlNode *element, guint above)
{
    above = judge(search, element, above);
    for (xmlAttr *a = element->properties; a; a = a->next)
        judge(search, (xmlNode *)a, above);
    for (xmlNode *n = xmlFirstElementChild(element); n; n = xmlNextElementSibling(n))
        walk(search, n, above);
}

static void
divide_rules(void)
{
    static gsize done;
    if (!g_once_init_enter(&done))
        return;
    for (guint i = 0; i < G_N_ELEMENTS(rules); i++)
        rule_steps[i] = g_strsplit(rules[i].path, "/", -1);
    g_once_init_leave(&done, 1);
}

GPtrArray *
vp_powers_find(xmlDoc *domain, const char *const *firmware)
{
    Search search = {.firmware = firmware};
    search.uses = g_ptr_array_new_with_free_func((GDestroyNotify)vp_power_use_free);
    divide_rules();
    xmlNode *root = xmlDocGetRootElement(domain);
    if (vp_xml_is(root, "domain"))
        walk(&search, root, 0);
    else
        name_use(&search, root, VP_POWER_UNKNOWN);
    return search.uses;
}
