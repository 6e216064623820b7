/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model/report.h: findings, their order, and when they stop an import. */
#include "model/report.h"

#include <string.h>

static void
note(const VpFinding *finding, gpointer data)
{
    GString *told = data;
    g_string_append_printf(told, "%d %s %s %s %s", finding->level, finding->code, finding->resource,
                           finding->place ? finding->place : "-", finding->message);
    for (const char *const *fix = finding->fix; *fix; fix++)
        g_string_append_printf(told, " [%s]", *fix);
    g_string_append_c(told, '\n');
}

static VpReport *
make_report(void)
{
    VpReport *report = vp_report_new();
    vp_report_add(report, VP_FINDING_UNCHECKED, VP_LEVEL_NOTE, "domain", "a note");
    vp_report_add(report, VP_FINDING_MAC_TAKEN, VP_LEVEL_WARNING, "nic:0", "NIC %d", 0);
    vp_report_add(report, VP_FINDING_NAME_TAKEN, VP_LEVEL_ERROR, "domain", "100%% of %s", "it");
    vp_report_add_fix(report, "--name %s", "NAME");
    vp_report_add_fix(report, "--uuid new");
    vp_report_add(report, VP_FINDING_POWER_REFUSED, VP_LEVEL_ERROR, "domain", "power");
    vp_report_set_place(report, "/domain/a");
    vp_report_set_place(report, "/domain/b");
    vp_report_add(report, VP_FINDING_NAME_TAKEN, VP_LEVEL_ERROR, "domain", "again");
    return report;
}

static void
test_tell(void)
{
    g_autoptr(VpReport) report = make_report();
    g_autoptr(GString) told = g_string_new(NULL);
    VpObserver observer = {NULL, note, told};
    vp_report_tell(report, &observer);
    g_assert_cmpstr(told->str, ==,
                    "2 name-taken domain - 100% of it [--name NAME] [--uuid new]\n"
                    "2 power-refused domain /domain/b power\n"
                    "2 name-taken domain - again\n"
                    "1 mac-taken nic:0 - NIC 0\n"
                    "0 unchecked domain - a note\n");
    vp_report_tell(report, NULL);
    vp_report_tell(report, &(VpObserver){0});
}

static void
test_check(void)
{
    g_autoptr(VpReport) report = make_report();
    g_autoptr(GError) error = NULL;
    g_assert_cmpuint(vp_report_count(report, VP_LEVEL_ERROR), ==, 3);
    g_assert_cmpuint(vp_report_count(report, VP_LEVEL_WARNING), ==, 1);
    g_assert_false(vp_report_check(report, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FINDINGS);
    g_assert_nonnull(strstr(error->message, "3 error findings (name-taken, power-refused)"));
    g_assert_cmpint(vp_error_exit_status(error), ==, 3);
    g_assert_cmpstr(vp_error_get_fix(error)[0], ==, "--name NAME");
}

static void
test_no_error(void)
{
    g_autoptr(VpReport) report = vp_report_new();
    g_autoptr(GError) error = NULL;
    g_assert_true(vp_report_check(report, &error));
    vp_report_add(report, VP_FINDING_MEDIA_EJECTED, VP_LEVEL_WARNING, "disk:sda", "gone");
    g_assert_true(vp_report_check(report, &error));
    g_assert_no_error(error);
}

/* Scripts rely on the codes: each has one, all differ, all of one form. */
static void
test_codes(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (int code = 0; code < VP_FINDING_LAST; code++) {
        const char *name = vp_finding_code_to_string((VpFindingCode)code);
        g_assert_nonnull(name);
        g_assert_cmpuint(strspn(name, "abcdefghijklmnopqrstuvwxyz-"), ==, strlen(name));
        g_assert_true(g_hash_table_add(seen, (gpointer)name));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/tell", test_tell);
    g_test_add_func("/report/check", test_check);
    g_test_add_func("/report/no-error", test_no_error);
    g_test_add_func("/report/codes", test_codes);
    return g_test_run();
}
