/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * run.c: feeds a target without libFuzzer, the same each time.
 *
 *   fuzz-X                 as a test: its seeds, what libFuzzer once found (found/X/), and
 *                          a bounded number of mutations
 *   fuzz-X --write FOLDER  its seeds as files, for libFuzzer to begin with
 *   fuzz-X FILE …          these files, for a debugger
 */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>

#define MUTATIONS 20000
#define EDITS_MAX 4

/* What numbers of a format go wrong at. */
static const guint64 edges[] = {
    0,           1,          7,          8,          0x1ff,      0x200,
    0x10000,     0x7fffffff, 0x80000000, 0xffffffff, G_MAXINT64, G_GUINT64_CONSTANT(1) << 63,
    G_MAXUINT64,
};

static void
edit(GRand *rand, GByteArray *bytes)
{
    guint at = (guint)g_rand_int_range(rand, 0, (gint32)bytes->len);
    guint64 edge = GUINT64_TO_BE(edges[g_rand_int_range(rand, 0, G_N_ELEMENTS(edges))]);
    gsize room = bytes->len - at;
    switch (g_rand_int_range(rand, 0, 5)) {
    case 0:
        g_byte_array_set_size(bytes, at + 1);
        break;
    case 1:
        memcpy(bytes->data + at, &edge, MIN(room, 8));
        break;
    case 2:
        memcpy(bytes->data + at / 4 * 4, (guint8 *)&edge + 4, MIN(room, 4));
        break;
    default:
        bytes->data[at] = (guint8)g_rand_int_range(rand, 0, 256);
    }
}

static void
feed_mutations(GPtrArray *seeds)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    for (guint i = 0; i < MUTATIONS; i++) {
        GBytes *seed = seeds->pdata[i % seeds->len];
        gsize size;
        const guint8 *data = g_bytes_get_data(seed, &size);
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        g_byte_array_append(bytes, data, (guint)size);
        for (gint32 n = g_rand_int_range(rand, 1, EDITS_MAX + 1); n > 0; n--)
            edit(rand, bytes);
        fuzz_target(bytes->data, bytes->len);
    }
}

static gboolean
feed_bytes(GBytes *bytes)
{
    gsize size;
    const guint8 *data = g_bytes_get_data(bytes, &size);
    return fuzz_target(data, size);
}

static void
feed_file(const char *path)
{
    g_autofree char *data = NULL;
    gsize size;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &data, &size, &error);
    g_assert_no_error(error);
    fuzz_target((const guint8 *)data, size);
}

static void
feed_files(char **paths)
{
    for (; *paths; paths++)
        feed_file(*paths);
}

/* Files of tests/fuzz/found/TARGET. */
static guint
feed_found(const char *target)
{
    g_autofree char *folder =
        g_build_filename(g_getenv("VP_SRCDIR"), "tests/fuzz/found", target, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint fed = 0;
    for (const char *name; dir && (name = g_dir_read_name(dir)); fed++) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        feed_file(path);
    }
    return fed;
}

static void
write_seeds(GPtrArray *seeds, const char *folder)
{
    for (guint i = 0; i < seeds->len; i++) {
        g_autofree char *path = g_strdup_printf("%s/seed-%u", folder, i);
        gsize size;
        const char *data = g_bytes_get_data(seeds->pdata[i], &size);
        g_assert_true(g_file_set_contents(path, data, (gssize)size, NULL));
    }
}

static void
run_as_test(GPtrArray *seeds, const char *target)
{
    for (guint i = 0; i < seeds->len; i++) {
        gboolean taken = feed_bytes(seeds->pdata[i]);
        printf("%s %u - seed %u is taken\n", taken ? "ok" : "not ok", i + 1, i);
    }
    printf("ok %u - what was found once (%u)\n", seeds->len + 1, feed_found(target));
    feed_mutations(seeds);
    printf("ok %u - %u mutations\n1..%u\n", seeds->len + 2, MUTATIONS, seeds->len + 2);
}

int
main(int argc, char **argv)
{
    g_autofree char *target = g_path_get_basename(argv[0]);
    g_autoptr(GPtrArray) seeds = fuzz_seeds();
    if (argc == 1)
        run_as_test(seeds, target);
    else if (argc == 3 && strcmp(argv[1], "--write") == 0)
        write_seeds(seeds, argv[2]);
    else
        feed_files(argv + 1);
    return 0;
}
