/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model/option.h: the forms that values of options have. */
#include "model/option.h"

#include <string.h>

static const struct {
    const char *text;
    const char *fields[5];
} split_rows[] = {
    {"", {""}},
    {"a", {"a"}},
    {"a,b=c,d", {"a", "b=c", "d"}},
    {"a,,b", {"a,b"}},
    {"a,,,b", {"a,", "b"}},
    {",,,,", {",,"}},
    {",a", {"", "a"}},
    {"a,", {"a", ""}},
    {"vda=/x,,y.img,format=raw", {"vda=/x,y.img", "format=raw"}},
};

static void
test_split(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(split_rows); i++) {
        g_auto(GStrv) fields = vp_option_split(split_rows[i].text);
        g_test_message("%s", split_rows[i].text);
        g_assert_cmpstrv(fields, split_rows[i].fields);
    }
}

static void
test_pair(void)
{
    static const char *const bad[] = {"", "=", "=x", "vda", "vda:x"};
    g_autofree char *key = NULL;
    g_autofree char *value = NULL;
    g_assert_true(vp_option_pair("vda=a=b", "--disk", "T=P", &key, &value, NULL));
    g_assert_cmpstr(key, ==, "vda");
    g_assert_cmpstr(value, ==, "a=b");
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        char *none = NULL;
        g_autoptr(GError) error = NULL;
        g_assert_false(vp_option_pair(bad[i], "--disk", "T=P", &none, &none, &error));
        g_assert_error(error, VP_ERROR, VP_ERROR_USAGE);
        g_assert_true(g_str_has_prefix(error->message, "--disk: "));
        g_assert_nonnull(strstr(error->message, "T=P"));
        g_assert_null(none);
    }
}

static const struct {
    const char *text;
    gboolean good;
    const char *value;
} suboption_rows[] = {
    {"", TRUE, NULL},
    {"x", TRUE, NULL},
    {"x,format=raw", TRUE, "raw"},
    {"x,format=", TRUE, ""},
    {"x,format=a,format=b", TRUE, "b"},
    {"x,format", FALSE, NULL},
    {"x,formats=raw", FALSE, NULL},
    {"x,form=raw", FALSE, NULL},
    {"x,format=raw,y", FALSE, NULL},
    {"x,", FALSE, NULL},
};

static void
test_suboption(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(suboption_rows); i++) {
        g_auto(GStrv) fields = vp_option_split(suboption_rows[i].text);
        const char *value = NULL;
        g_autoptr(GError) error = NULL;
        g_test_message("%s", suboption_rows[i].text);
        gboolean good = vp_option_suboption(fields, "format", "--disk", &value, &error);
        g_assert_true(good == suboption_rows[i].good);
        g_assert_cmpstr(value, ==, suboption_rows[i].value);
        g_assert_true(good || g_error_matches(error, VP_ERROR, VP_ERROR_USAGE));
    }
}

static void
test_word(void)
{
    static const char *const words[] = {"new", "keep", NULL};
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(vp_option_word("keep", words, 0, "--genid", &error), ==, 1);
    g_assert_cmpint(vp_option_word(NULL, words, 7, "--genid", &error), ==, 7);
    g_assert_no_error(error);
    g_assert_cmpint(vp_option_word("kee", words, 0, "--genid", &error), ==, -1);
    g_assert_error(error, VP_ERROR, VP_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, "new, keep"));
    g_clear_error(&error);
    g_assert_cmpint(vp_option_word("", words, 0, "--genid", &error), ==, -1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/option/split", test_split);
    g_test_add_func("/option/pair", test_pair);
    g_test_add_func("/option/suboption", test_suboption);
    g_test_add_func("/option/word", test_word);
    return g_test_run();
}
