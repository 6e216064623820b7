/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/abi.h"

#include <string.h>

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

static void
append_text(GString *text, const xmlNode *node)
{
    g_autofree char *content = vp_xml_get_text(node);
    if (content && !xmlFirstElementChild((xmlNode *)node))
        g_string_append(text, g_strstrip(content));
}

static void
append_attributes(GString *text, const xmlNode *node)
{
    for (xmlAttr *a = node->properties; a; a = a->next) {
        g_autofree char *value = vp_xml_get(node, (const char *)a->name);
        g_string_append_printf(text, "@%s=%s ", a->name, value);
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
    g_string_append_printf(text, "<%s ", node->name);
    append_attributes(text, node);
    append_text(text, node);
    for (const xmlNode *n = xmlFirstElementChild((xmlNode *)node); n;
         n = xmlNextElementSibling((xmlNode *)n))
        append_all(text, n);
    g_string_append_c(text, '>');
}

static void
append_attribute(GString *text, const xmlNode *node, const char *name)
{
    g_autofree char *value = vp_xml_get(node, name);
    if (value)
        g_string_append_printf(text, "@%s=%s ", name, value);
}

/* One word of Row.counts. */
static void
append_part(GString *text, const xmlNode *node, const char *word)
{
    const char *at = strchr(word, '@');
    g_autofree char *child = g_strndup(word, at ? (gsize)(at - word) : strlen(word));
    if (strcmp(word, "**") == 0) {
        append_all(text, node);
    } else if (strcmp(word, ".") == 0) {
        append_attributes(text, node);
        append_text(text, node);
    } else if (strcmp(word, "text") == 0) {
        append_text(text, node);
    } else if (at) {
        const xmlNode *of = *child ? vp_xml_find(node, child) : node;
        g_string_append(text, child);
        if (of)
            append_attribute(text, of, at + 1);
    } else {
        const xmlNode *of = vp_xml_find(node, child);
        if (of)
            append_all(text, of);
    }
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
    char *what;
    char *signature;
} Part;

static void
part_free(Part *part)
{
    g_free(part->what);
    g_free(part->signature);
    g_free(part);
}

static void
add_part(GPtrArray *parts, const xmlNode *node, const Row *row)
{
    g_autoptr(GString) text = g_string_new(row->path);
    g_auto(GStrv) words = g_strsplit(row->counts, " ", -1);
    for (char **word = words; *word; word++)
        append_part(text, node, *word);
    Part *part = g_new0(Part, 1);
    part->what = describe(node);
    part->signature = g_strdup(text->str);
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

/* Takes one of the same signature out of @parts; FALSE when there is none. */
static gboolean
take_same(GPtrArray *parts, const Part *wanted)
{
    for (guint i = 0; i < parts->len; i++) {
        const Part *part = parts->pdata[i];
        if (strcmp(part->signature, wanted->signature) != 0)
            continue;
        g_ptr_array_remove_index(parts, i);
        return TRUE;
    }
    return FALSE;
}

static void
note(GPtrArray *differences, const char *what)
{
    if (!g_ptr_array_find_with_equal_func(differences, what, g_str_equal, NULL))
        g_ptr_array_add(differences, g_strdup(what));
}

GPtrArray *
vp_abi_compare(xmlDoc *was, xmlDoc *is)
{
    GPtrArray *differences = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) before = find_parts(was);
    g_autoptr(GPtrArray) after = find_parts(is);
    for (guint i = 0; i < before->len; i++) {
        const Part *part = before->pdata[i];
        if (!take_same(after, part))
            note(differences, part->what);
    }
    for (guint i = 0; i < after->len; i++)
        note(differences, ((const Part *)after->pdata[i])->what);
    return differences;
}
