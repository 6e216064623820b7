/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* image/header.h: a fresh image of qemu-img, and one harm a row. */
#include "image/header.h"
#include "base/arrival.h"
#include "base/fd.h"
#include "base/process.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define SIZE (64 * 1024 * 1024)

static char *folder;

/* A fresh image of qemu-img; @options and @backing may be NULL. */
static char *
make_image(const char *options, const char *backing)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, "image.qcow2", NULL);
    g_autofree char *size = g_strdup_printf("%d", SIZE);
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    const char *const fixed[] = {"qemu-img", "create", "-q", "-f", "qcow2", "-u"};

    for (guint i = 0; i < G_N_ELEMENTS(fixed); i++)
        g_ptr_array_add(argv, (gpointer)fixed[i]);
    if (options) {
        g_ptr_array_add(argv, (gpointer) "-o");
        g_ptr_array_add(argv, (gpointer)options);
    }
    if (backing) {
        g_ptr_array_add(argv, (gpointer) "-b");
        g_ptr_array_add(argv, (gpointer)backing);
        g_ptr_array_add(argv, (gpointer) "-F");
        g_ptr_array_add(argv, (gpointer) "qcow2");
    }
    g_ptr_array_add(argv, path);
    g_ptr_array_add(argv, size);
    g_ptr_array_add(argv, NULL);
    vp_process_run((const char *const *)argv->pdata, NULL, NULL, &error);
    g_assert_no_error(error);
    return g_steal_pointer(&path);
}

static void
patch(const char *path, guint64 offset, gconstpointer bytes, gsize length)
{
    vp_autofd int fd = open(path, O_WRONLY | O_CLOEXEC);

    g_assert_cmpint(pwrite(fd, bytes, length, (off_t)offset), ==, (gssize)length);
}

/* Writes @value in @width bytes, big endian. */
static void
patch_number(const char *path, guint64 offset, guint width, guint64 value)
{
    guint64 big = GUINT64_TO_BE(value);

    patch(path, offset, (const guint8 *)&big + sizeof(big) - width, width);
}

static gboolean
check(const char *path, const VpImageExpectation *expected, GError **error)
{
    vp_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);

    g_assert_cmpint(fd, >=, 0);
    return vp_header_check(fd, expected, "disks/vda.qcow2", error);
}

static void
check_good(const char *options, const char *backing)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = make_image(options, backing);
    VpImageExpectation expected = {.virtual_size = SIZE, .backing = backing};

    check(path, &expected, &error);
    g_assert_no_error(error);
}

static void
test_good(void)
{
    check_good(NULL, NULL);
    check_good("compression_type=zstd", NULL);
    check_good("extended_l2=on,cluster_size=128k", NULL);
    check_good("cluster_size=512", NULL);
    check_good("cluster_size=2M", NULL);
    check_good("refcount_bits=1", NULL);
    check_good("lazy_refcounts=on", NULL);
    check_good(NULL, "vda.0.qcow2");
}

typedef struct {
    guint offset;
    guint width;
    guint64 value;
    VpErrorCode code;
    const char *says;
} HarmRow;

#define UNSAFE  VP_ERROR_UNSAFE
#define DAMAGED VP_ERROR_DAMAGED

/* Offsets of QEMU's docs/interop/qcow2.txt. */
static const HarmRow harm_rows[] = {
    {0, 4, 0x51464900, DAMAGED, "no qcow2 image"},
    {4, 4, 2, UNSAFE, "version 3 only"},
    {4, 4, 4, UNSAFE, "version 3 only"},
    {8, 8, 0x200, UNSAFE, "backing file"},
    {16, 4, 10, UNSAFE, "backing file"},
    {20, 4, 8, UNSAFE, "cluster size"},
    {20, 4, 22, UNSAFE, "cluster size"},
    {20, 4, 0xffffffff, UNSAFE, "cluster size"},
    {24, 8, SIZE + 512, DAMAGED, "another size"},
    {24, 8, G_MAXUINT64, DAMAGED, "another size"},
    {32, 4, 1, UNSAFE, "encrypted"},
    {32, 4, 2, UNSAFE, "encrypted"},
    {36, 4, 0, UNSAFE, "L1 table"},
    {36, 4, 0x400001, UNSAFE, "L1 table"},
    {36, 4, 0xffffffff, UNSAFE, "L1 table"},
    {40, 8, 0x30001, UNSAFE, "L1 table"},
    {40, 8, 0x10000000, UNSAFE, "L1 table"},
    {40, 8, G_MAXUINT64 << 16, UNSAFE, "L1 table"},
    {48, 8, 0x10001, UNSAFE, "refcount table"},
    {48, 8, 0x10000000, UNSAFE, "refcount table"},
    {56, 4, 0, UNSAFE, "refcount table"},
    {56, 4, 0x81, UNSAFE, "refcount table"},
    {56, 4, 0xffffffff, UNSAFE, "refcount table"},
    {60, 4, 1, UNSAFE, "snapshots"},
    {72, 8, 1 << 0, UNSAFE, "dirty"},
    {72, 8, 1 << 1, UNSAFE, "corrupt"},
    {72, 8, 1 << 2, UNSAFE, "another file"},
    {72, 8, 1 << 3, UNSAFE, "compression"},
    {72, 8, 1 << 5, UNSAFE, "feature"},
    {72, 8, G_GUINT64_CONSTANT(1) << 63, UNSAFE, "feature"},
    {96, 4, 7, UNSAFE, "refcounts"},
    {100, 4, 103, UNSAFE, "length of its header"},
    {100, 4, 108, UNSAFE, "length of its header"},
    {100, 4, 0x10008, UNSAFE, "length of its header"},
    {104, 1, 1, UNSAFE, "compression"},
    {104, 1, 2, UNSAFE, "compression"},
    /* header extensions start at 112 */
    {112, 8, G_GUINT64_CONSTANT(0x44415441) << 32 | 8, UNSAFE, "data file"},
    {112, 8, G_GUINT64_CONSTANT(0x0537be77) << 32 | 16, UNSAFE, "encrypted"},
    {112, 8, G_GUINT64_CONSTANT(0xe2792aca) << 32 | 5, UNSAFE, "backing"},
    {112, 8, G_GUINT64_CONSTANT(0x23852875) << 32 | 24, UNSAFE, "bitmaps"},
    {112, 8, G_GUINT64_CONSTANT(0x12345678) << 32 | 0x10000, UNSAFE, "extension"},
    {112, 8, G_GUINT64_CONSTANT(0x12345678) << 32 | 0xffffffff, UNSAFE, "extension"},
};

static void
test_harm(void)
{
    VpImageExpectation expected = {.virtual_size = SIZE};

    for (guint i = 0; i < G_N_ELEMENTS(harm_rows); i++) {
        const HarmRow *row = &harm_rows[i];
        g_autofree char *path = make_image(NULL, NULL);
        g_autoptr(GError) error = NULL;

        g_test_message("row %u: %u", i, row->offset);
        patch_number(path, row->offset, row->width, row->value);
        g_assert_false(check(path, &expected, &error));
        g_assert_error(error, VP_ERROR, (int)row->code);
        g_assert_nonnull(strstr(error->message, row->says));
        g_assert_true(g_str_has_prefix(error->message, "disks/vda.qcow2: "));
    }
}

/* A data file also where no feature bit says so, behind an extension that is harmless. */
static void
test_second_extension(void)
{
    g_autofree char *path = make_image(NULL, NULL);
    VpImageExpectation expected = {.virtual_size = SIZE};
    g_autoptr(GError) error = NULL;

    patch_number(path, 112, 8, G_GUINT64_CONSTANT(0x12345678) << 32 | 3);
    patch_number(path, 128, 8, G_GUINT64_CONSTANT(0x6803f857) << 32 | 0);
    patch_number(path, 136, 8, 0);
    check(path, &expected, &error);
    g_assert_no_error(error);

    patch_number(path, 136, 8, G_GUINT64_CONSTANT(0x44415441) << 32 | 8);
    g_assert_false(check(path, &expected, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_UNSAFE);
}

static void
test_data_file(void)
{
    g_autofree char *data = g_build_filename(folder, "data.raw", NULL);
    g_autofree char *options = g_strdup_printf("data_file=%s", data);
    g_autofree char *path = make_image(options, NULL);
    VpImageExpectation expected = {.virtual_size = SIZE};
    g_autoptr(GError) error = NULL;

    g_assert_false(check(path, &expected, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_UNSAFE);
}

static void
check_backing_row(const char *in_image, const char *expected_name, guint64 name_offset,
                  VpErrorCode code)
{
    g_autofree char *path = make_image(NULL, in_image);
    VpImageExpectation expected = {.virtual_size = SIZE, .backing = expected_name};
    g_autoptr(GError) error = NULL;

    if (name_offset)
        patch_number(path, 8, 8, name_offset);
    g_assert_false(check(path, &expected, &error));
    g_assert_error(error, VP_ERROR, (int)code);
}

static void
test_backing(void)
{
    check_backing_row("/etc/shadow", NULL, 0, VP_ERROR_UNSAFE);
    check_backing_row("/etc/shadow", "vda.0.qcow2", 0, VP_ERROR_UNSAFE);
    check_backing_row("vda.0.qcow2x", "vda.0.qcow2", 0, VP_ERROR_UNSAFE);
    check_backing_row("vda.0.qcow", "vda.0.qcow2", 0, VP_ERROR_UNSAFE);
    check_backing_row(NULL, "vda.0.qcow2", 0, VP_ERROR_DAMAGED);
    check_backing_row("vda.0.qcow2", "vda.0.qcow2", 65536, VP_ERROR_UNSAFE);
    check_backing_row("vda.0.qcow2", "vda.0.qcow2", G_MAXUINT64 - 3, VP_ERROR_UNSAFE);
}

/* A name with a NUL in it would be another name to us than to QEMU. */
static void
test_backing_with_nul(void)
{
    const char *name = "vda.0.qcow2/../../x";
    g_autofree char *path = make_image(NULL, name);
    VpImageExpectation expected = {.virtual_size = SIZE, .backing = "vda.0.qcow2"};
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = NULL;
    gsize length = 0;

    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));

    const char *at = memmem(bytes, length, name, strlen(name));

    g_assert_nonnull(at);
    patch(path, (guint64)(at - bytes) + strlen("vda.0.qcow2"), "", 1);
    g_assert_false(check(path, &expected, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_UNSAFE);
}

static void
test_snapshots(void)
{
    g_autofree char *path = make_image(NULL, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    VpImageExpectation expected = {.virtual_size = SIZE, .snapshots = names};
    g_autoptr(GError) error = NULL;
    const char *argv[] = {"qemu-img", "snapshot", "-c", "s", path, NULL};

    g_assert_true(vp_process_run(argv, NULL, NULL, &error));
    g_assert_false(check(path, &expected, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_UNSAFE); /* one too many */
    g_clear_error(&error);
    g_ptr_array_add(names, (char *)"s");
    check(path, &expected, &error);
    g_assert_no_error(error);
    g_ptr_array_add(names, (char *)"t");
    g_assert_false(check(path, &expected, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_DAMAGED); /* one too few */
    g_clear_error(&error);
    names->len = 1;
    g_assert_true(vp_process_run(argv, NULL, NULL, &error));
    g_assert_false(check(path, &expected, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_UNSAFE); /* one twice */
    g_clear_error(&error);

    patch_number(path, 60, 4, 65537);
    g_assert_false(check(path, &expected, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_UNSAFE);
    g_clear_error(&error);
    patch_number(path, 60, 4, 1);
    patch_number(path, 64, 8, G_GUINT64_CONSTANT(1) << 40);
    g_assert_false(check(path, &expected, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_UNSAFE);
}

/* Cut at every length up to its first tables: an error, never a crash. */
static void
test_truncated(void)
{
    g_autofree char *path = make_image(NULL, NULL);
    g_autofree char *bytes = NULL;
    gsize whole = 0;
    VpImageExpectation expected = {.virtual_size = SIZE};

    g_assert_true(g_file_get_contents(path, &bytes, &whole, NULL));
    for (gsize length = 0; length < 0x30000; length += length < 256 ? 1 : 4096) {
        g_autoptr(GError) error = NULL;

        g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
        g_assert_false(check(path, &expected, &error));
    }
}

static void
test_raw(void)
{
    g_autofree char *path = g_build_filename(folder, "image.raw", NULL);
    VpImageExpectation expected = {.format = VP_IMAGE_FORMAT_RAW, .virtual_size = 1000};
    g_autoptr(GError) error = NULL;
    char bytes[1001] = "QFI\xfb";

    g_assert_true(g_file_set_contents(path, bytes, 1000, NULL));
    g_assert_true(check(path, &expected, &error));
    g_assert_true(g_file_set_contents(path, bytes, 1001, NULL));
    g_assert_false(check(path, &expected, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_DAMAGED);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("vp-test-XXXXXX", NULL);
    g_test_add_func("/header/good", test_good);
    g_test_add_func("/header/harm", test_harm);
    g_test_add_func("/header/second-extension", test_second_extension);
    g_test_add_func("/header/data-file", test_data_file);
    g_test_add_func("/header/backing", test_backing);
    g_test_add_func("/header/backing-with-nul", test_backing_with_nul);
    g_test_add_func("/header/snapshots", test_snapshots);
    g_test_add_func("/header/truncated", test_truncated);
    g_test_add_func("/header/raw", test_raw);

    int status = g_test_run();

    vp_remove_tree(folder, NULL);
    g_free(folder);
    return status;
}
