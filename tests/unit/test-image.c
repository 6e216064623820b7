/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* image/open.h with real images: made, filled, read again in every way there is. */
#include "base/arrival.h"
#include "base/fd.h"
#include "image/backing.h"
#include "image/copy.h"
#include "image/header.h"
#include "image/open.h"
#include "image/qemu-nbd.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define MIB  (1024 * 1024)
#define SIZE (30 * MIB + 512)

static char *folder;

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

static VpImageSpec
spec_of(VpImageFormat format, gboolean compress)
{
    return (VpImageSpec){
        .format = format,
        .virtual_size = SIZE,
        .compress = compress,
        .uid = (uid_t)-1,
        .gid = (gid_t)-1,
        .mode = 0640,
    };
}

/* A raw disk: text, random bytes, holes, and data in its last, short block. */
static char *
make_source(void)
{
    char *path = in_folder("source.raw");
    vp_autofd int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    g_autofree guint8 *data = g_malloc(MIB);
    g_autoptr(GRand) random = g_rand_new_with_seed(1);

    g_assert_cmpint(ftruncate(fd, SIZE), ==, 0);
    for (int at = 0; at < SIZE; at += 7 * MIB) {
        for (gsize i = 0; i < MIB; i++)
            data[i] = at / MIB % 2 ? (guint8)g_rand_int(random) : (guint8)('a' + i % 26);
        g_assert_cmpint(pwrite(fd, data, MIB, at), ==, MIB);
    }
    g_assert_cmpint(pwrite(fd, "end", 3, SIZE - 3), ==, 3);
    return path;
}

static VpDiskReader *
open_file(const char *path, const char *format, const char *snapshot)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VpLayer) layer = vp_layer_new_file(path, format);

    vp_layer_resolve(layer, NULL, NULL, &error);
    g_assert_no_error(error);

    VpDiskReader *reader = vp_image_open(layer, snapshot, &error);

    g_assert_no_error(error);
    return reader;
}

static void
get_digest(VpDiskReader *reader, char *ret_digest)
{
    g_autoptr(GError) error = NULL;
    VpCopyResult result;

    g_assert_true(vp_copy_guest_data(reader, NULL, NULL, NULL, &result, &error));
    strcpy(ret_digest, result.digest);
}

/* Copies @source to a new image @path. */
static void
copy_to(const char *source, const char *path, const VpImageSpec *spec, char *ret_digest)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VpDiskReader) reader = open_file(source, "raw", NULL);
    g_autoptr(VpDiskWriter) writer = vp_image_create(path, spec, &error);
    VpCopyResult result;

    g_assert_no_error(error);
    vp_copy_guest_data(reader, writer, NULL, NULL, &result, &error);
    g_assert_no_error(error);
    vp_disk_writer_flush(writer, &error);
    g_assert_no_error(error);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    vp_disk_writer_commit(writer, &error);
    g_assert_no_error(error);
    strcpy(ret_digest, result.digest);
}

static void
check_mode(const char *path, mode_t mode)
{
    struct stat st;

    g_assert_cmpint(stat(path, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 07777, ==, mode);
}

static guint
count_entries(void)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint count = 0;

    while (g_dir_read_name(dir))
        count++;
    return count;
}

/* There and back: same digest by every way in, same bytes from the same data. */
static void
check_round_trip(const VpImageSpec *spec)
{
    const char *format = spec->format == VP_IMAGE_FORMAT_RAW ? "raw" : "qcow2";
    g_autoptr(GError) error = NULL;
    g_autofree char *source = make_source();
    g_autofree char *path = in_folder("a,b \"c\" ü");
    g_autofree char *again = in_folder("again");
    VpImageExpectation expected = {.format = spec->format, .virtual_size = SIZE};
    char written[VP_DIGEST_HEX], read[VP_DIGEST_HEX], by_fd[VP_DIGEST_HEX];

    copy_to(source, path, spec, written);
    check_mode(path, spec->mode);

    g_autoptr(VpDiskReader) reader = open_file(path, format, NULL);

    g_assert_cmpuint(reader->size, ==, SIZE);
    get_digest(reader, read);
    g_assert_cmpstr(read, ==, written);

    vp_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);

    vp_header_check(fd, &expected, path, &error);
    g_assert_no_error(error);

    g_autoptr(VpDiskReader) second =
        vp_image_open_fd(fd, spec->format, &(VpRunAs){.drop = FALSE}, &error);

    g_assert_no_error(error);
    get_digest(second, by_fd);
    g_assert_cmpstr(by_fd, ==, written);

    copy_to(source, again, spec, written);

    const char *same[] = {"cmp", path, again, NULL};
    const char *check[] = {"qemu-img", "check", "-q", "-f", "qcow2", path, NULL};
    const char *compare[] = {"qemu-img", "compare", "-q",   "-f", "raw",
                             "-F",       format,    source, path, NULL};

    run(same);
    if (spec->format == VP_IMAGE_FORMAT_QCOW2)
        run(check);
    run(compare);
    g_assert_cmpuint(count_entries(), ==, 3);
    g_unlink(path);
    g_unlink(again);
}

static void
test_qcow2(void)
{
    VpImageSpec spec = spec_of(VP_IMAGE_FORMAT_QCOW2, FALSE);

    check_round_trip(&spec);
}

static void
test_compress(void)
{
    VpImageSpec spec = spec_of(VP_IMAGE_FORMAT_QCOW2, TRUE);

    check_round_trip(&spec);
}

static void
test_raw(void)
{
    VpImageSpec spec = spec_of(VP_IMAGE_FORMAT_RAW, FALSE);

    check_round_trip(&spec);
}

static void
test_compressed_is_smaller(void)
{
    g_autofree char *source = make_source();
    g_autofree char *plain = in_folder("plain");
    g_autofree char *small = in_folder("small");
    char digest[VP_DIGEST_HEX];
    struct stat plain_st, small_st;
    VpImageSpec spec = spec_of(VP_IMAGE_FORMAT_QCOW2, FALSE);

    copy_to(source, plain, &spec, digest);
    spec.compress = TRUE;
    copy_to(source, small, &spec, digest);
    g_assert_cmpint(stat(plain, &plain_st), ==, 0);
    g_assert_cmpint(stat(small, &small_st), ==, 0);
    g_assert_cmpint(small_st.st_size, <, plain_st.st_size * 3 / 4);
    g_unlink(plain);
    g_unlink(small);
}

static void
test_not_committed(void)
{
    static const VpImageFormat formats[] = {VP_IMAGE_FORMAT_QCOW2, VP_IMAGE_FORMAT_RAW};

    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *path = in_folder("never");
        VpImageSpec spec = spec_of(formats[i], FALSE);
        guint before = count_entries();
        VpDiskWriter *writer = vp_image_create(path, &spec, &error);

        g_assert_no_error(error);
        g_assert_cmpuint(count_entries(), ==, before + 1);
        g_assert_true(vp_disk_writer_pwrite(writer, 0, "x", 1, &error));
        vp_disk_writer_free(writer);
        g_assert_cmpuint(count_entries(), ==, before);
    }
}

static void
test_never_replaces(void)
{
    static const VpImageFormat formats[] = {VP_IMAGE_FORMAT_QCOW2, VP_IMAGE_FORMAT_RAW};
    g_autofree char *path = in_folder("there");

    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = NULL;
        VpImageSpec spec = spec_of(formats[i], FALSE);
        g_autoptr(VpDiskWriter) writer = vp_image_create(path, &spec, &error);

        g_assert_no_error(error);
        g_assert_true(g_file_set_contents(path, "mine", -1, NULL));
        g_assert_true(vp_disk_writer_flush(writer, &error));
        g_assert_false(vp_disk_writer_commit(writer, &error));
        g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
        g_assert_nonnull(strstr(error->message, path));
        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        g_assert_cmpstr(text, ==, "mine");
        g_unlink(path);
    }
}

static void
test_no_folder(void)
{
    g_autoptr(GError) error = NULL;
    VpImageSpec spec = spec_of(VP_IMAGE_FORMAT_QCOW2, FALSE);

    g_assert_null(vp_image_create("/nonexistent/x.qcow2", &spec, &error));
    g_assert_nonnull(strstr(error->message, "/nonexistent/x.qcow2"));
}

/* A limit on the size of files stands for a full disk: of ours, and of the tool. */
static void
check_disk_full(const VpImageSpec *spec)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *source = make_source();
    g_autofree char *path = in_folder("full");
    g_autoptr(VpDiskReader) reader = open_file(source, "raw", NULL);
    struct rlimit before, small;
    VpCopyResult result;

    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
    small = before;
    small.rlim_cur = MIB;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &small), ==, 0);

    VpDiskWriter *writer = vp_image_create(path, spec, &error);
    gboolean ok = writer && vp_copy_guest_data(reader, writer, NULL, NULL, &result, &error) &&
                  vp_disk_writer_flush(writer, &error);

    setrlimit(RLIMIT_FSIZE, &before);
    g_assert_false(ok);
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, path));
    /* NBD knows but the one. */
    g_assert_true(strstr(error->message, "File too large") ||
                  strstr(error->message, "No space left on device"));
    vp_disk_writer_free(writer);
    g_assert_cmpuint(count_entries(), ==, 1);
}

static void
test_disk_full(void)
{
    VpImageSpec spec = spec_of(VP_IMAGE_FORMAT_QCOW2, FALSE);

    signal(SIGXFSZ, SIG_IGN);
    check_disk_full(&spec);
    spec.compress = TRUE;
    check_disk_full(&spec);
    spec = spec_of(VP_IMAGE_FORMAT_RAW, FALSE);
    check_disk_full(&spec);
}

static void
write_pattern(const char *path, const char *command)
{
    const char *argv[] = {"qemu-io", "-f", "qcow2", "-c", command, path, NULL};

    run(argv);
}

static void
take_snapshot(const char *path, const char *name)
{
    const char *argv[] = {"qemu-img", "snapshot", "-c", name, path, NULL};

    run(argv);
}

static guint8
first_byte(VpDiskReader *reader)
{
    g_autoptr(GError) error = NULL;
    guint8 byte = 0;

    g_assert_true(vp_disk_reader_pread(reader, 0, &byte, 1, &error));
    return byte;
}

static void
test_snapshot(void)
{
    static const char *const names[] = {"plain", "a,b", "a \"b\" c", "snapshot.id=1",
                                        "ü",     "-x",  "1"};
    g_autofree char *path = in_folder("snapshots.qcow2");
    const char *create[] = {"qemu-img", "create", "-q", "-f", "qcow2", path, "1M", NULL};

    run(create);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *command = g_strdup_printf("write -q -P %u 0 64k", i + 1);

        write_pattern(path, command);
        take_snapshot(path, names[i]);
    }
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(VpDiskReader) reader = open_file(path, "qcow2", names[i]);

        g_assert_cmpuint(first_byte(reader), ==, i + 1);
    }
    g_unlink(path);
}

/* QEMU shows a snapshot in today's size: we show it in its own. */
static void
test_snapshot_before_resize(void)
{
    g_autofree char *path = in_folder("resized.qcow2");
    const char *create[] = {"qemu-img", "create", "-q", "-f", "qcow2", path, "1M", NULL};
    const char *resize[] = {"qemu-img", "resize", "-q", "-f", "qcow2", path, "2M", NULL};

    run(create);
    take_snapshot(path, "small");
    run(resize);
    take_snapshot(path, "large");

    g_autoptr(VpDiskReader) small = open_file(path, "qcow2", "small");
    g_autoptr(VpDiskReader) large = open_file(path, "qcow2", "large");

    g_assert_cmpuint(small->size, ==, MIB);
    g_assert_cmpuint(large->size, ==, 2 * MIB);
    g_unlink(path);
}

static void
test_no_such_snapshot(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = in_folder("none.qcow2");
    g_autoptr(VpLayer) layer = vp_layer_new_file(path, "qcow2");
    const char *create[] = {"qemu-img", "create", "-q", "-f", "qcow2", path, "1M", NULL};

    run(create);
    g_assert_null(vp_image_open(layer, "gone", &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, path));
    g_unlink(path);
}

/* The same digest flattened from three layers and from one image. */
static void
test_chain(void)
{
    g_autofree char *base = in_folder("base.qcow2");
    g_autofree char *middle = in_folder("mid,dle.qcow2");
    g_autofree char *top = in_folder("top.qcow2");
    g_autofree char *flat = in_folder("flat.qcow2");
    const char *create[] = {"qemu-img", "create", "-q", "-f", "qcow2", base, "20M", NULL};
    const char *second[] = {"qemu-img", "create", "-q",    "-f",   "qcow2", "-b",
                            base,       "-F",     "qcow2", middle, NULL};
    const char *third[] = {"qemu-img", "create", "-q",    "-f", "qcow2", "-b",
                           middle,     "-F",     "qcow2", top,  NULL};
    const char *convert[] = {"qemu-img", "convert", "-O", "qcow2", top, flat, NULL};
    char from_chain[VP_DIGEST_HEX], from_flat[VP_DIGEST_HEX];

    run(create);
    run(second);
    run(third);
    write_pattern(base, "write -q -P 1 0 3M");
    write_pattern(middle, "write -q -P 2 1M 64k");
    write_pattern(top, "write -q -z 2M 512");
    run(convert);

    g_autoptr(VpDiskReader) chain = open_file(top, "qcow2", NULL);
    g_autoptr(VpDiskReader) one = open_file(flat, "qcow2", NULL);

    get_digest(chain, from_chain);
    get_digest(one, from_flat);
    g_assert_cmpstr(from_chain, ==, from_flat);
    g_unlink(base);
    g_unlink(middle);
    g_unlink(top);
    g_unlink(flat);
}

static void
test_locked(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *source = make_source();
    g_autofree char *json =
        g_strdup_printf("json:{\"driver\":\"raw\",\"file\":{\"driver\":\"file\","
                        "\"filename\":\"%s\"}}",
                        source);
    VpQemuNbdSpec spec = {.image = json, .what = source};
    g_autoptr(VpQemuNbd) writer = vp_qemu_nbd_start(&spec, &error);
    g_autoptr(VpLayer) layer = vp_layer_new_file(source, "raw");

    g_assert_no_error(error);
    g_assert_null(vp_image_open(layer, NULL, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, "in use by a running domain"));
    g_assert_nonnull(strstr(error->message, source));
}

/* Nobody else can write while we read. */
static void
test_reader_locks(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *source = make_source();
    g_autoptr(VpDiskReader) reader = open_file(source, "raw", NULL);
    const char *argv[] = {"qemu-io", "-f", "raw", "-c", "write -q 0 512", source, NULL};

    g_assert_false(vp_process_run(argv, NULL, NULL, &error));
}

static void
test_no_tool(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *source = make_source();
    g_autofree char *path = g_strdup(g_getenv("PATH"));
    g_autoptr(VpLayer) layer = vp_layer_new_file(source, "raw");

    g_setenv("PATH", folder, TRUE);
    g_assert_null(vp_image_open(layer, NULL, &error));
    g_setenv("PATH", path, TRUE);
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, "qemu-nbd"));
    g_assert_nonnull(strstr(error->message, "qemu-utils"));
}

/* The user of our one child process that is still there. */
static uid_t
get_user_of_child(void)
{
    g_autofree char *children = NULL;
    g_autofree char *list = g_strdup_printf("/proc/self/task/%d/children", getpid());
    struct stat st;

    g_assert_true(g_file_get_contents(list, &children, NULL, NULL));

    g_autofree char *process =
        g_strdup_printf("/proc/%d/status", (int)g_ascii_strtoll(children, NULL, 10));

    g_assert_cmpint(stat(process, &st), ==, 0);
    return st.st_uid;
}

/* A file that only root can reach, read by a tool of another user. */
static void
test_dropped(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *source = make_source();
    g_autofree char *path = in_folder("private.qcow2");
    VpImageSpec spec = spec_of(VP_IMAGE_FORMAT_QCOW2, FALSE);
    VpRunAs run_as = {.drop = TRUE, .uid = 65534, .gid = 65534};
    char written[VP_DIGEST_HEX], read[VP_DIGEST_HEX];

    if (geteuid() != 0) {
        g_test_skip("only root can run a tool as another user");
        return;
    }
    spec.mode = 0600;
    copy_to(source, path, &spec, written);

    vp_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);
    g_autoptr(VpDiskReader) reader = vp_image_open_fd(fd, spec.format, &run_as, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(get_user_of_child(), ==, 65534);
    get_digest(reader, read);
    g_assert_cmpstr(read, ==, written);
    g_unlink(path);
}

/* Not an image at all, and one with a pointer out of the file: errors, no hang. */
static void
test_fd_of_nonsense(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = in_folder("nonsense");
    VpRunAs run_as = {.drop = FALSE};

    g_assert_true(g_file_set_contents(path, "nonsense", -1, NULL));

    vp_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);

    g_assert_null(vp_image_open_fd(fd, VP_IMAGE_FORMAT_QCOW2, &run_as, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, "not in qcow2 format"));
    g_unlink(path);
}

/* An empty disk of 1 TiB costs nothing but its digest. */
static void
test_terabyte(void)
{
    g_autofree char *path = in_folder("empty.qcow2");
    const char *create[] = {"qemu-img", "create", "-q", "-f", "qcow2", path, "1T", NULL};
    char digest[VP_DIGEST_HEX];

    run(create);
    g_test_timer_start();

    g_autoptr(VpDiskReader) reader = open_file(path, "qcow2", NULL);

    get_digest(reader, digest);
    /* 0.6 s on an idle machine: the bound is for a busy one. */
    g_assert_cmpfloat(g_test_timer_elapsed(), <, 15);
    g_unlink(path);
}

static void
check_argv(const VpQemuNbdSpec *spec, const char *expected)
{
    g_auto(GStrv) argv = vp_qemu_nbd_format_argv(spec);
    g_autofree char *joined = g_strjoinv("|", argv);

    g_assert_cmpstr(joined, ==, expected);
}

static void
test_argv(void)
{
    check_argv(&(VpQemuNbdSpec){.image = "json:{}", .read_only = TRUE},
               "qemu-nbd|--read-only|--|json:{}");
    check_argv(&(VpQemuNbdSpec){.image = "json:{}", .read_only = TRUE, .snapshot = "a,b=\"c\""},
               "qemu-nbd|--read-only|--load-snapshot=snapshot.name=a,,b=\"c\"|--|json:{}");
    check_argv(&(VpQemuNbdSpec){.image = "json:{}"}, "qemu-nbd|--discard=unmap|--|json:{}");
}

static void
test_messages(void)
{
    static const struct {
        const char *messages;
        const char *summary;
    } rows[] = {
        {"", NULL},
        {"\n \n", NULL},
        {"first\nlast\n\n", "last"},
        {"qemu-nbd: Failed to blk_new_open 'json:{\"a\": {}}': Could not open 'x': No such file\n",
         "Could not open 'x': No such file"},
        {"qemu-nbd: Failed to get shared \"write\" lock\nIs another process using the image [/x]?\n",
         "in use by a running domain: shut it off first"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *summary = vp_tool_summarize(rows[i].messages);

        g_assert_cmpstr(summary, ==, rows[i].summary);
    }
}

/* What a header says of the layer below, made by QEMU's own tool; never by a probe. */
static void
test_backing(void)
{
    g_autofree char *base = make_source();
    g_autofree char *layer = in_folder("layer.qcow2");
    g_autofree char *relative = in_folder("relative.qcow2");
    g_autofree char *elsewhere = in_folder("elsewhere.qcow2");
    g_autofree char *format = NULL;
    char *none = NULL;

    run((const char *const[]){"qemu-img", "create", "-q", "-f", "qcow2", "-b", base, "-F", "raw",
                              layer, NULL});
    run((const char *const[]){"qemu-img", "create", "-q", "-f", "qcow2", "-o", "compat=0.10", "-b",
                              "layer.qcow2", "-F", "qcow2", relative, NULL});
    run((const char *const[]){"qemu-img", "create", "-q", "-f", "qcow2", "-u", "-b",
                              "nbd://localhost/x", "-F", "raw", elsewhere, "1M", NULL});

    g_autofree char *below = vp_image_find_backing(layer, &format);
    g_assert_cmpstr(below, ==, base);
    g_assert_cmpstr(format, ==, "raw");
    g_clear_pointer(&format, g_free);
    g_autofree char *same_folder = vp_image_find_backing(relative, &format);
    g_assert_cmpstr(same_folder, ==, layer);
    g_assert_cmpstr(format, ==, "qcow2");
    g_assert_null(vp_image_find_backing(elsewhere, &none));
    g_assert_null(vp_image_find_backing(base, &none));
    g_assert_null(vp_image_find_backing(folder, &none));
    g_assert_null(none);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("vp-test-XXXXXX", NULL);
    g_test_add_func("/image/argv", test_argv);
    g_test_add_func("/image/messages", test_messages);
    g_test_add_func("/image/qcow2", test_qcow2);
    g_test_add_func("/image/compress", test_compress);
    g_test_add_func("/image/raw", test_raw);
    g_test_add_func("/image/compressed-is-smaller", test_compressed_is_smaller);
    g_test_add_func("/image/not-committed", test_not_committed);
    g_test_add_func("/image/never-replaces", test_never_replaces);
    g_test_add_func("/image/no-folder", test_no_folder);
    g_test_add_func("/image/disk-full", test_disk_full);
    g_test_add_func("/image/snapshot", test_snapshot);
    g_test_add_func("/image/snapshot-before-resize", test_snapshot_before_resize);
    g_test_add_func("/image/no-such-snapshot", test_no_such_snapshot);
    g_test_add_func("/image/chain", test_chain);
    g_test_add_func("/image/backing", test_backing);
    g_test_add_func("/image/locked", test_locked);
    g_test_add_func("/image/reader-locks", test_reader_locks);
    g_test_add_func("/image/no-tool", test_no_tool);
    g_test_add_func("/image/dropped", test_dropped);
    g_test_add_func("/image/fd-of-nonsense", test_fd_of_nonsense);
    g_test_add_func("/image/terabyte", test_terabyte);

    int status = g_test_run();

    vp_remove_tree(folder, NULL);
    g_free(folder);
    return status;
}
