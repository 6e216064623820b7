/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model/snapshot.h: a view of libvirt's <domainsnapshot>. */
#include "model/snapshot.h"

#include <string.h>

#define HEAD    "<domainsnapshot><name>s</name><state>running</state>"
#define LIVE    "<domain type='kvm'><name>live</name></domain>"
#define AT_REST "<inactiveDomain type='kvm'><name>rest</name></inactiveDomain>"
#define TAIL    "</domainsnapshot>"

static VpSnapshot *
parse(const char *xml)
{
    g_autoptr(GError) error = NULL;
    VpSnapshot *snapshot = vp_snapshot_parse(xml, &error);
    g_assert_no_error(error);
    return snapshot;
}

static void
test_disks(void)
{
    g_autoptr(VpSnapshot) snapshot =
        parse(HEAD "<memory snapshot='no'/><disks>"
                   "<disk name='vda' snapshot='external'><source file='/o'/></disk>"
                   "<disk name='vdb' snapshot='internal'/><disk name='vdc' snapshot='no'/>"
                   "<disk name='vdd' snapshot='manual'/><disk/></disks>" LIVE TAIL);
    g_assert_cmpstr(snapshot->name, ==, "s");
    g_assert_cmpstr(snapshot->state, ==, "running");
    g_assert_cmpint(snapshot->ram, ==, VP_SNAPSHOT_NONE);
    g_assert_cmpint(vp_snapshot_find_disk(snapshot, "vda")->kind, ==, VP_SNAPSHOT_EXTERNAL);
    g_assert_cmpstr(vp_snapshot_find_disk(snapshot, "vda")->overlay, ==, "/o");
    g_assert_cmpint(vp_snapshot_find_disk(snapshot, "vdb")->kind, ==, VP_SNAPSHOT_INTERNAL);
    g_assert_null(vp_snapshot_find_disk(snapshot, "vdb")->overlay);
    g_assert_cmpint(vp_snapshot_find_disk(snapshot, "vdc")->kind, ==, VP_SNAPSHOT_NONE);
    g_assert_cmpint(vp_snapshot_find_disk(snapshot, "vdd")->kind, ==, VP_SNAPSHOT_MANUAL);
    g_assert_null(vp_snapshot_find_disk(snapshot, "vde"));
}

/* Of a running domain there are two definitions, and the one at rest boots. */
static void
test_definition(void)
{
    static const char *const rows[][2] = {
        {HEAD LIVE TAIL, "live"},
        {HEAD LIVE AT_REST TAIL, "rest"},
        {HEAD AT_REST LIVE TAIL, "rest"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(VpSnapshot) snapshot = parse(rows[i][0]);
        g_autofree char *name = vp_domain_get_name(snapshot->domain);
        g_assert_cmpstr(name, ==, rows[i][1]);
        g_assert_true(vp_domain_check(snapshot->domain, "domain", NULL));
    }
}

static void
test_ram(void)
{
    g_autoptr(VpSnapshot) internal =
        parse(HEAD "<memory snapshot='internal'/>" LIVE AT_REST "<cookie><cpu/></cookie>" TAIL);
    g_autoptr(VpSnapshot) external = parse(
        HEAD "<creationTime>77</creationTime><memory snapshot='external' file='/m'/>" LIVE TAIL);
    g_autoptr(VpSnapshot) none = parse(HEAD LIVE TAIL);
    g_assert_cmpint(internal->ram, ==, VP_SNAPSHOT_INTERNAL);
    g_autofree char *live = vp_xml_format(internal->live);
    g_assert_nonnull(strstr(live, "<name>live</name>"));
    g_assert_nonnull(strstr(internal->cookie, "<cpu/>"));
    g_assert_cmpint(internal->created, ==, 0);
    g_assert_cmpint(external->ram, ==, VP_SNAPSHOT_EXTERNAL);
    g_assert_cmpstr(external->ram_file, ==, "/m");
    g_assert_cmpint(external->created, ==, 77);
    g_assert_null(external->cookie);
    g_assert_cmpint(none->ram, ==, VP_SNAPSHOT_NONE);
}

/* libvirt takes any number. */
static void
test_created(void)
{
    static const struct {
        const char *text;
        gint64 created;
    } rows[] = {
        {"77", 77},
        {"-1", 0},
        {"9999999999999999999", VP_SNAPSHOT_CREATED_MAX},
        {"", 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *xml =
            g_strdup_printf(HEAD "<creationTime>%s</creationTime>" LIVE TAIL, rows[i].text);
        g_autoptr(VpSnapshot) snapshot = parse(xml);
        g_assert_cmpint(snapshot->created, ==, rows[i].created);
    }
}

static void
test_refused(void)
{
    static const char *const texts[] = {
        HEAD TAIL,
        "<domainsnapshot><name>s</name>" LIVE TAIL,
        "<domainsnapshot><state>running</state>" LIVE TAIL,
        "<domainsnapshot/>",
        "<broken",
        "",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(vp_snapshot_parse(texts[i], &error));
        g_assert_nonnull(error);
        g_assert_nonnull(strstr(error->message, "snapshot"));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/snapshot/disks", test_disks);
    g_test_add_func("/snapshot/definition", test_definition);
    g_test_add_func("/snapshot/ram", test_ram);
    g_test_add_func("/snapshot/created", test_created);
    g_test_add_func("/snapshot/refused", test_refused);
    return g_test_run();
}
