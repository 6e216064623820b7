/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of powers: a row a claim, and every XML of the corpus known to it. */
#include "model/powers.h"
#include "powers-rows.h"

#include <string.h>

static xmlDoc *
parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    xmlDoc *doc = vp_xml_parse(text, strlen(text), "test", &error);
    g_assert_no_error(error);
    return doc;
}

/* "power place", a line a use, without the "/domain" in front of places. */
static char *
list(GPtrArray *uses)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < uses->len; i++) {
        VpPowerUse *use = g_ptr_array_index(uses, i);
        g_assert_true(g_str_has_prefix(use->place, "/domain"));
        g_string_append_printf(text, "%s %s\n", vp_power_to_string(use->power),
                               use->place + strlen("/domain"));
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *
list_of(xmlDoc *doc)
{
    g_autoptr(GPtrArray) uses = vp_powers_find(doc, firmware);
    return list(uses);
}

static void
test_row(gconstpointer data)
{
    const Row *row = data;
    g_autofree char *text = g_strdup_printf("<domain type='kvm'>%s</domain>", row->content);
    g_autoptr(xmlDoc) doc = parse(text);
    g_autofree char *found = list_of(doc);
    g_assert_cmpstr(found, ==, row->expected);
}

static void
test_root(void)
{
    g_autoptr(xmlDoc) other = parse("<network><secret/></network>");
    g_autoptr(GPtrArray) uses = vp_powers_find(other, NULL);
    g_assert_cmpuint(uses->len, ==, 1);
    VpPowerUse *use = g_ptr_array_index(uses, 0);
    g_assert_cmpint(use->power, ==, VP_POWER_UNKNOWN);
    g_assert_cmpstr(use->place, ==, "/network");

    g_autoptr(xmlDoc) foreign = parse("<domain xmlns='urn:x'><devices/></domain>");
    g_autofree char *found = list_of(foreign);
    g_assert_cmpstr(found, ==, "unknown \n");

    g_autoptr(xmlDoc) lxc = parse("<domain type='lxc'/>");
    g_autofree char *type = list_of(lxc);
    g_assert_cmpstr(type, ==, "unknown /@type\n");
}

static void
test_no_firmware(void)
{
    g_autoptr(xmlDoc) doc =
        parse("<domain type='kvm'><os><loader>/fw/CODE.fd</loader></os></domain>");
    g_autoptr(GPtrArray) uses = vp_powers_find(doc, NULL);
    g_autofree char *found = list(uses);
    g_assert_cmpstr(found, ==, "loader /os/loader\n");
}

static void
test_own(void)
{
    g_autoptr(xmlDoc) doc = parse("<domain type='kvm'><devices><emulator>/x</emulator>"
                                  "<interface type='ethernet'><script path='/x'/></interface>"
                                  "<disk><source file='/x' new='y'/></disk></devices></domain>");
    xmlNode *devices = vp_xml_find(xmlDocGetRootElement(doc), "devices");
    vp_xml_mark_own(vp_xml_find(devices, "interface"));
    xmlNode *source = vp_xml_find_path(devices, "disk/source");
    vp_xml_mark_own((xmlNode *)xmlHasProp(source, (const xmlChar *)"file"));

    g_autofree char *found = list_of(doc);
    g_assert_cmpstr(found, ==,
                    "emulator /devices/emulator\nscript /devices/interface/@type\n"
                    "script /devices/interface/script\nunknown /devices/disk/source/@new\n");
}

/* However much of one power there is, another one behind it is named. */
static void
test_many(void)
{
    g_autoptr(GString) text = g_string_new("<domain type='kvm'>");
    for (guint i = 0; i < 10 * VP_POWER_MAX_PLACES; i++)
        g_string_append(text, "<new/>");
    g_string_append(text, "<perf/></domain>");
    g_autoptr(xmlDoc) doc = parse(text->str);

    g_autoptr(GPtrArray) uses = vp_powers_find(doc, NULL);
    g_assert_cmpuint(uses->len, ==, VP_POWER_MAX_PLACES + 1);
    VpPowerUse *last = g_ptr_array_index(uses, uses->len - 1);
    g_assert_cmpint(last->power, ==, VP_POWER_RESOURCE);
}

static void
test_words(void)
{
    g_autofree char *path = g_strnfill(1000, 'x');
    g_autofree char *text =
        g_strdup_printf("<domain type='kvm'><on_crash>\n a&#xa;b&#x9b;2J\u202e\n</on_crash>"
                        "<new one='1' two='2'><a/></new><vcpu cpuset='0-3'>4</vcpu>"
                        "<devices><emulator>%s</emulator></devices></domain>",
                        path);
    g_autoptr(xmlDoc) doc = parse(text);
    g_autoptr(GPtrArray) uses = vp_powers_find(doc, NULL);

    const char *const expected[] = {"<on_crash> a\\u{a}b\\u{9b}2J\\u{202e}",
                                    "<new one='1' two='2'>", "cpuset='0-3'"};
    g_assert_cmpuint(uses->len, ==, G_N_ELEMENTS(expected) + 1);
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++)
        g_assert_cmpstr(((VpPowerUse *)g_ptr_array_index(uses, i))->what, ==, expected[i]);
    VpPowerUse *emulator = g_ptr_array_index(uses, G_N_ELEMENTS(expected));
    g_assert_cmpuint(strlen(emulator->what), <, 100);
}

static void
test_names(void)
{
    for (VpPower i = 0; i < VP_POWER_LAST; i++) {
        VpPower power = VP_POWER_LAST;
        g_assert_true(vp_power_parse(vp_power_to_string(i), &power));
        g_assert_cmpint(power, ==, i);
    }
    VpPower untouched = VP_POWER_RAM;
    g_assert_false(vp_power_parse("root", &untouched));
    g_assert_cmpint(untouched, ==, VP_POWER_RAM);
}

static gboolean
has_power(GPtrArray *uses, VpPower power)
{
    for (guint i = 0; i < uses->len; i++) {
        VpPowerUse *use = g_ptr_array_index(uses, i);
        if (use->power == power) {
            g_test_message("%s: %s", use->place, use->what);
            return TRUE;
        }
    }
    return FALSE;
}

static void
test_corpus_file(gconstpointer data)
{
    const char *path = data;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(xmlDoc) doc = parse(text);
    g_autoptr(GPtrArray) uses = vp_powers_find(doc, firmware);

    g_autofree char *name = g_path_get_basename(path);
    g_assert_cmpint(has_power(uses, VP_POWER_UNKNOWN), ==, g_str_has_prefix(name, "unknown-"));
    if (g_str_has_prefix(name, "harmless-"))
        g_assert_cmpuint(uses->len, ==, 0);
}

/* The folder tests/xml/domains of the sources; automake gives `srcdir` to a test. */
static void
add_corpus(void)
{
    const char *top = g_getenv("srcdir");
    g_autofree char *folder = g_build_filename(top ? top : ".", "tests", "xml", "domains", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
    g_assert_no_error(error);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
        if (!g_str_has_suffix(name, ".xml"))
            continue;
        g_autofree char *test = g_strdup_printf("/powers/corpus/%s", name);
        char *path = g_build_filename(folder, name, NULL);
        g_test_add_data_func_full(test, path, test_corpus_file, g_free);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strdup_printf("/powers/row/%s", rows[i].name);
        g_test_add_data_func(path, &rows[i], test_row);
    }
    g_test_add_func("/powers/root", test_root);
    g_test_add_func("/powers/no-firmware", test_no_firmware);
    g_test_add_func("/powers/own", test_own);
    g_test_add_func("/powers/many", test_many);
    g_test_add_func("/powers/words", test_words);
    g_test_add_func("/powers/names", test_names);
    add_corpus();
    return g_test_run();
}
