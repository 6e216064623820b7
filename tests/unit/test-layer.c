/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* image/open.h: layers of a disk, their names for QEMU, and chains of real images. */
#include "image/open.h"
#include "base/arrival.h"
#include "image/network.h"

#include <glib/gstdio.h>
#include <string.h>

static char *folder;

static void
check_json(VpLayer *layer, const char *expected)
{
    g_autofree char *json = vp_layer_format_json(layer);

    g_assert_cmpstr(json, ==, expected);
}

static void
test_json(void)
{
    g_autoptr(VpLayer) raw = vp_layer_new_file("/a,b/\"c\".img", "raw");
    g_autoptr(VpLayer) block = vp_layer_new_block("/dev/vg/lv", "qcow2");
    g_autoptr(VpLayer) network = vp_layer_new_network(
        "{\"driver\":\"nbd\",\"server\":{\"type\":\"unix\",\"path\":\"/s\"}}", "qcow2");
    g_autoptr(VpLayer) chain = vp_layer_new_file("/top.qcow2", "qcow2");

    chain->backing = vp_layer_new_block("/dev/sdb", "qcow2");
    chain->backing->backing = vp_layer_new_file("/base.img", "raw");

    check_json(raw, "json:{\"driver\":\"raw\",\"read-only\":true,"
                    "\"file\":{\"driver\":\"file\",\"filename\":\"/a,b/\\\"c\\\".img\"}}");
    check_json(block, "json:{\"driver\":\"qcow2\",\"read-only\":true,\"file\":"
                      "{\"driver\":\"host_device\",\"filename\":\"/dev/vg/lv\"},"
                      "\"backing\":null}");
    check_json(network,
               "json:{\"driver\":\"qcow2\",\"read-only\":true,\"file\":{\"driver\":\"nbd\","
               "\"server\":{\"type\":\"unix\",\"path\":\"/s\"}},\"backing\":null}");
    check_json(chain,
               "json:{\"driver\":\"qcow2\",\"read-only\":true,\"file\":{\"driver\":\"file\","
               "\"filename\":\"/top.qcow2\"},\"backing\":{\"driver\":\"qcow2\",\"read-only\":true,"
               "\"file\":{\"driver\":\"host_device\",\"filename\":\"/dev/sdb\"},\"backing\":"
               "{\"driver\":\"raw\",\"read-only\":true,\"file\":{\"driver\":\"file\","
               "\"filename\":\"/base.img\"}}}}");
}

static char *
in_folder(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static void
run(const char *const *argv)
{
    g_autoptr(GError) error = NULL;

    vp_process_run(argv, NULL, NULL, &error);
    g_assert_no_error(error);
}

/* A new image over @backing (may be NULL), which need not exist. */
static char *
make_image(const char *name, const char *format, const char *backing, const char *backing_format)
{
    char *path = in_folder(name);
    const char *alone[] = {"qemu-img", "create", "-q", "-f", format, "--", path, "10M", NULL};
    const char *over[] = {"qemu-img", "create", "-q",           "-u", "-f", format, "-b",
                          backing,    "-F",     backing_format, "--", path, "10M",  NULL};

    run(backing ? over : alone);
    return path;
}

static void
check_refused(VpLayer *layer, const char *says)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(vp_layer_resolve(layer, NULL, NULL, &error));
    g_assert_nonnull(error);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, says));
    /* The error names the image in words of people. */
    g_assert_null(strstr(error->message, "json:{\"driver\":\"qcow2\""));
}

/* base (raw) <- middle, in another folder, named relatively through a link <- top */
static void
test_chain(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *other = in_folder("o,t\"her");
    g_autofree char *link = in_folder("link");
    g_autofree char *base = make_image("base.img", "raw", NULL, NULL);

    g_assert_cmpint(g_mkdir(other, 0700), ==, 0);
    g_assert_cmpint(symlink(other, link), ==, 0);

    g_autofree char *middle = make_image("o,t\"her/middle.qcow2", "qcow2", "../base.img", "raw");
    g_autofree char *top = make_image("top.qcow2", "qcow2", "link/middle.qcow2", "qcow2");
    g_autoptr(VpLayer) layer = vp_layer_new_file(top, "qcow2");

    vp_layer_resolve(layer, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_nonnull(layer->backing);
    g_assert_cmpstr(layer->backing->format, ==, "qcow2");
    g_assert_nonnull(layer->backing->backing);
    g_assert_cmpstr(layer->backing->backing->format, ==, "raw");
    g_assert_null(layer->backing->backing->backing);
    g_assert_cmpint(layer->backing->backing->kind, ==, VP_LAYER_FILE);

    g_autoptr(VpDiskReader) reader = vp_image_open(layer, NULL, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(reader->size, ==, 10 * 1024 * 1024);
}

/* What the domain says of a chain is not overruled by the header. */
static void
test_explicit(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *other = make_image("explicit-base.qcow2", "qcow2", NULL, NULL);
    g_autofree char *path = make_image("explicit.qcow2", "qcow2", "/nonexistent", "raw");
    g_autoptr(VpLayer) given = vp_layer_new_file(path, "qcow2");
    g_autoptr(VpLayer) ended = vp_layer_new_file(path, "qcow2");

    given->backing = vp_layer_new_file(other, "qcow2");
    g_assert_true(vp_layer_resolve(given, NULL, NULL, &error));
    g_assert_cmpstr(given->backing->path, ==, other);

    ended->ends = TRUE;
    g_assert_true(vp_layer_resolve(ended, NULL, NULL, &error));
    g_assert_null(ended->backing);
}

/* A file that did not change is not probed again; one that did is. */
static void
test_known(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) known = vp_layer_known_new();
    g_autofree char *base = make_image("known-base.qcow2", "qcow2", NULL, NULL);
    g_autofree char *path = make_image("known.qcow2", "qcow2", base, "qcow2");
    const char *const rebase[] = {"qemu-img", "rebase", "-u", "-f", "qcow2", "-b", "", path, NULL};
    g_autoptr(VpLayer) first = vp_layer_new_file(path, "qcow2");
    g_autoptr(VpLayer) second = vp_layer_new_file(path, "qcow2");
    g_autoptr(VpLayer) third = vp_layer_new_file(path, "qcow2");
    g_autofree char *tools = g_strdup(g_getenv("PATH"));

    g_assert_true(vp_layer_resolve(first, known, NULL, &error));
    g_setenv("PATH", "/nonexistent", TRUE);
    g_assert_true(vp_layer_resolve(second, known, NULL, &error));
    g_assert_cmpstr(second->backing->path, ==, base);
    g_setenv("PATH", tools, TRUE);
    run(rebase);
    g_assert_true(vp_layer_resolve(third, known, NULL, &error));
    g_assert_null(third->backing);
}

static void
test_refused(void)
{
    static const struct {
        const char *backing;
        const char *says;
    } rows[] = {
        {"/nonexistent/base.qcow2", "/nonexistent/base.qcow2"},
        {"nbd://host/disk", "nbd://host/disk"},
        {"http://host/disk.img", "http://host/disk.img"},
        {"rbd:pool/image", "rbd:pool/image"},
        {"json:{\"driver\":\"null-co\"}", "null-co"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = make_image("refused.qcow2", "qcow2", rows[i].backing, "raw");
        g_autoptr(VpLayer) layer = vp_layer_new_file(path, "qcow2");

        check_refused(layer, rows[i].says);
        check_refused(layer, path);
    }
}

static void
test_missing(void)
{
    g_autoptr(VpLayer) layer = vp_layer_new_file("/nonexistent/vda.qcow2", "qcow2");

    check_refused(layer, "/nonexistent/vda.qcow2: No such file or directory");
}

static void
test_wrong_format(void)
{
    g_autofree char *path = make_image("wrong.img", "raw", NULL, NULL);
    g_autoptr(VpLayer) layer = vp_layer_new_file(path, "qcow2");

    check_refused(layer, path);
}

static void
test_no_backing_format(void)
{
    g_autofree char *base = make_image("unsaid-base.img", "raw", NULL, NULL);
    g_autofree char *path = make_image("unsaid.qcow2", "qcow2", base, "raw");
    const char *argv[] = {"qemu-io", "-f", "raw", "-c", "write -q -P 0 112 8", path, NULL};
    g_autoptr(VpLayer) layer = vp_layer_new_file(path, "qcow2");

    /* The extension that names the format is overwritten by the end of extensions. */
    run(argv);
    check_refused(layer, "does not say the format of its backing file");
}

static void
test_data_file(void)
{
    g_autofree char *path = in_folder("data-file.qcow2");
    g_autofree char *data = in_folder("data-file.raw");
    g_autofree char *option = g_strdup_printf("data_file=%s", data);
    const char *argv[] = {"qemu-img", "create", "-q", "-f", "qcow2",
                          "-o",       option,   path, "1M", NULL};
    g_autoptr(VpLayer) layer = vp_layer_new_file(path, "qcow2");

    run(argv);
    check_refused(layer, "keeps its data in another file");
}

static void
test_encrypted(void)
{
    g_autofree char *path = in_folder("encrypted.qcow2");
    const char *argv[] = {"qemu-img",
                          "create",
                          "-q",
                          "--object",
                          "secret,id=s,data=geheim",
                          "-f",
                          "qcow2",
                          "-o",
                          "encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=10",
                          path,
                          "1M",
                          NULL};
    g_autoptr(VpLayer) layer = vp_layer_new_file(path, "qcow2");
    gboolean made = FALSE;

    /* QEMU may find that deriving a key takes no time at all, and gives up. */
    for (guint tries = 0; !made && tries < 20; tries++)
        made = vp_process_run(argv, NULL, NULL, NULL);
    g_assert_true(made);
    check_refused(layer, "encrypted");
}

static void
test_loop(void)
{
    g_autofree char *path = make_image("loop.qcow2", "qcow2", "loop.qcow2", "qcow2");
    g_autoptr(VpLayer) layer = vp_layer_new_file(path, "qcow2");

    check_refused(layer, "more than 200 layers");
}

static void
test_cancelled(void)
{
    g_autofree char *path = make_image("cancelled.qcow2", "qcow2", NULL, NULL);
    g_autoptr(VpLayer) layer = vp_layer_new_file(path, "qcow2");
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;

    g_cancellable_cancel(cancellable);
    g_assert_false(vp_layer_resolve(layer, NULL, cancellable, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_INTERRUPTED);
}

static void
test_rbd(void)
{
    static const char text[] = "<source protocol='rbd' name='vms/web'><host name='a' port='6790'/>"
                               "<host name='b'/></source>";
    static const char secret[] =
        "<source protocol='rbd' name='vms/web'><auth username='x'/></source>";
    g_autoptr(GError) error = NULL;
    g_autoptr(xmlDoc) doc = vp_xml_parse(text, strlen(text), "source", &error);
    g_autoptr(xmlDoc) refused = vp_xml_parse(secret, strlen(secret), "source", &error);
    g_assert_no_error(error);
    g_autoptr(VpLayer) layer = vp_layer_new_from_xml(xmlDocGetRootElement(doc), "raw", &error);

    g_assert_no_error(error);
    check_json(layer, "json:{\"driver\":\"raw\",\"read-only\":true,\"file\":{\"driver\":\"rbd\","
                      "\"pool\":\"vms\",\"image\":\"web\",\"server\":["
                      "{\"host\":\"a\",\"port\":\"6790\"},{\"host\":\"b\",\"port\":\"6789\"}]}}");
    g_assert_null(vp_layer_new_from_xml(xmlDocGetRootElement(refused), "raw", &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("vp-test-XXXXXX", NULL);
    g_test_add_func("/layer/json", test_json);
    g_test_add_func("/layer/chain", test_chain);
    g_test_add_func("/layer/explicit", test_explicit);
    g_test_add_func("/layer/known", test_known);
    g_test_add_func("/layer/refused", test_refused);
    g_test_add_func("/layer/missing", test_missing);
    g_test_add_func("/layer/wrong-format", test_wrong_format);
    g_test_add_func("/layer/no-backing-format", test_no_backing_format);
    g_test_add_func("/layer/data-file", test_data_file);
    g_test_add_func("/layer/encrypted", test_encrypted);
    g_test_add_func("/layer/loop", test_loop);
    g_test_add_func("/layer/cancelled", test_cancelled);
    g_test_add_func("/layer/rbd", test_rbd);

    int status = g_test_run();

    vp_remove_tree(folder, NULL);
    g_free(folder);
    return status;
}
