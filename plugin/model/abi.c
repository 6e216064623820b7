/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/abi.h"

#include <string.h>

#define FACET_MAX 60 /* characters that are shown of one */

/*
 * What counts of an element, by its path below <domain> or, for a device, its name: child
 * paths and attributes, divided by spaces, "." for its own text and attributes, "**" for
 * all that is in it.
 */
typedef struct {
    const char *path;
    const char *counts;
} Row;

static const Row of_domain[] = {
    {"memory", "."},    {"maxMemory", "."},    {"vcpu", "text"},   {"vcpus", "**"},
    {"cpu", "**"},      {"os/type", "."},      {"features", "**"}, {"sysinfo", "**"},
    {"os/smbios", "."}, {"clock/timer", "**"},
};

static const Row of_devices[] = {
    {"disk", "@device @model target serial wwn vendor product readonly blockio geometry "
             "driver@queues driver@queue_size driver@iommu driver@ats driver@packed "
             "driver@page_per_vq driver@event_idx address"},
    {"interface", "mac model mtu driver@iommu driver@ats driver@packed address"},
    {"controller", "@type @index @model @ports @vectors model target address driver@iommu "
                   "driver@queues"},
    {"filesystem", "@model target readonly address"},
    {"hostdev", "@mode @type address"},
    {"serial", "target address"},
    {"parallel", "target address"},
    {"console", "target address"},
    {"channel", "target address"},
    {"input", "@type @bus @model address"},
    {"sound", "**"},
    {"video", "model address driver@iommu"},
    {"tpm", "@model backend@type backend@version"},
    {"rng", "@model address driver@iommu"},
    {"shmem", "@name model size address"},
    {"watchdog", "@model address"},
    {"memballoon", "@model address"},
    {"vsock", "@model address"},
    {"memory", "**"},
    {"panic", "**"},
    {"hub", "**"},
    {"smartcard", "@mode address"},
    {"redirdev", "@bus address"},
    {"nvram", "address"},
    {"iommu", "**"},
};

/* Words are divided by spaces. */
G_GNUC_PRINTF(2, 3) static void append(GString *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (text->len > 0 && text->str[text->len - 1] != '(')
        g_string_append_c(text, ' ');
    g_string_append_vprintf(text, format, args);
    va_end(args);
}

static void
append_text(GString *text, const xmlNode *node)
{
    g_autofree char *content = vp_xml_get_text(node);
    if (content && *g_strstrip(content) && !xmlFirstElementChild((xmlNode *)node))
        append(text, "%s", content);
}

static void
append_attributes(GString *text, const xmlNode *node)
{
    for (xmlAttr *a = node->properties; a; a = a->next) {
        g_autofree char *value = vp_xml_get(node, (const char *)a->name);
        append(text, "%s=%s", a->name, value);
    }
}

/* libvirt insists on it elsewhere; here it is the new domain's own. */
static gboolean
is_smbios_uuid(const xmlNode *node)
{
    return vp_xml_is(node, "entry") && vp_xml_has(node, "name", "uuid");
}

static void
append_all(GString *text, const xmlNode *node)
{
    if (is_smbios_uuid(node))
        return;
    append(text, "%s(", node->name);
    append_attributes(text, node);
    append_text(text, node);
    for (const xmlNode *n = xmlFirstElementChild((xmlNode *)node); n;
         n = xmlNextElementSibling((xmlNode *)n))
        append_all(text, n);
    g_string_append_c(text, ')');
}

static void
append_attribute(GString *text, const xmlNode *node, const char *child, const char *name)
{
    g_autofree char *value = vp_xml_get(node, name);
    if (value)
        append(text, "%s%s%s=%s", child, *child ? " " : "", name, value);
}

/* One word of Row.counts; caller frees. */
static char *
format_facet(const xmlNode *node, const char *word)
{
    GString *text = g_string_new(NULL);
    const char *at = strchr(word, '@');
    g_autofree char *child = g_strndup(word, at ? (gsize)(at - word) : strlen(word));
    const xmlNode *of = *child ? vp_xml_find(node, child) : node;
    if (strcmp(word, "**") == 0) {
        append_all(text, node);
    } else if (strcmp(word, ".") == 0) {
        append_attributes(text, node);
        append_text(text, node);
    } else if (strcmp(word, "text") == 0) {
        append_text(text, node);
    } else if (of && at) {
        append_attribute(text, of, child, at + 1);
    } else if (of) {
        append_all(text, of);
    }
    return g_string_free(text, FALSE);
}

/* For people: the target of a disk, the MAC address of a NIC, else just its kind. */
static char *
describe(const xmlNode *node)
{
    const char *name = (const char *)node->name;
    g_autofree char *target = vp_xml_get(vp_xml_find(node, "target"), "dev");
    g_autofree char *mac = vp_xml_get(vp_xml_find(node, "mac"), "address");
    if (vp_xml_is(node, "interface"))
        return g_strdup_printf("NIC %s", mac ? mac : "");
    if (vp_xml_is(node, "disk"))
        return g_strdup_printf("disk %s", target ? target : "");
    if (vp_xml_is(node, "type"))
        return g_strdup("os type");
    return g_strdup(name);
}

typedef struct {
    const Row *row;
    char *what;
    GStrv facets; /* one a word of the row */
} Part;

static void
part_free(Part *part)
{
    g_free(part->what);
    g_strfreev(part->facets);
    g_free(part);
}

static void
add_part(GPtrArray *parts, const xmlNode *node, const Row *row)
{
    g_auto(GStrv) words = g_strsplit(row->counts, " ", -1);
    Part *part = g_new0(Part, 1);
    part->row = row;
    part->what = describe(node);
    part->facets = g_new0(char *, g_strv_length(words) + 1);
    for (guint i = 0; words[i]; i++)
        part->facets[i] = format_facet(node, words[i]);
    g_ptr_array_add(parts, part);
}

static GPtrArray *
find_parts(xmlDoc *domain)
{
    static const Row type = {"domain", "@type"};
    GPtrArray *parts = g_ptr_array_new_with_free_func((GDestroyNotify)part_free);
    xmlNode *root = xmlDocGetRootElement(domain);
    xmlNode *devices = vp_xml_find(root, "devices");
    add_part(parts, root, &type);
    for (gsize i = 0; i < G_N_ELEMENTS(of_domain); i++) {
        for (xmlNode *node = vp_xml_find_path(root, of_domain[i].path); node;
             node = vp_xml_find_next(node, (const char *)node->name))
            add_part(parts, node, &of_domain[i]);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(of_devices); i++) {
        for (xmlNode *node = vp_xml_find(devices, of_devices[i].path); node;
             node = vp_xml_find_next(node, of_devices[i].path))
            add_part(parts, node, &of_devices[i]);
    }
    return parts;
}

static gboolean
is_same(const Part *a, const Part *b)
{
    return a->row == b->row &&
           g_strv_equal((const char *const *)a->facets, (const char *const *)b->facets);
}

static gboolean
has_same_name(const Part *a, const Part *b)
{
    return a->row == b->row && strcmp(a->what, b->what) == 0;
}

static gboolean
is_of_same_kind(const Part *a, const Part *b)
{
    return a->row == b->row;
}

typedef gboolean (*Match)(const Part *a, const Part *b);

/* Takes one that matches out of @parts; NULL when there is none. */
static Part *
take(GPtrArray *parts, const Part *wanted, Match match)
{
    for (guint i = 0; i < parts->len; i++) {
        if (match(wanted, parts->pdata[i]))
            return g_ptr_array_steal_index(parts, i);
    }
    return NULL;
}

static void
difference_free(gpointer data)
{
    VpAbiDifference *difference = data;
    g_free(difference->what);
    g_free(difference->was);
    g_free(difference->is);
    g_free(difference);
}

/* Of a facet as long as a whole CPU, the part where it begins to differ; caller frees. */
static char *
shorten(const char *facet, const char *other)
{
    gsize begin = 0;
    if (strlen(facet) <= FACET_MAX)
        return g_strdup(*facet ? facet : "none");
    for (gsize i = 0; facet[i] && facet[i] == other[i]; i++) {
        if (facet[i] == ' ')
            begin = i + 1;
    }
    g_autofree char *piece =
        g_utf8_substring(facet + begin, 0, MIN(FACET_MAX, g_utf8_strlen(facet + begin, -1)));
    return g_strdup_printf("%s%s%s", begin > 0 ? "…" : "", piece,
                           strlen(piece) < strlen(facet + begin) ? "…" : "");
}

static char *
format_unlike(const Part *part, const Part *other)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; part->facets[i]; i++) {
        if (strcmp(part->facets[i], other->facets[i]) != 0)
            g_ptr_array_add(texts, shorten(part->facets[i], other->facets[i]));
    }
    g_ptr_array_add(texts, NULL);
    return g_strjoinv(", ", (char **)texts->pdata);
}

/* @was or @is may be NULL. */
static void
note(GPtrArray *differences, const Part *was, const Part *is)
{
    VpAbiDifference *difference = g_new0(VpAbiDifference, 1);
    difference->what = g_strdup(was ? was->what : is->what);
    if (was && is) {
        difference->was = format_unlike(was, is);
        difference->is = format_unlike(is, was);
    } else {
        *(was ? &difference->was : &difference->is) = g_strdup("there");
    }
    g_ptr_array_add(differences, difference);
}

/* Takes all that find their match in @after out of both. */
static void
pair(GPtrArray *before, GPtrArray *after, Match match, GPtrArray *differences)
{
    for (guint i = 0; i < before->len;) {
        Part *was = before->pdata[i];
        Part *is = take(after, was, match);
        if (!is) {
            i++;
            continue;
        }
        if (differences)
            note(differences, was, is);
        part_free(is);
        g_ptr_array_remove_index(before, i);
    }
}

GPtrArray *
vp_abi_compare(xmlDoc *was, xmlDoc *is)
{
    GPtrArray *differences = g_ptr_array_new_with_free_func(difference_free);
    g_autoptr(GPtrArray) before = find_parts(was);
    g_autoptr(GPtrArray) after = find_parts(is);
    pair(before, after, is_same, NULL);
    pair(before, after, has_same_name, differences);
    if (before->len == after->len)
        pair(before, after, is_of_same_kind, differences);
    for (guint i = 0; i < before->len; i++)
        note(differences, before->pdata[i], NULL);
    for (guint i = 0; i < after->len; i++)
        note(differences, NULL, after->pdata[i]);
    return differences;
}

gboolean
vp_abi_is_address(const VpAbiDifference *difference)
{
    return difference->was && difference->is && g_str_has_prefix(difference->was, "mac(") &&
           !strchr(difference->was, ' ');
}
