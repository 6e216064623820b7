/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pack/stream.h: what goes in comes out, and what was tampered with does not end well. */
#include "pack/stream.h"
#include "base/arrival.h"
#include "model/ram.h"

#include <glib/gstdio.h>
#include <string.h>

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char manifest_text[] =
    "<package version=\"1.0\"><producer>p</producer><created>2026-01-02T03:04:05Z</created>"
    "<content>full</content>"
    "<origin host=\"h\" uri=\"u\"><domain name=\"n\" uuid=\"u\"/>"
    "<hypervisor type=\"QEMU\" version=\"1\"/><libvirt version=\"1\"/></origin>"
    "<machine/><images/><moments><moment id=\"0\" consistency=\"with-ram\">"
    "<domain member=\"domain.xml\" size=\"1\" sha256=\"" SHA "\"/>"
    "</moment></moments></package>";

static char *folder;
static char *path;

/* Half of it packs well. */
static GBytes *
make_bytes(gsize size)
{
    guint8 *data = g_malloc0(MAX(size, 1));
    GRand *rand = g_rand_new_with_seed(7);
    for (gsize i = 0; i < size / 2; i++)
        data[i] = (guint8)g_rand_int(rand);
    g_rand_free(rand);
    return g_bytes_new_take(data, size);
}

/* A package with @bytes as the RAM of its moment. */
static VpPackage *
make_package(GBytes *bytes)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VpManifest) manifest =
        vp_manifest_parse(manifest_text, strlen(manifest_text), &error);
    g_assert_no_error(error);
    vp_remove_tree(path, NULL);
    g_autoptr(VpPackageWriter) writer = vp_package_writer_new(path, FALSE, &error);
    g_assert_no_error(error);
    g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes(bytes);
    guint64 size;
    VpMember *member =
        vp_package_writer_add_stream(writer, VP_RAM_STREAM_NAME, stream, NULL, NULL, &size, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(size, ==, g_bytes_get_size(bytes));
    VpMoment *moment = vp_manifest_get_moment(manifest);
    moment->ram = vp_moment_ram_new(vp_member_new(VP_RAM_XML_NAME, 1, SHA), member, size);
    g_autofree char *identity = NULL;
    g_assert_true(vp_package_writer_commit(writer, manifest, &identity, &error));
    g_assert_no_error(error);
    VpPackage *package = vp_package_open(path, &error);
    g_assert_no_error(error);
    return package;
}

static const VpMomentRam *
ram_of(const VpPackage *package)
{
    return vp_manifest_get_moment(vp_package_get_manifest(package))->ram;
}

static gboolean
read_back(const VpPackage *package, const VpMember *member, guint64 size, gsize step,
          GByteArray *all, GError **error)
{
    g_autoptr(GInputStream) stream = vp_package_open_stream(package, member, size, error);
    if (!stream)
        return FALSE;
    g_autofree guint8 *buffer = g_malloc(step);
    gssize count;
    while ((count = g_input_stream_read(stream, buffer, step, NULL, error)) > 0)
        g_byte_array_append(all, buffer, (guint)count);
    if (count == 0) /* and it stays at its end */
        g_assert_cmpint(g_input_stream_read(stream, buffer, step, NULL, error), ==, 0);
    return count == 0;
}

static void
test_round_trip(void)
{
    static const gsize sizes[] = {0, 1, 262143, 262144, 262145, 3000000};
    static const gsize steps[] = {999, 262144, 10000000};
    for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
        g_autoptr(GBytes) bytes = make_bytes(sizes[i]);
        g_autoptr(VpPackage) package = make_package(bytes);
        const VpMomentRam *ram = ram_of(package);
        for (gsize j = 0; j < G_N_ELEMENTS(steps); j++) {
            g_autoptr(GError) error = NULL;
            g_autoptr(GByteArray) all = g_byte_array_new();
            read_back(package, ram->stream, ram->size, steps[j], all, &error);
            g_assert_no_error(error);
            gsize size;
            const guint8 *data = g_bytes_get_data(bytes, &size);
            g_assert_cmpmem(all->data, all->len, data, size);
        }
    }
}

/* The same bytes give the same file. */
static void
test_same_bytes(void)
{
    g_autoptr(GBytes) bytes = make_bytes(3000000);
    g_autoptr(VpPackage) first = make_package(bytes);
    g_autofree char *digest = g_strdup(ram_of(first)->stream->digest);
    g_autoptr(VpPackage) second = make_package(bytes);
    g_assert_cmpstr(digest, ==, ram_of(second)->stream->digest);
}

/* The member changed by @change, read as what it now is: size and digest are right. */
static void
assert_damaged(const char *text, gsize length, guint64 size)
{
    g_autofree char *member = g_build_filename(path, VP_RAM_STREAM_NAME, NULL);
    g_autoptr(GError) error = NULL;
    g_file_set_contents(member, text, (gssize)length, &error);
    g_assert_no_error(error);
    g_autofree char *digest =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, length);
    VpMember *listed = vp_member_new(VP_RAM_STREAM_NAME, length, digest);
    g_autoptr(VpPackage) package = vp_package_open(path, &error);
    g_assert_no_error(error);
    g_autoptr(GByteArray) all = g_byte_array_new();
    g_assert_false(read_back(package, listed, size, 100000, all, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_DAMAGED);
    g_assert_cmpuint(all->len, <=, size);
    vp_member_free(listed);
}

static void
test_damaged(void)
{
    g_autoptr(GBytes) bytes = make_bytes(3000000);
    g_autoptr(VpPackage) package = make_package(bytes);
    guint64 size = ram_of(package)->size;
    g_autofree char *member = g_build_filename(path, VP_RAM_STREAM_NAME, NULL);
    g_autofree char *text = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(member, &text, &length, NULL));
    assert_damaged(text, length, size - 1);
    assert_damaged(text, length, size + 1);
    assert_damaged(text, length - 1, size);
    assert_damaged(text, length / 2, size);
    assert_damaged("QEVM", 4, size);
    g_autoptr(GString) longer = g_string_new_len(text, (gssize)length);
    g_string_append(longer, "more");
    assert_damaged(longer->str, longer->len, size);
    text[length / 2] ^= 1;
    assert_damaged(text, length, size);
}

/* A byte flipped, and the manifest says what was there before. */
static void
test_digest(void)
{
    g_autoptr(GBytes) bytes = make_bytes(300000);
    g_autoptr(VpPackage) package = make_package(bytes);
    const VpMomentRam *ram = ram_of(package);
    char *last = &ram->stream->digest[63];
    *last = *last == '0' ? '1' : '0';
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) all = g_byte_array_new();
    g_assert_false(read_back(package, ram->stream, ram->size, 100000, all, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_DAMAGED);
}

static void
test_cancelled(void)
{
    g_autoptr(GError) error = NULL;
    vp_remove_tree(path, NULL);
    g_autoptr(VpPackageWriter) writer = vp_package_writer_new(path, FALSE, &error);
    g_autoptr(GBytes) bytes = make_bytes(3000000);
    g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes(bytes);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_cancellable_cancel(cancellable);
    guint64 size;
    g_assert_null(vp_package_writer_add_stream(writer, VP_RAM_STREAM_NAME, stream, NULL,
                                               cancellable, &size, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_INTERRUPTED);
}

static void
test_ram_xml(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VpRam) ram = vp_ram_new("<domain type='qemu'><name>a</name></domain>",
                                      "<cookie><cpu mode='custom'/></cookie>", TRUE, &error);
    g_assert_no_error(error);
    g_autofree char *text = vp_ram_format(ram);
    g_autoptr(VpRam) again = vp_ram_parse(text, strlen(text), &error);
    g_assert_no_error(error);
    g_assert_true(again->running);
    g_assert_nonnull(strstr(again->cookie, "<cpu mode=\"custom\"/>"));
    g_autofree char *same = vp_ram_format(again);
    g_assert_cmpstr(text, ==, same);
}

static void
test_ram_xml_refused(void)
{
    static const struct {
        const char *text;
        gint code;
    } rows[] = {
        {"<ram state='running'/>", VP_ERROR_DAMAGED},
        {"<ram state='asleep'><domain type='q'><name>a</name></domain></ram>", VP_ERROR_DAMAGED},
        {"<ram state='paused'><domain type='q'/></ram>", VP_ERROR_DAMAGED},
        {"<ram state='paused'><domain type='q'><name>a</name></domain>"
         "<cookie><path>/etc</path></cookie></ram>",
         VP_ERROR_DAMAGED},
        {"<!DOCTYPE ram><ram state='paused'><domain type='q'><name>a</name></domain></ram>",
         VP_ERROR_UNSAFE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(vp_ram_parse(rows[i].text, strlen(rows[i].text), &error));
        g_assert_error(error, VP_ERROR, rows[i].code);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("vp-test-XXXXXX", NULL);
    path = g_build_filename(folder, "p.vpkg", NULL);
    g_test_add_func("/stream/round-trip", test_round_trip);
    g_test_add_func("/stream/same-bytes", test_same_bytes);
    g_test_add_func("/stream/damaged", test_damaged);
    g_test_add_func("/stream/digest", test_digest);
    g_test_add_func("/stream/cancelled", test_cancelled);
    g_test_add_func("/ram-xml/round-trip", test_ram_xml);
    g_test_add_func("/ram-xml/refused", test_ram_xml_refused);
    int status = g_test_run();
    vp_remove_tree(folder, NULL);
    g_free(path);
    g_free(folder);
    return status;
}
