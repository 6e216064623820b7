/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* base/xml.h: what is read, what is refused, and edits that leave the rest alone. */
#include "base/schema.h"

#include <glib/gstdio.h>
#include <string.h>

static xmlDoc *
parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    xmlDoc *doc = vp_xml_parse(text, strlen(text), "it", &error);
    g_assert_no_error(error);
    return doc;
}

static const struct {
    const char *text;
    VpErrorCode code;
    const char *word;
} bad_rows[] = {
    {"", VP_ERROR_DAMAGED, "not well-formed"},
    {"text", VP_ERROR_DAMAGED, "not well-formed"},
    {"<a>", VP_ERROR_DAMAGED, "not well-formed"},
    {"<a/><b/>", VP_ERROR_DAMAGED, "not well-formed"},
    {"<a b='1' b='2'/>", VP_ERROR_DAMAGED, "not well-formed"},
    {"<a>&x;</a>", VP_ERROR_DAMAGED, "not well-formed"},
    {"<a>&#0;</a>", VP_ERROR_DAMAGED, "not well-formed"},
    {"<a>&#8;</a>", VP_ERROR_DAMAGED, "not well-formed"},
    {"<a>\x1b[2J</a>", VP_ERROR_DAMAGED, "not well-formed"},
    {"<a>\xff</a>", VP_ERROR_DAMAGED, "byte 4 is not UTF-8"},
    {"\xff\xfe<\0a\0", VP_ERROR_DAMAGED, "byte 1 is not UTF-8"},
    {"<a>\xed\xa0\x80</a>", VP_ERROR_DAMAGED, "byte 4 is not UTF-8"},
    {"<!DOCTYPE a><a/>", VP_ERROR_UNSAFE, "DOCTYPE"},
    {"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", VP_ERROR_UNSAFE, "DOCTYPE"},
    {"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", VP_ERROR_UNSAFE, "DOCTYPE"},
    {"<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://192.0.2.1/'>%x;]><a/>", VP_ERROR_UNSAFE, "DOCTYPE"},
    {"<?xml version='1.0' encoding='ISO-8859-1'?><a/>", VP_ERROR_UNSAFE, "only UTF-8"},
    {"<?xml version='1.0' encoding='US-ASCII'?><a/>", VP_ERROR_UNSAFE, "only UTF-8"},
    {"<?xml version='1.0' encoding='x-none'?><a/>", VP_ERROR_DAMAGED, "not well-formed"},
};

static void
test_refused(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(bad_rows); i++) {
        g_autoptr(GError) error = NULL;
        const char *text = bad_rows[i].text;
        g_test_message("%s", text);
        g_assert_null(vp_xml_parse(text, strlen(text), "it", &error));
        g_assert_error(error, VP_ERROR, (int)bad_rows[i].code);
        g_assert_true(g_str_has_prefix(error->message, "it: "));
        g_assert_nonnull(strstr(error->message, bad_rows[i].word));
    }
}

static void
test_nul(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(vp_xml_parse("<a/>\0<b/>", 9, "it", &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_DAMAGED);
}

static void
test_utf8(void)
{
    g_autoptr(xmlDoc) marked =
        parse("\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?><a b='é'/>");
    g_assert_true(vp_xml_has(xmlDocGetRootElement(marked), "b", "é"));
}

static char *
nested(guint depth)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < depth; i++)
        g_string_append(text, "<a>");
    for (guint i = 0; i < depth; i++)
        g_string_append(text, "</a>");
    return g_strdup(text->str);
}

static void
test_depth(void)
{
    g_autofree char *deep = nested(VP_XML_MAX_DEPTH);
    g_autoptr(xmlDoc) doc = parse(deep);
    g_assert_nonnull(doc);
    const guint depths[] = {VP_XML_MAX_DEPTH + 1, 300, 100000};
    for (gsize i = 0; i < G_N_ELEMENTS(depths); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *deeper = nested(depths[i]);
        g_assert_null(vp_xml_parse(deeper, strlen(deeper), "it", &error));
        g_assert_error(error, VP_ERROR, VP_ERROR_UNSAFE);
        g_assert_nonnull(strstr(error->message, "deeper than 64 elements"));
    }
}

static void
test_size(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *large = g_strnfill(VP_XML_MAX_SIZE + 1, ' ');
    memcpy(large, "<a/>", 4);
    g_autoptr(xmlDoc) doc = vp_xml_parse(large, VP_XML_MAX_SIZE, "it", &error);
    g_assert_no_error(error);
    g_assert_null(vp_xml_parse(large, VP_XML_MAX_SIZE + 1, "it", &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_UNSAFE);
}

/* What is not changed keeps every byte: comments, namespaces, white space, CDATA. */
static void
test_format(void)
{
    static const char text[] = "<!-- a --><a xmlns:q=\"urn:q\">\n"
                               "  <q:b c=\"1\"/><!-- d -->\n"
                               "\t<e><![CDATA[<&>]]></e>\n"
                               "</a>\n";
    g_autoptr(xmlDoc) doc = parse(text);
    g_autofree char *out = vp_xml_format(doc);
    g_autofree char *plain = g_strdup(out);
    g_assert_true(g_str_has_suffix(plain, strchr(text, '\n')));
    g_autofree char *node = vp_xml_format_node(vp_xml_find(xmlDocGetRootElement(doc), "e"));
    g_assert_cmpstr(node, ==, "<e><![CDATA[<&>]]></e>");
}

static void
test_find(void)
{
    g_autoptr(xmlDoc) doc =
        parse("<a xmlns:q='urn:q'><q:b/><b n='1'><c/></b>x<b n='2'/><b n='3'/></a>");
    xmlNode *root = xmlDocGetRootElement(doc);
    xmlNode *first = vp_xml_find(root, "b");
    g_assert_true(vp_xml_has(first, "n", "1"));
    xmlNode *second = vp_xml_find_next(first, "b");
    g_assert_true(vp_xml_has(second, "n", "2"));
    g_assert_false(vp_xml_has(second, "n", "20"));
    g_assert_nonnull(vp_xml_find_path(root, "b/c"));
    g_assert_null(vp_xml_find_path(root, "b/d"));
    g_assert_null(vp_xml_find(NULL, "b"));
    g_assert_null(vp_xml_get(NULL, "n"));
    g_assert_null(vp_xml_get(first, "m"));
    g_autofree char *place = vp_xml_place(second);
    g_assert_cmpstr(place, ==, "/a/b[3]");
}

static void
test_edit(void)
{
    g_autoptr(xmlDoc) doc = parse("<a><b c='1'>x<d/></b><e/><e/></a>");
    xmlNode *root = xmlDocGetRootElement(doc);
    xmlNode *b = vp_xml_find(root, "b");
    vp_xml_set(b, "c", NULL);
    vp_xml_set(b, "f", "<&\"'>");
    vp_xml_set_text(b, "1 < 2 & 3");
    vp_xml_remove_all(root, "e");
    g_assert_true(vp_xml_ensure(root, "b") == b);
    vp_xml_ensure_path(root, "g/h");
    vp_xml_remove(NULL);
    g_autofree char *out = vp_xml_format_node(root);
    g_autofree char *text = vp_xml_get_text(b);
    g_assert_cmpstr(text, ==, "1 < 2 & 3");
    g_autoptr(xmlDoc) again = parse(out);
    root = xmlDocGetRootElement(again);
    g_assert_true(vp_xml_has(vp_xml_find(root, "b"), "f", "<&\"'>"));
    g_assert_null(vp_xml_find(root, "e"));
    g_assert_nonnull(vp_xml_find_path(root, "g/h"));
}

static void
test_own(void)
{
    g_autoptr(xmlDoc) doc = parse("<a b='1'><c/></a>");
    xmlNode *root = xmlDocGetRootElement(doc);
    g_assert_false(vp_xml_is_own(root));
    vp_xml_set_own(root, "b", "2");
    g_assert_true(vp_xml_is_own((xmlNode *)xmlHasProp(root, (const xmlChar *)"b")));
    g_assert_false(vp_xml_is_own(root));
    vp_xml_mark_own(root);
    g_assert_true(vp_xml_is_own(root));
    g_assert_false(vp_xml_is_own(vp_xml_find(root, "c")));
}

static void
test_validate(void)
{
    g_autofree char *schema = g_build_filename(g_get_tmp_dir(), "vp-test-xml.rng", NULL);
    g_autoptr(xmlDoc) good = parse("<a/>");
    g_autoptr(xmlDoc) bad = parse("<b/>");
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents(
        schema, "<element name='a' xmlns='http://relaxng.org/ns/structure/1.0'><empty/></element>",
        -1, NULL));
    g_assert_true(vp_xml_validate(good, schema, &error));
    g_assert_no_error(error);
    g_assert_false(vp_xml_validate(bad, schema, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_DAMAGED);
    g_clear_error(&error);
    g_assert_true(g_file_set_contents(schema, "<no/>", -1, NULL));
    g_assert_false(vp_xml_validate(good, schema, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    g_unlink(schema);
}

static const struct {
    const char *text;
    const char *path;
} fault_rows[] = {
    {"<a><b><c d='1'/><c d='2' e='3'/></b></a>", "/a/b/c[2]/@e"},
    {"<a><b><c d='1'/><c d='x'/></b></a>", "/a/b/c[2]"},
    {"<a><b><c d='1'/><x/><c d='2'/></b></a>", "/a/b/x"},
    {"<a><b><x/></b><b><x/></b></a>", NULL},
    {"<a z='1'/>", "/a/@z"},
    {"<x/>", NULL},
};

static void
test_find_fault(void)
{
    g_autofree char *schema = g_build_filename(g_get_tmp_dir(), "vp-test-fault.rng", NULL);
    g_assert_true(g_file_set_contents(
        schema,
        "<element name='a' xmlns='http://relaxng.org/ns/structure/1.0' "
        "datatypeLibrary='http://www.w3.org/2001/XMLSchema-datatypes'>"
        "<zeroOrMore><element name='b'><zeroOrMore><element name='c'><attribute name='d'>"
        "<data type='int'/></attribute></element></zeroOrMore></element></zeroOrMore></element>",
        -1, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(fault_rows); i++) {
        g_autoptr(xmlDoc) doc = parse(fault_rows[i].text);
        g_autofree char *before = vp_xml_format(doc);
        g_autofree char *path = vp_schema_find_fault(doc, schema);
        g_autofree char *after = vp_xml_format(doc);
        g_assert_cmpstr(path, ==, fault_rows[i].path);
        g_assert_cmpstr(after, ==, before);
    }
    g_unlink(schema);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/xml/refused", test_refused);
    g_test_add_func("/xml/nul", test_nul);
    g_test_add_func("/xml/utf8", test_utf8);
    g_test_add_func("/xml/depth", test_depth);
    g_test_add_func("/xml/size", test_size);
    g_test_add_func("/xml/format", test_format);
    g_test_add_func("/xml/find", test_find);
    g_test_add_func("/xml/edit", test_edit);
    g_test_add_func("/xml/own", test_own);
    g_test_add_func("/xml/validate", test_validate);
    g_test_add_func("/xml/find-fault", test_find_fault);
    return g_test_run();
}
