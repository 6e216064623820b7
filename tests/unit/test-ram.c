/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The RAM of a moment: out of a qcow2 that a real QEMU saved, in and out of libvirt's
 * save images. */
#include "base/arrival.h"
#include "image/save-image.h"
#include "image/vmstate.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static char *folder;

static char *
in_folder(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static void
run(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *line = g_strdup_vprintf(format, args);
    va_end(args);
    g_autoptr(GError) error = NULL;
    gint status = 0;
    const char *argv[] = {"sh", "-c", line, NULL};
    g_spawn_sync(folder, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
                 &error);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
}

/* A paused machine of 16 MiB, saved as snapshot s1 of @name; with @options for qemu-img. */
static char *
save_machine(const char *name, const char *options)
{
    run("qemu-img create -q -f qcow2 %s %s 3G && printf 'savevm s1\\nquit\\n' |"
        " qemu-system-x86_64 -nodefaults -machine pc,accel=tcg -m 16 -display none -S"
        " -monitor stdio -drive if=none,format=qcow2,file=%s > log 2>&1",
        options, name, name);
    return in_folder(name);
}

static GByteArray *
read_all(GInputStream *stream)
{
    GByteArray *all = g_byte_array_new();
    guint8 buffer[70001];
    g_autoptr(GError) error = NULL;
    gssize got;
    while ((got = g_input_stream_read(stream, buffer, sizeof(buffer), NULL, &error)) > 0)
        g_byte_array_append(all, buffer, (guint)got);
    g_assert_no_error(error);
    return all;
}

/* What qemu-io sees behind the disk once the snapshot is the state of now. */
static void
assert_same_as_qemu(const char *name, const GByteArray *bytes)
{
    g_autofree char *mine = in_folder("mine");
    g_assert_true(g_file_set_contents(mine, (const char *)bytes->data, bytes->len, NULL));
    gsize whole = bytes->len / 512 * 512;
    g_assert_cmpuint(whole, >, 100000);
    run("qemu-img snapshot -a s1 %s", name);
    run("qemu-io -r -f qcow2 -c 'read -b -v 0 %" G_GSIZE_FORMAT "' %s | grep '^[0-9a-f]*:' |"
        " sed 's/^[0-9a-f]*:  //; s/  .*//' | tr -d ' \\n' > theirs.hex",
        whole, name);
    run("head -c %" G_GSIZE_FORMAT " mine | od -An -v -tx1 | tr -d ' \\n' > mine.hex", whole);
    run("cmp mine.hex theirs.hex");
}

static void
test_vmstate(gconstpointer options)
{
    g_autofree char *path = save_machine("a.qcow2", options);
    g_autoptr(GError) error = NULL;
    guint64 size;
    g_autoptr(GInputStream) stream = vp_vmstate_open(path, "s1", &size, &error);
    g_assert_no_error(error);
    g_autoptr(GByteArray) bytes = read_all(stream);
    g_assert_cmpuint(bytes->len, ==, size);
    g_assert_cmpmem(bytes->data, 4, "QEVM", 4);
    assert_same_as_qemu("a.qcow2", bytes);
    g_unlink(path);
}

static void
test_vmstate_resized(void)
{
    g_autofree char *path = save_machine("b.qcow2", "");
    run("qemu-img resize -q -f qcow2 b.qcow2 5G");
    g_autoptr(GError) error = NULL;
    guint64 size;
    g_autoptr(GInputStream) stream = vp_vmstate_open(path, "s1", &size, &error);
    g_assert_no_error(error);
    g_autoptr(GByteArray) bytes = read_all(stream);
    g_assert_cmpmem(bytes->data, 4, "QEVM", 4);
    g_unlink(path);
}

static void
test_vmstate_missing(void)
{
    g_autofree char *path = save_machine("c.qcow2", "");
    run("qemu-img snapshot -c plain c.qcow2");
    guint64 size;
    g_autoptr(GError) none = NULL;
    g_assert_null(vp_vmstate_open(path, "s2", &size, &none));
    g_assert_error(none, VP_ERROR, VP_ERROR_NOT_FOUND);
    g_autoptr(GError) without = NULL;
    g_assert_null(vp_vmstate_open(path, "plain", &size, &without));
    g_assert_error(without, VP_ERROR, VP_ERROR_NOT_FOUND);
    g_unlink(path);
}

static void
read_hostile(const char *path)
{
    guint64 size;
    g_autoptr(GError) error = NULL;
    g_autoptr(GInputStream) stream = vp_vmstate_open(path, "s1", &size, &error);
    guint8 buffer[65536];
    for (int i = 0; stream && i < 64; i++) {
        if (g_input_stream_read(stream, buffer, sizeof(buffer), NULL, &error) <= 0)
            break;
    }
}

/* Bytes of the header and of the tables turned over, a few at a time: an answer or an
 * error, never more. */
static void
test_vmstate_hostile(void)
{
    g_autofree char *path = save_machine("d.qcow2", "");
    g_autofree char *good = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(path, &good, &length, NULL));
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    int fd = g_open(path, O_RDWR, 0);
    for (int i = 0; i < 3000; i++) {
        gsize places[3];
        for (int j = 0; j < 3; j++) {
            gsize reach = j == 0 ? 512 : MIN(length, 1024 * 1024);
            places[j] = (gsize)g_rand_int_range(rand, 0, (gint32)reach);
            guint8 byte = (guint8)g_rand_int_range(rand, 0, 256);
            g_assert_cmpint(pwrite(fd, &byte, 1, (off_t)places[j]), ==, 1);
        }
        read_hostile(path);
        for (int j = 0; j < 3; j++)
            g_assert_cmpint(pwrite(fd, good + places[j], 1, (off_t)places[j]), ==, 1);
    }
    close(fd);
    g_unlink(path);
}

static void
write_save_image(const char *name, GBytes *head, const char *stream)
{
    g_autofree char *path = in_folder(name);
    g_autoptr(GByteArray) all = g_byte_array_new();
    gsize length;
    const guint8 *bytes = g_bytes_get_data(head, &length);
    g_byte_array_append(all, bytes, (guint)length);
    g_byte_array_append(all, (const guint8 *)stream, (guint)strlen(stream));
    g_assert_true(g_file_set_contents(path, (const char *)all->data, all->len, NULL));
}

static void
test_save_image(void)
{
    g_autoptr(GBytes) head = vp_save_image_format_head("<domain/>", "<cookie/>", TRUE);
    write_save_image("s.save", head, "QEVM and so on");
    g_autofree char *path = in_folder("s.save");
    g_autoptr(GError) error = NULL;
    g_autoptr(VpSaveImage) image = vp_save_image_open(path, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(image->xml, ==, "<domain/>");
    g_assert_cmpstr(image->cookie, ==, "<cookie/>");
    g_assert_true(image->running);
    g_assert_cmpuint(image->size, ==, 14);
    g_autoptr(GByteArray) bytes = read_all(image->stream);
    g_assert_cmpmem(bytes->data, bytes->len, "QEVM and so on", 14);
}

/* The header's numbers of 32 bits: version, length, running, compression, cookie. */
static void
test_save_image_refused(void)
{
    static const struct {
        guint field;
        guint32 value;
    } rows[] = {{0, 3}, {1, 0}, {1, 0xffffffff}, {3, 6}, {3, 99}, {4, 0x7fffffff}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GBytes) head = vp_save_image_format_head("<domain/>", NULL, FALSE);
        gsize length;
        g_autofree char *copy = g_memdup2(g_bytes_get_data(head, &length), g_bytes_get_size(head));
        memcpy(copy + 16 + 4 * rows[i].field, &rows[i].value, 4);
        g_autoptr(GBytes) bad = g_bytes_new(copy, g_bytes_get_size(head));
        write_save_image("bad.save", bad, "QEVM");
        g_autofree char *path = in_folder("bad.save");
        g_autoptr(GError) error = NULL;
        g_assert_null(vp_save_image_open(path, &error));
        g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    }
}

static void
test_save_image_packed(gconstpointer data)
{
    const char *tool = data;
    static const char *const tools[] = {"", "gzip", "bzip2", "xz", "lzop", "zstd", NULL};
    guint32 number = 0;
    while (strcmp(tools[number], tool) != 0)
        number++;
    g_autoptr(GBytes) head = vp_save_image_format_head("<domain/>", NULL, TRUE);
    g_autofree char *copy = g_memdup2(g_bytes_get_data(head, NULL), g_bytes_get_size(head));
    memcpy(copy + 16 + 4 * 3, &number, 4);
    g_autofree char *path = in_folder("p.save");
    g_assert_true(g_file_set_contents(path, copy, (gssize)g_bytes_get_size(head), NULL));
    run("printf 'QEVM packed' | %s -c >> p.save", tool);
    g_autoptr(GError) error = NULL;
    g_autoptr(VpSaveImage) image = vp_save_image_open(path, &error);
    g_assert_no_error(error);
    g_autoptr(GByteArray) bytes = read_all(image->stream);
    g_assert_cmpmem(bytes->data, bytes->len, "QEVM packed", 11);
}

/* Cut off, it ends in an error and not as if all were there. */
static void
test_save_image_cut(void)
{
    test_save_image_packed("gzip");
    g_autofree char *path = in_folder("p.save");
    run("truncate -s -3 p.save");
    g_autoptr(GError) error = NULL;
    g_autoptr(VpSaveImage) image = vp_save_image_open(path, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(image->size, ==, 0);
    char buffer[64];
    gsize got;
    g_assert_false(
        g_input_stream_read_all(image->stream, buffer, sizeof(buffer), &got, NULL, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("vp-ram-XXXXXX", NULL);
    g_test_add_data_func("/ram/vmstate", "", test_vmstate);
    g_test_add_data_func("/ram/vmstate-small-clusters", "-o cluster_size=4k", test_vmstate);
    g_test_add_data_func("/ram/vmstate-extended-l2", "-o extended_l2=on", test_vmstate);
    g_test_add_func("/ram/vmstate-resized", test_vmstate_resized);
    g_test_add_func("/ram/vmstate-missing", test_vmstate_missing);
    g_test_add_func("/ram/vmstate-hostile", test_vmstate_hostile);
    g_test_add_func("/ram/save-image", test_save_image);
    g_test_add_func("/ram/save-image-refused", test_save_image_refused);
    g_test_add_data_func("/ram/save-image-gzip", "gzip", test_save_image_packed);
    g_test_add_func("/ram/save-image-cut", test_save_image_cut);
    g_test_add_data_func("/ram/save-image-xz", "xz", test_save_image_packed);
    int status = g_test_run();
    vp_remove_tree(folder, NULL);
    g_free(folder);
    return status;
}
