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

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/option/split", test_split);
    g_test_add_func("/option/pair", test_pair);
    return g_test_run();
}
