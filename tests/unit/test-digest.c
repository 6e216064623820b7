/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* image/digest.h against the construct put together once more with GChecksum. */
#include "image/digest.h"

#include <string.h>

/* The content digest of @length bytes at @data, as virt-porter-package(5) words it. */
static char *
compute(const guint8 *data, gsize length)
{
    g_autoptr(GChecksum) outer = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 trailer[8];

    for (gsize offset = 0; offset < length; offset += 65536) {
        g_autoptr(GChecksum) block = g_checksum_new(G_CHECKSUM_SHA256);
        guint8 hash[32];
        gsize size = sizeof(hash);

        g_checksum_update(block, data + offset, (gssize)MIN(length - offset, 65536));
        g_checksum_get_digest(block, hash, &size);
        g_checksum_update(outer, hash, sizeof(hash));
    }
    for (guint i = 0; i < sizeof(trailer); i++)
        trailer[i] = (guint8)((guint64)length >> (8 * i));
    g_checksum_update(outer, trailer, sizeof(trailer));
    return g_strdup(g_checksum_get_string(outer));
}

static const gsize sizes[] = {0, 1, 511, 512, 65535, 65536, 65537, 131072, 1000001};

static guint8 *
make_data(gsize length)
{
    guint8 *data = g_malloc(length + 1);

    for (gsize i = 0; i < length; i++)
        data[i] = (guint8)(i * 31 + i / 65536);
    return data;
}

static void
test_data(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autofree guint8 *data = make_data(sizes[i]);
        g_autofree char *expected = compute(data, sizes[i]);
        g_autoptr(VpDigest) digest = vp_digest_new();
        char hex[VP_DIGEST_HEX];

        for (gsize offset = 0; offset < sizes[i]; offset += VP_DIGEST_BLOCK) {
            gsize length = MIN(sizes[i] - offset, VP_DIGEST_BLOCK);
            guint8 hash[VP_DIGEST_LENGTH];

            vp_digest_hash_block(data + offset, length, hash);
            vp_digest_add_block(digest, hash, length);
        }
        vp_digest_finish(digest, hex);
        g_assert_cmpstr(hex, ==, expected);
    }
}

static void
test_zeros(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autofree guint8 *data = g_malloc0(sizes[i] + 1);
        g_autofree char *expected = compute(data, sizes[i]);
        g_autoptr(VpDigest) digest = vp_digest_new();
        char hex[VP_DIGEST_HEX];

        vp_digest_add_zeros(digest, sizes[i]);
        vp_digest_finish(digest, hex);
        g_assert_cmpstr(hex, ==, expected);
    }
}

static void
test_mixed(void)
{
    gsize length = 5 * VP_DIGEST_BLOCK + 100;
    g_autofree guint8 *data = g_malloc0(length);
    g_autoptr(VpDigest) digest = vp_digest_new();
    guint8 hash[VP_DIGEST_LENGTH];
    char hex[VP_DIGEST_HEX];

    memset(data + 2 * VP_DIGEST_BLOCK, 7, VP_DIGEST_BLOCK);

    g_autofree char *expected = compute(data, length);

    vp_digest_add_zeros(digest, 2 * VP_DIGEST_BLOCK);
    vp_digest_hash_block(data + 2 * VP_DIGEST_BLOCK, VP_DIGEST_BLOCK, hash);
    vp_digest_add_block(digest, hash, VP_DIGEST_BLOCK);
    vp_digest_add_zeros(digest, 2 * VP_DIGEST_BLOCK + 100);
    vp_digest_finish(digest, hex);
    g_assert_cmpstr(hex, ==, expected);
}

/* Longer than the run of hashes that is fed at once. */
static void
test_long_hole(void)
{
    gsize length = 300 * 1024 * 1024;
    g_autofree guint8 *data = g_malloc0(length);
    g_autofree char *expected = compute(data, length);
    g_autoptr(VpDigest) digest = vp_digest_new();
    char hex[VP_DIGEST_HEX];

    vp_digest_add_zeros(digest, length);
    vp_digest_finish(digest, hex);
    g_assert_cmpstr(hex, ==, expected);
}

static void
test_terabyte_is_quick(void)
{
    g_autoptr(VpDigest) digest = vp_digest_new();
    char hex[VP_DIGEST_HEX];

    g_test_timer_start();
    vp_digest_add_zeros(digest, G_GUINT64_CONSTANT(1) << 40);
    vp_digest_finish(digest, hex);
    /* 0.5 s on an idle machine: the bound is for a busy one. */
    g_assert_cmpfloat(g_test_timer_elapsed(), <, 10);
}

static gpointer
hash_in_thread(gpointer data)
{
    guint8 *hash = g_malloc(VP_DIGEST_LENGTH);

    for (guint i = 0; i < 100; i++)
        vp_digest_hash_block(data, VP_DIGEST_BLOCK, hash);
    return hash;
}

static void
test_threads(void)
{
    g_autofree guint8 *data = make_data(VP_DIGEST_BLOCK);
    guint8 expected[VP_DIGEST_LENGTH];
    GThread *threads[4];

    vp_digest_hash_block(data, VP_DIGEST_BLOCK, expected);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new(NULL, hash_in_thread, data);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_autofree guint8 *hash = g_thread_join(threads[i]);

        g_assert_cmpmem(hash, VP_DIGEST_LENGTH, expected, sizeof(expected));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/digest/data", test_data);
    g_test_add_func("/digest/zeros", test_zeros);
    g_test_add_func("/digest/mixed", test_mixed);
    g_test_add_func("/digest/long-hole", test_long_hole);
    g_test_add_func("/digest/terabyte-is-quick", test_terabyte_is_quick);
    g_test_add_func("/digest/threads", test_threads);
    return g_test_run();
}
