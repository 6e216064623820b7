/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model/origin.h: the record in a domain's metadata. */
#include "model/origin.h"

#include <string.h>

static VpOrigin some = {
    .package = "/p & <q>/\"m\".vpkg",
    .identity = "abc",
    .time = 1767323045,
    .user = "alice (root)",
    .moment = "now",
    .origin_host = "h",
};

static xmlDoc *
parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    xmlDoc *doc = vp_xml_parse(text, strlen(text), "domain", &error);
    g_assert_no_error(error);
    return doc;
}

static void
test_round_trip(void)
{
    g_autoptr(xmlDoc) doc = parse("<domain><name>m</name><uuid>u</uuid></domain>");
    g_assert_null(vp_origin_find(doc));
    vp_origin_write(&some, doc);
    g_autofree char *text = vp_xml_format(doc);
    g_autoptr(xmlDoc) again = parse(text);
    g_autoptr(VpOrigin) origin = vp_origin_find(again);
    g_assert_nonnull(origin);
    g_assert_cmpstr(origin->name, ==, "m");
    g_assert_cmpstr(origin->uuid, ==, "u");
    g_assert_cmpstr(origin->package, ==, some.package);
    g_assert_cmpint(origin->time, ==, some.time);
    g_assert_cmpstr(origin->user, ==, some.user);
    g_assert_null(origin->origin_domain);
}

/* A package that brings a record of its own does not keep it; other people's stay. */
static void
test_replaces(void)
{
    g_autoptr(xmlDoc) doc = parse("<domain><name>m</name><metadata><f:x xmlns:f='urn:f'/>"
                                  "<o:origin xmlns:o='" VP_ORIGIN_NAMESPACE "' package='lie'/>"
                                  "<o:origin xmlns:o='" VP_ORIGIN_NAMESPACE
                                  "' package='lie too'/></metadata></domain>");
    vp_origin_write(&some, doc);
    g_autofree char *text = vp_xml_format(doc);
    g_assert_null(strstr(text, "lie"));
    g_assert_nonnull(strstr(text, "urn:f"));
    vp_origin_remove(doc);
    g_assert_null(vp_origin_find(doc));
    g_assert_nonnull(vp_xml_find_path(xmlDocGetRootElement(doc), "metadata"));
}

static void
test_leaves_nothing(void)
{
    g_autoptr(xmlDoc) doc = parse("<domain><name>m</name></domain>");
    vp_origin_write(&some, doc);
    vp_origin_remove(doc);
    vp_origin_remove(doc);
    g_assert_null(vp_xml_find(xmlDocGetRootElement(doc), "metadata"));
}

static void
test_strange_time(void)
{
    g_autoptr(xmlDoc) doc =
        parse("<domain><name>m</name><metadata><o:origin xmlns:o='" VP_ORIGIN_NAMESPACE
              "' time='soon'/></metadata></domain>");
    g_autoptr(VpOrigin) origin = vp_origin_find(doc);
    g_assert_cmpint(origin->time, ==, 0);
    g_assert_null(origin->package);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/origin/round-trip", test_round_trip);
    g_test_add_func("/origin/replaces", test_replaces);
    g_test_add_func("/origin/leaves-nothing", test_leaves_nothing);
    g_test_add_func("/origin/strange-time", test_strange_time);
    return g_test_run();
}
