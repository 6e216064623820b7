/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* image/probe.h: what qemu-img says, parsed and asked for. */
#include "image/probe.h"
#include "base/arrival.h"
#include "base/process.h"
#include "image/qemu-nbd.h"

#include <string.h>

static char *folder;

static void
test_parse(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VpImageInfo) info = vp_image_info_parse(
        "{\"virtual-size\": 1099511627776, \"filename\": \"x\", \"format\": \"qcow2\","
        " \"backing-filename\": \"base.qcow2\", \"full-backing-filename\": \"/a/base.qcow2\","
        " \"backing-filename-format\": \"qcow2\", \"encrypted\": true,"
        " \"snapshots\": [{\"id\": \"1\", \"name\": \"a, \\\"b\\\"\", \"vm-state-size\": 5000000000},"
        "               {\"id\": \"2\", \"name\": \"c\", \"vm-state-size\": 0}],"
        " \"format-specific\": {\"type\": \"qcow2\", \"data\": {\"data-file\": \"d\"}}}",
        &error);

    g_assert_no_error(error);
    g_assert_cmpstr(info->format, ==, "qcow2");
    g_assert_cmpuint(info->virtual_size, ==, G_GUINT64_CONSTANT(1) << 40);
    g_assert_true(info->encrypted);
    g_assert_true(info->data_file);
    g_assert_cmpstr(info->backing, ==, "/a/base.qcow2");
    g_assert_cmpstr(info->backing_format, ==, "qcow2");
    g_assert_cmpuint(info->snapshots->len, ==, 2);

    const VpInternalSnapshot *snapshot = g_ptr_array_index(info->snapshots, 0);

    g_assert_cmpstr(snapshot->id, ==, "1");
    g_assert_cmpstr(snapshot->name, ==, "a, \"b\"");
    g_assert_cmpuint(snapshot->vm_state_size, ==, G_GUINT64_CONSTANT(5000000000));
}

static void
test_parse_little(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VpImageInfo) info =
        vp_image_info_parse("{\"virtual-size\": 512, \"format\": \"raw\"}", &error);

    g_assert_no_error(error);
    g_assert_false(info->encrypted);
    g_assert_false(info->data_file);
    g_assert_null(info->backing);
    g_assert_null(info->backing_format);
    g_assert_cmpuint(info->snapshots->len, ==, 0);
}

static void
test_parse_nonsense(void)
{
    static const char *const texts[] = {"", "[]", "3", "{", "{\"virtual-size\":"};

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(vp_image_info_parse(texts[i], &error));
        g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    }
}

static char *
make_image(const char *name)
{
    g_autoptr(GError) error = NULL;
    char *path = g_build_filename(folder, name, NULL);
    const char *argv[] = {"qemu-img", "create", "-q", "-f", "qcow2", "--", path, "10M", NULL};

    vp_process_run(argv, NULL, NULL, &error);
    g_assert_no_error(error);
    return path;
}

static void
test_names(void)
{
    static const char *const names[] = {"plain", "a,b", "a b", "a\"b'c", "a:b", "-x", "a\\b", "ü"};

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = make_image(names[i]);
        g_autoptr(GError) error = NULL;
        g_autoptr(VpImageInfo) info = vp_image_probe(path, "qcow2", NULL, &error);

        g_assert_no_error(error);
        g_assert_cmpuint(info->virtual_size, ==, 10 * 1024 * 1024);
    }
}

static void
test_json_name(void)
{
    g_autofree char *path = make_image("json");
    g_autofree char *json = g_strdup_printf(
        "json:{\"driver\":\"qcow2\",\"file\":{\"driver\":\"file\",\"filename\":\"%s\"}}", path);
    g_autoptr(GError) error = NULL;
    g_autoptr(VpImageInfo) info = vp_image_probe(json, "qcow2", NULL, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(info->format, ==, "qcow2");
}

/* The format is the one that was given: nothing is guessed. */
static void
test_format_is_not_guessed(void)
{
    g_autofree char *path = make_image("guess");
    g_autoptr(GError) error = NULL;
    g_autoptr(VpImageInfo) raw = vp_image_probe(path, "raw", NULL, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(raw->format, ==, "raw");
    g_assert_null(vp_image_probe(path, "vmdk", NULL, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
}

static void
test_locked(void)
{
    g_autofree char *path = make_image("locked");
    g_autofree char *json = g_strdup_printf(
        "json:{\"driver\":\"qcow2\",\"file\":{\"driver\":\"file\",\"filename\":\"%s\"}}", path);
    g_autoptr(GError) error = NULL;
    VpQemuNbdSpec spec = {.image = json, .what = path};
    g_autoptr(VpQemuNbd) writer = vp_qemu_nbd_start(&spec, &error);

    g_assert_no_error(error);
    g_assert_null(vp_image_probe(path, "qcow2", NULL, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, "in use by a running domain"));
    g_assert_nonnull(strstr(error->message, path));
}

static void
test_missing(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(vp_image_probe("/nonexistent/x.qcow2", "qcow2", NULL, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, "/nonexistent/x.qcow2"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("vp-test-XXXXXX", NULL);
    g_test_add_func("/probe/parse", test_parse);
    g_test_add_func("/probe/parse-little", test_parse_little);
    g_test_add_func("/probe/parse-nonsense", test_parse_nonsense);
    g_test_add_func("/probe/names", test_names);
    g_test_add_func("/probe/json-name", test_json_name);
    g_test_add_func("/probe/format-is-not-guessed", test_format_is_not_guessed);
    g_test_add_func("/probe/locked", test_locked);
    g_test_add_func("/probe/missing", test_missing);

    int status = g_test_run();

    vp_remove_tree(folder, NULL);
    g_free(folder);
    return status;
}
