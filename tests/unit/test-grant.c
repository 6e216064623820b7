/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model/grant.h, host/polkit.h: what is granted, its rule, and what stands against it. */
#include "model-fixture.h"

#include "host/polkit.h"

#include <string.h>

static GPtrArray *
grants_of(const char *const *texts, GError **error)
{
    g_autoptr(GPtrArray) grants = g_ptr_array_new_with_free_func((GDestroyNotify)vp_grant_free);
    for (; texts && *texts; texts++) {
        if (!vp_grants_add(grants, *texts, "--grant", error))
            return NULL;
    }
    return g_steal_pointer(&grants);
}

static char *
parse(const char *const *texts)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) grants = grants_of(texts, &error);
    g_assert_no_error(error);
    g_auto(GStrv) list = vp_grants_format(grants);
    return g_strjoinv(" ", list);
}

static void
test_parse(void)
{
    static const char *const texts[] = {"alice=view",    "@ops=manage",   "alice=operate",
                                        "dom\\a b=view", "x@y.org$=view", NULL};
    g_autofree char *list = parse(texts);
    g_assert_cmpstr(list, ==, "@ops=manage alice=operate dom\\a b=view x@y.org$=view");
    g_autofree char *none = parse(NULL);
    g_assert_cmpstr(none, ==, "");
}

static void
test_malformed(void)
{
    static const char *const texts[] = {
        "",          "alice",    "=view",       "alice=",   "alice=root",    "@=view",
        "a:b=view",  "a/b=view", "-a=view",     "@-a=view", "a\nb=view",     "a\x7f=view",
        "\xff=view", "a=VIEW",   "alice=view=", "a\t=view", "a\u2028b=view", "a\u202eb=view",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        const char *const list[] = {texts[i], NULL};
        g_autoptr(GError) error = NULL;
        g_test_message("%s", texts[i]);
        g_assert_null(grants_of(list, &error));
        g_assert_error(error, VP_ERROR, VP_ERROR_USAGE);
    }
}

static VpPolkitRule *
rule_of(const char *name, const char *const *grants)
{
    VpPolkitRule *rule = vp_polkit_rule_new(UUID, name);
    g_ptr_array_unref(rule->grants);
    rule->grants = grants_of(grants, NULL);
    g_assert_nonnull(rule->grants);
    return rule;
}

/* Whatever the names are, one of the rule ends no string, no comment and no line. */
static void
test_rule_names(void)
{
    static const char *const names[] = {
        "web",       "a\"); evil(); (\"", "a\\",    "*/ evil",
        "a\nevil()", "\u2028evil()",      "büro-😀", "'`${x}",
    };
    static const char *const grants[] = {
        "a\") || (\"=view", "@a\\\" + x=operate", "büro=view", "😀=manage", "\\u0041=view", NULL,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(VpPolkitRule) rule = rule_of(names[i], grants);
        g_autofree char *text = vp_polkit_rule_format(rule);
        g_assert_null(strstr(text, "evil()"));
        g_assert_null(strstr(text, "|| (\"\""));
        g_assert_true(g_str_is_ascii(text));
        g_autoptr(VpPolkitRule) again = vp_polkit_rule_parse(text);
        g_assert_nonnull(again);
        g_assert_cmpstr(again->name, ==, names[i]);
        g_assert_cmpstr(again->uuid, ==, UUID);
        g_auto(GStrv) list = vp_grants_format(again->grants);
        g_assert_true(g_strv_equal((const char *const *)list, grants));
    }
}

static void
test_rule_minimal(void)
{
    static const char *const grants[] = {"alice=view", NULL};
    g_autoptr(VpPolkitRule) rule = rule_of("web", grants);
    g_autofree char *text = vp_polkit_rule_format(rule);
    g_assert_nonnull(strstr(text, "if (subject.user == \"alice\") may = may.concat(view);"));
    g_assert_nonnull(strstr(text, "\"org.libvirt.api.domain.read\""));
    g_assert_null(strstr(text, "operate"));
    g_assert_null(strstr(text, "api.domain.start"));
}

/* A file that was edited is no longer ours to change. */
static void
test_rule_changed(void)
{
    static const char *const grants[] = {"alice=view", "@ops=operate", NULL};
    static const struct {
        const char *from, *to;
    } rows[] = {
        {"\"alice\"", "\"alice"},       {"concat(view)", "concat(root)"},
        {"!= \"QEMU\"", "!= \"LXC\""},  {UUID, "x"},
        {"may = [];", "may = [view];"}, {"// Written", "// written"},
    };
    g_autoptr(VpPolkitRule) rule = rule_of("web", grants);
    g_autofree char *text = vp_polkit_rule_format(rule);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(GStrv) parts = g_strsplit(text, rows[i].from, 2);
        g_assert_nonnull(parts[1]);
        g_autofree char *changed = g_strjoinv(rows[i].to, parts);
        g_test_message("%s", rows[i].from);
        g_autoptr(VpPolkitRule) read = vp_polkit_rule_parse(changed);
        g_assert_null(read);
    }
    g_autoptr(VpPolkitRule) empty = vp_polkit_rule_parse("");
    g_assert_null(empty);
}

static void
test_use(void)
{
    static const struct {
        const char *conf;
        VpPolkitUse use;
        gboolean login;
    } rows[] = {
        {"", VP_POLKIT_IGNORED, TRUE},
        {"#access_drivers = [ \"polkit\" ]\n", VP_POLKIT_IGNORED, TRUE},
        {"access_drivers = [ \"polkit\" ]\nauth_unix_rw = \"none\"\n", VP_POLKIT_ASKED, FALSE},
        {"access_drivers=['polkit']\nauth_unix_rw = \"polkit\"", VP_POLKIT_ASKED, TRUE},
        {"access_drivers = [\n  \"nop\", # \"x\"\n  \"polkit\"\n]\n", VP_POLKIT_ASKED, TRUE},
        {"access_drivers = [ \"nop\" ] # polkit \"polkit\"\n", VP_POLKIT_IGNORED, TRUE},
        {"access_drivers = [ \"polkit\" ]\naccess_drivers = [ ]\n", VP_POLKIT_IGNORED, TRUE},
        {"no_access_drivers = [ \"polkit\" ]\n", VP_POLKIT_IGNORED, TRUE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        gboolean login;
        g_test_message("%s", rows[i].conf);
        g_assert_cmpint(vp_polkit_use_parse(rows[i].conf, &login), ==, rows[i].use);
        g_assert_cmpint(login, ==, rows[i].login);
    }
}

static void
can_grant(Fixture *f)
{
    VpGrantFacts *facts = &f->facts->grants;
    f->options.grant = fixture_list(f, "alice=view @ops=operate");
    facts->available = facts->folder_exists = facts->folder_writable = TRUE;
    facts->folder = g_strdup("/rules.d");
    facts->conf = g_strdup("/etc/daemon.conf");
    facts->asked = VP_ASKED_YES;
}

static void
session(Fixture *f)
{
    can_grant(f);
    f->facts->grants.available = FALSE;
}

static void
strangers(Fixture *f)
{
    can_grant(f);
    f->facts->grants.unknown = g_strsplit("alice @ops", " ", -1);
}

static void
not_root(Fixture *f)
{
    can_grant(f);
    f->facts->grants.folder_writable = FALSE;
}

static void
nobody_asks(Fixture *f)
{
    can_grant(f);
    f->facts->grants.asked = VP_ASKED_NO;
}

static void
not_readable(Fixture *f)
{
    can_grant(f);
    f->facts->grants.asked = VP_ASKED_UNKNOWN;
}

static void
login(Fixture *f)
{
    can_grant(f);
    f->facts->grants.login = TRUE;
}

static void
stale(Fixture *f)
{
    f->facts->grants.stale = g_strsplit(UUID " 22222222-2222-4333-8444-555555555555", " ", -1);
    f->options.uuid = "keep";
}

static void
test_check(void)
{
    static const struct {
        void (*set)(Fixture *fixture);
        const char *expected;
    } rows[] = {
        {can_grant, ""},
        {session, "error grant-unavailable domain\n"},
        {strangers, "error subject-unknown domain\nerror subject-unknown domain\n"},
        {not_root, "error path-not-writable domain\n"},
        {nobody_asks, "warning grant-not-enforced domain\n"},
        {not_readable, "note unchecked domain\n"},
        {login, "note grant-needs-login domain\n"},
        {stale, "note grant-stale domain\nnote grant-stale domain\n"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Fixture) fixture = fixture_new("", NULL);
        rows[i].set(fixture);
        g_autofree char *findings = fixture_check(fixture);
        g_test_message("row %" G_GSIZE_FORMAT, i);
        g_assert_cmpstr(findings, ==, rows[i].expected);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/grant/parse", test_parse);
    g_test_add_func("/grant/malformed", test_malformed);
    g_test_add_func("/grant/rule-names", test_rule_names);
    g_test_add_func("/grant/rule-minimal", test_rule_minimal);
    g_test_add_func("/grant/rule-changed", test_rule_changed);
    g_test_add_func("/grant/use", test_use);
    g_test_add_func("/grant/check", test_check);
    return g_test_run();
}
