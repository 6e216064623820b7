/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model/identity.h: UUIDs, MAC addresses, names, and how they are shown. */
#include "model/identity.h"

#include <string.h>

#define UUID "0ba0ba00-1111-4222-8333-44444444abcd"

static void
test_uuid(void)
{
    static const char *const good[] = {
        UUID,
        "0BA0BA00-1111-4222-8333-44444444ABCD",
        "0ba0ba001111422283334444"
        "4444abcd",
        "0b-a0ba00-1111-42228333-44444444abcd",
    };
    static const char *const bad[] = {
        "",
        "-",
        "new",
        UUID "0",
        UUID " ",
        " " UUID,
        "{" UUID "}",
        "0ba0ba00-1111-4222-8333-44444444abc",
        "0ba0ba00-1111-4222-8333-44444444abcg",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autofree char *uuid = NULL;
        g_assert_true(vp_uuid_parse(good[i], &uuid));
        g_assert_cmpstr(uuid, ==, UUID);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        char *uuid = NULL;
        g_assert_false(vp_uuid_parse(bad[i], &uuid));
        g_assert_null(uuid);
    }
}

static void
test_mac(void)
{
    static const char *const bad[] = {
        "",
        "52:54:00:aa:bb",
        "52:54:00:aa:bb:cc:dd",
        "52-54-00-aa-bb-cc",
        "5254.00aa.bbcc",
        "52:54:00:aa:bb:cg",
        "01:00:5e:00:00:01",
        "ff:ff:ff:ff:ff:ff",
        "00:00:00:00:00:00",
        "52:54:00:aa:bb:c\n",
    };
    g_autofree char *mac = NULL;
    g_assert_true(vp_mac_parse("52:54:00:AA:bb:Cc", &mac));
    g_assert_cmpstr(mac, ==, "52:54:00:aa:bb:cc");
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(vp_mac_parse(bad[i], NULL));
}

static void
test_new(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < 100; i++) {
        char *uuid = vp_uuid_new();
        char *mac = vp_mac_new("52:54:00");
        g_assert_true(vp_uuid_parse(uuid, NULL));
        g_assert_true(vp_mac_parse(mac, NULL));
        g_assert_true(g_str_has_prefix(mac, "52:54:00:"));
        g_assert_true(g_hash_table_add(seen, uuid));
        g_hash_table_add(seen, mac);
    }
    g_assert_cmpuint(g_hash_table_size(seen), >=, 199);
}

static void
test_name(void)
{
    static const char *const good[] = {"web1", "-rf", "a b", "é", "x;$(id)", "...", "\"'<&>"};
    static const char *const bad[] = {
        "",     ".", "..",  "a/b",          "/",        "a\nb", "\t",
        "\x7f", " ", "   ", "\xe3\x80\x80", "\xc2\x9b", "\xff", "a\x1b[2J",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++)
        g_assert_true(vp_name_check(good[i], "--name", NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(vp_name_check(bad[i], "--name", &error));
        g_assert_error(error, VP_ERROR, VP_ERROR_USAGE);
        g_assert_true(g_str_has_prefix(error->message, "--name: "));
        g_assert_null(strpbrk(error->message, "\x1b\n\t\x7f\xff"));
    }
    g_autofree char *longest = g_strnfill(200, 'x');
    g_autofree char *too_long = g_strnfill(201, 'x');
    g_assert_true(vp_name_check(longest, "--name", NULL));
    g_assert_false(vp_name_check(too_long, "--name", NULL));
}

static void
test_escape(void)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"plain é 日本", "plain é 日本"},
        {"\x1b[2J", "\\x1b[2J"},
        {"a\nb\tc", "a\\x0ab\\x09c"},
        {"\x7f", "\\x7f"},
        {"\xc2\x9b", "\\u{9b}"},
        {"\xff\xfe", "\\xff\\xfe"},
        {"\xe2\x80", "\\xe2\\x80"},
        {"a\u202eb", "a\\u{202e}b"},
        {"\u2066x\u2069", "\\u{2066}x\\u{2069}"},
        {"\u200f\u2028", "\\u{200f}\\u{2028}"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *shown = vp_escape(rows[i][0]);
        g_assert_cmpstr(shown, ==, rows[i][1]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/identity/uuid", test_uuid);
    g_test_add_func("/identity/mac", test_mac);
    g_test_add_func("/identity/new", test_new);
    g_test_add_func("/identity/name", test_name);
    g_test_add_func("/identity/escape", test_escape);
    return g_test_run();
}
