/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model/plan-file.h: plans and profiles as files; tests/xml/ has each option written and read. */
#include "model-fixture.h"
#include "model/plan-file.h"

#include <string.h>

#define IDENTITY "package='5b2c9d3e6b3f0d9a4a1e8f7c6d5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a39'"
#define DEVICES \
    "<disk type='file'><source file='/old/a'/><target dev='vda'/></disk>" \
    "<disk type='volume'><source pool='fast' volume='b'/><target dev='vdb'/></disk>" \
    "<disk type='file' device='cdrom'><source file='/iso/c.iso'/><target dev='sda'/></disk>" \
    "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='staging-1'/>" \
    "</interface>" \
    "<interface type='bridge'><mac address='52:54:00:00:00:02'/><source bridge='br9'/>" \
    "</interface>"

static VpWishes *
parse(const char *text, GError **error)
{
    return vp_plan_file_parse(text, strlen(text), "plan p.xml", "plan p.xml", error);
}

static VpPlan *
plan_of(Fixture *fixture, const char *body, GError **error)
{
    g_autofree char *text = g_strdup_printf("<plan version='1.0'>%s</plan>", body);
    g_autoptr(GError) local = NULL;
    VpWishes *wishes = parse(text, &local);
    g_assert_no_error(local);
    g_ptr_array_add(fixture->order, wishes);
    return fixture_plan(fixture, error);
}

/* What a faulty file is refused for. */
static const struct {
    const char *text;
    const char *message;
} bad_rows[] = {
    {"", "plan p.xml: "},
    {"plain", "plan p.xml: not well-formed XML"},
    {"<plan version='1.0'>", "plan p.xml: not well-formed XML"},
    {"<!DOCTYPE plan><plan version='1.0'/>", "plan p.xml: has a DOCTYPE"},
    {"<profile version='1.0'/>", "plan p.xml, line 1: its root is profile: that of a plan or"},
    {"<plan/>", "plan p.xml, line 1: plan: the attribute version= is missing"},
    {"<plan version='2.0'/>", "plan p.xml, line 1: plan: version 2.0 is not one"},
    {"<plan version='1.x'/>", "plan p.xml, line 1: "},
    {"<plan version='1.0' package='abc'/>", "plan p.xml, line 1: "},
    {"<plan version='1.0'>\n<nmae>x</nmae></plan>",
     "plan p.xml, line 2: nmae: no such element; there are: name, uuid"},
    {"<plan version='1.0'><name>a</name>\n\n<name>b</name></plan>",
     "plan p.xml, line 3: name: it stands there twice"},
    {"<plan version='1.0'>\n<start>maybe</start></plan>",
     "plan p.xml, line 2: start: “maybe” is neither yes nor no"},
    {"<plan version='1.0'><disk to='/x'/></plan>",
     "plan p.xml, line 1: disk: the attribute target= is missing"},
    {"<plan version='1.0'><disk target='vda'/></plan>",
     "plan p.xml, line 1: disk: the attribute to= is missing"},
    {"<plan version='1.0'><nic id='0' to='user' model='e1000'/></plan>",
     "plan p.xml, line 1: nic: it has no attribute model=; there are: id, to, mac"},
    {"<plan version='1.0'><name value='a'/></plan>",
     "plan p.xml, line 1: name: it has no attribute value=: its value is its text"},
    {"<plan version='1.0'><name><b/>x</name></plan>", "plan p.xml, line 1: "},
    {"<plan version='1.0'>text</plan>", "plan p.xml, line 1: "},
};

static void
test_bad(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(bad_rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(VpWishes) wishes = parse(bad_rows[i].text, &error);
        g_test_message("%s", bad_rows[i].text);
        g_assert_null(wishes);
        g_assert_error(error, VP_ERROR, VP_ERROR_USAGE);
        if (!g_str_has_prefix(error->message, bad_rows[i].message))
            g_assert_cmpstr(error->message, ==, bad_rows[i].message);
    }
}

/* Values are judged where the plan is made, and the file is named. */
static void
test_bad_values(void)
{
    static const char *const rows[][2] = {
        {"<plan version='1.0' " IDENTITY ">\n<uuid>12</uuid></plan>",
         "plan p.xml, line 2: uuid: “12” is no UUID: give one, new or keep"},
        {"<plan version='1.0' " IDENTITY "><genid>old</genid></plan>",
         "plan p.xml, line 1: genid: “old” is not one of: new, keep"},
        {"<plan version='1.0' " IDENTITY "><disk target='vdz' to='/x'/></plan>",
         "plan p.xml, line 1: disk: the package has no disk “vdz”; it has: vda, vdb, sda"},
        {"<plan version='1.0' " IDENTITY "><disk target='vda' to='x'/></plan>",
         "plan p.xml, line 1: disk vda: “x” is neither a path, which begins with / or ./, "
         "nor POOL/VOLUME, nor skip"},
        {"<plan version='1.0' " IDENTITY "><allow>all</allow></plan>",
         "plan p.xml, line 1: allow: “all” is no power; there are: emulator"},
        {"<plan version='1.0' " IDENTITY "><xml>./name</xml></plan>", "plan p.xml, line 1: xml: "},
        {"<plan version='1.0' " IDENTITY "><disk target='vda' to='/x' format='raw'/>\n"
         "<mode>link</mode></plan>",
         "plan p.xml, line 2: mode link: the layer of disk vda is a qcow2 file, but plan p.xml "
         "says format=raw: say format=qcow2 there"},
        {"<plan version='1.0'><mac-prefix>01:00</mac-prefix></plan>",
         "plan p.xml, line 1: mac-prefix: “01:00” is no beginning"},
        {"<plan version='1.0'><disks source='*' to='/x'/></plan>",
         "plan p.xml, line 1: disks: to=“/x” is no folder"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Fixture) fixture = fixture_new(DEVICES, NULL);
        g_autoptr(GError) error = NULL;
        g_test_message("%s", rows[i][0]);
        VpWishes *wishes = parse(rows[i][0], &error);
        g_assert_no_error(error);
        g_ptr_array_add(fixture->order, wishes);
        g_autoptr(VpPlan) plan = fixture_plan(fixture, &error);
        g_assert_null(plan);
        g_assert_error(error, VP_ERROR, VP_ERROR_USAGE);
        if (!g_str_has_prefix(error->message, rows[i][1]))
            g_assert_cmpstr(error->message, ==, rows[i][1]);
    }
}

/* Somebody else's additions are passed over. */
static void
test_foreign(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VpWishes) wishes =
        parse("<plan version='1.0' " IDENTITY " xmlns:x='urn:x' x:by='me'>\n"
              "<x:note><name>no</name></x:note><name x:why='because'>web2</name></plan>",
              &error);
    g_assert_no_error(error);
    g_assert_cmpuint(wishes->list->len, ==, 1);
    g_assert_cmpstr(vp_wishes_find(wishes, VP_CHOICE_NAME)->text, ==, "web2");
    g_assert_true(g_str_has_prefix(wishes->package, "5b2c"));
    g_assert_false(vp_wishes_find(wishes, VP_CHOICE_NAME)->is_rule);
}

/* Rules of a site: what they name need not be there, the closer one wins. */
static void
test_rules(void)
{
    g_autoptr(Fixture) fixture = fixture_new(DEVICES, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(VpPlan) plan =
        plan_of(fixture,
                "<network source='network:staging*' to='bridge:br0'/>"
                "<network source='*' to='none'/><nic id='7' to='user'/>"
                "<network source='network:other' to='user'/>"
                "<disks source='/old/*' to='/new/'/><disks source='fast/*' to='/slow/'/>"
                "<disks source='/iso/*' to='/mnt/iso/' format='raw'/><disk target='vdz' to='/z'/>"
                "<mac-prefix>52:54:00:A0</mac-prefix><ram>drop</ram>",
                &error);
    g_assert_no_error(error);
    const VpPlanDisk *const *disks = (gpointer)plan->disks->pdata;
    const VpPlanNic *const *nics = (gpointer)plan->nics->pdata;
    g_assert_cmpstr(disks[0]->path, ==, "/new/web-vda.qcow2");
    g_assert_cmpstr(disks[1]->path, ==, "/slow/web-vdb.qcow2");
    g_assert_cmpstr(disks[2]->path, ==, "/mnt/iso/c.iso");
    g_assert_cmpint(disks[2]->fate, ==, VP_FATE_USE);
    g_assert_cmpint(nics[0]->target->kind, ==, VP_NIC_BRIDGE);
    g_assert_cmpint(nics[1]->target->kind, ==, VP_NIC_NONE);
    g_assert_true(g_str_has_prefix(nics[0]->mac, "52:54:00:a0:"));
    g_assert_cmpstr(nics[0]->from, ==, "plan p.xml");
}

/* A layer is qcow2, whatever the rules of a site say of copies. */
static void
test_rules_of_layers(void)
{
    g_autoptr(Fixture) fixture = fixture_new(DEVICES, NULL);
    g_autoptr(GError) error = NULL;
    fixture->options.mode = "link";
    g_autoptr(VpPlan) plan = plan_of(fixture,
                                     "<disks source='/old/*' to='/new/' format='raw'/>"
                                     "<disk target='vdb' to='/x/y' format='raw'/>",
                                     &error);
    g_assert_no_error(error);
    const VpPlanDisk *const *disks = (gpointer)plan->disks->pdata;
    g_assert_cmpstr(disks[0]->path, ==, "/new/web-vda.qcow2");
    g_assert_cmpstr(disks[0]->format, ==, "qcow2");
    g_assert_cmpstr(disks[1]->path, ==, "/x/y");
    g_assert_cmpstr(disks[1]->format, ==, "qcow2");
}

/* The command line wins, whole. */
static void
test_options_win(void)
{
    g_autoptr(Fixture) fixture = fixture_new(DEVICES, NULL);
    g_autoptr(GError) error = NULL;
    fixture->options.dir = "/mine";
    fixture->options.network = fixture_list(fixture, "*=user");
    fixture->options.name = "web9";
    g_autoptr(VpPlan) plan = plan_of(fixture,
                                     "<name>web2</name><disk target='vda' to='/x/y' format='raw'/>"
                                     "<nic id='0' to='bridge:br0'/><title>T</title>",
                                     &error);
    g_assert_no_error(error);
    const VpPlanDisk *disk = plan->disks->pdata[0];
    g_assert_cmpstr(plan->name, ==, "web9");
    g_assert_cmpstr(plan->title, ==, "T");
    g_assert_cmpstr(disk->path, ==, "/mine/web9-vda.raw");
    g_assert_cmpint(((const VpPlanNic *)plan->nics->pdata[0])->target->kind, ==, VP_NIC_USER);
}

/* Nothing of a package breaks out of the comments and attributes of its plan. */
static void
test_hostile_text(void)
{
    g_autoptr(Fixture) fixture = fixture_new(
        "<disk type='file'><source file='/a--&gt;&#10;&lt;allow&gt;\"&amp;'/>"
        "<target dev='vda'/></disk>"
        "<interface type='bridge'><source bridge='--&gt;&lt;start&gt;yes'/></interface>",
        NULL);
    fixture->options.title = "--><start>yes</start><!-- a\nb\t]]>";
    g_autoptr(GError) error = NULL;
    g_autoptr(VpPlan) plan = fixture_plan(fixture, &error);
    g_assert_no_error(error);
    g_autoptr(VpReport) report = vp_report_new();
    vp_report_add(report, VP_FINDING_NAME_TAKEN, VP_LEVEL_ERROR, "domain", "--><start>yes</start>");
    g_autofree char *text = vp_plan_file_format(plan, fixture->machine, fixture->facts, report,
                                                "0000000000000000000000000000000000000000000000000"
                                                "000000000000000");
    g_autoptr(VpWishes) wishes = parse(text, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(vp_wishes_find(wishes, VP_CHOICE_START)->text, ==, "no");
    g_assert_cmpstr(vp_wishes_find(wishes, VP_CHOICE_TITLE)->text, ==, fixture->options.title);
    g_assert_null(vp_wishes_find(wishes, VP_CHOICE_ALLOW));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan-file/bad", test_bad);
    g_test_add_func("/plan-file/bad-values", test_bad_values);
    g_test_add_func("/plan-file/foreign", test_foreign);
    g_test_add_func("/plan-file/rules", test_rules);
    g_test_add_func("/plan-file/rules-of-layers", test_rules_of_layers);
    g_test_add_func("/plan-file/options-win", test_options_win);
    g_test_add_func("/plan-file/hostile-text", test_hostile_text);
    return g_test_run();
}
