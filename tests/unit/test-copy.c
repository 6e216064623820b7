/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* image/copy.h between a reader and a writer in memory. */
#include "image/copy.h"

#include <string.h>

#define BLOCK VP_DIGEST_BLOCK
#define MIB   (1024 * 1024)

typedef struct {
    VpDiskReader parent;
    guint8 *data;
    const VpExtent *extents; /* the last has length 0: data up to the end */
    guint reads;
    guint64 bytes_read;
    guint64 fail_read_at; /* the read that touches this offset fails */
    guint64 fail_extent_at;
} MemoryReader;

typedef struct {
    VpDiskWriter parent;
    guint8 *data; /* starts as garbage unless starts_zeroed */
    gsize size;
    guint64 next; /* writes come in order */
    guint64 written;
    guint64 fail_at;
    GCancellable *cancel_at_first_write;
} MemoryWriter;

static gboolean
touches(guint64 offset, guint64 length, guint64 at)
{
    return at >= offset && at < offset + length;
}

static gboolean
fail(GError **error, const char *what)
{
    vp_error_set(error, VP_ERROR_FAILED, "%s", what);
    return FALSE;
}

static gboolean
reader_pread(VpDiskReader *reader, guint64 offset, gpointer buffer, gsize length, GError **error)
{
    MemoryReader *memory = (MemoryReader *)reader;

    memory->reads++;
    memory->bytes_read += length;
    if (touches(offset, length, memory->fail_read_at))
        return fail(error, "read");
    memcpy(buffer, memory->data + offset, length);
    return TRUE;
}

static gboolean
reader_extent(VpDiskReader *reader, guint64 offset, VpExtent *ret_extent, GError **error)
{
    MemoryReader *memory = (MemoryReader *)reader;
    guint64 start = 0;
    const VpExtent *extent = memory->extents;

    if (memory->fail_extent_at <= offset)
        return fail(error, "extent");
    for (; extent->length && start + extent->length <= offset; extent++)
        start += extent->length;
    ret_extent->zero = extent->zero;
    ret_extent->length = (extent->length ? start + extent->length : reader->size) - offset;
    return TRUE;
}

static const VpDiskReaderOps reader_ops = {.pread = reader_pread, .extent = reader_extent};

static gboolean
writer_pwrite(VpDiskWriter *writer, guint64 offset, gconstpointer buffer, gsize length,
              GError **error)
{
    MemoryWriter *memory = (MemoryWriter *)writer;

    g_assert_cmpuint(offset, >=, memory->next);
    g_assert_cmpuint(offset % BLOCK, ==, 0);
    g_assert_cmpuint(offset + length, <=, memory->size);
    g_assert_true(length % BLOCK == 0 || offset + length == memory->size);
    if (touches(offset, length, memory->fail_at))
        return fail(error, "write");
    if (memory->cancel_at_first_write)
        g_cancellable_cancel(memory->cancel_at_first_write);
    memcpy(memory->data + offset, buffer, length);
    memory->next = offset + length;
    memory->written += length;
    return TRUE;
}

static gboolean
writer_zero(VpDiskWriter *writer, guint64 offset, guint64 length, GError **error)
{
    MemoryWriter *memory = (MemoryWriter *)writer;

    g_assert_false(writer->starts_zeroed);
    g_assert_cmpuint(offset, >=, memory->next);
    if (touches(offset, length, memory->fail_at))
        return fail(error, "zero");
    memset(memory->data + offset, 0, length);
    memory->next = offset + length;
    return TRUE;
}

static const VpDiskWriterOps writer_ops = {.pwrite = writer_pwrite, .zero = writer_zero};

typedef struct {
    MemoryReader reader;
    MemoryWriter writer;
} Disks;

static const VpExtent all_data[] = {{0, FALSE}};

/* A disk of @size bytes of which @pattern says for each block: 'd' data, '0' zeros. */
static void
disks_init(Disks *disks, gsize size, const char *pattern, gboolean starts_zeroed)
{
    memset(disks, 0, sizeof(*disks));
    disks->reader = (MemoryReader){
        .parent = {.ops = &reader_ops, .size = size},
        .data = g_malloc0(size + 1),
        .extents = all_data,
        .fail_read_at = G_MAXUINT64,
        .fail_extent_at = G_MAXUINT64,
    };
    disks->writer = (MemoryWriter){
        .parent = {.ops = &writer_ops, .starts_zeroed = starts_zeroed},
        .data = g_malloc(size + 1),
        .size = size,
        .fail_at = G_MAXUINT64,
    };
    memset(disks->writer.data, starts_zeroed ? 0 : 0xee, size);
    for (gsize i = 0; i * BLOCK < size; i++) {
        gsize length = MIN(BLOCK, size - i * BLOCK);

        /* A byte at the block's very end: a test of its start only would miss it. */
        if (pattern[i % strlen(pattern)] == 'd')
            disks->reader.data[i * BLOCK + length - 1] = (guint8)(1 + i % 255);
    }
}

static void
disks_clear(Disks *disks)
{
    g_free(disks->reader.data);
    g_free(disks->writer.data);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Disks, disks_clear)

static char *
compute(const guint8 *data, gsize length)
{
    g_autoptr(GChecksum) outer = g_checksum_new(G_CHECKSUM_SHA256);
    guint64 trailer = GUINT64_TO_LE((guint64)length);

    for (gsize offset = 0; offset < length; offset += BLOCK) {
        g_autoptr(GChecksum) block = g_checksum_new(G_CHECKSUM_SHA256);
        guint8 hash[32];
        gsize size = sizeof(hash);

        g_checksum_update(block, data + offset, (gssize)MIN(length - offset, BLOCK));
        g_checksum_get_digest(block, hash, &size);
        g_checksum_update(outer, hash, sizeof(hash));
    }
    g_checksum_update(outer, (const guint8 *)&trailer, sizeof(trailer));
    return g_strdup(g_checksum_get_string(outer));
}

/* Copies, and compares bytes, digest and what was counted as allocated. */
static void
check_copy(Disks *disks)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *expected = compute(disks->reader.data, disks->writer.size);
    VpCopyResult result;
    guint64 measured = 0;
    gboolean ok = vp_copy_guest_data(&disks->reader.parent, &disks->writer.parent, NULL, NULL,
                                     &result, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
    g_assert_cmpmem(disks->writer.data, disks->writer.size, disks->reader.data, disks->writer.size);
    g_assert_cmpstr(result.digest, ==, expected);
    g_assert_cmpuint(result.allocated, ==, disks->writer.written);
    g_assert_true(vp_copy_measure(&disks->reader.parent, NULL, &measured, &error));
    g_assert_cmpuint(measured, ==, disks->reader.bytes_read);
}

static void
test_patterns(void)
{
    static const char *const patterns[] = {"d", "0", "d0", "0d", "dd000d", "00000000000000000d"};
    static const gsize sizes[] = {0,         1,       512,         BLOCK - 1,   BLOCK,
                                  BLOCK + 1, MIB - 1, MIB + BLOCK, 3 * MIB + 7, 5 * MIB + 512};

    for (guint i = 0; i < G_N_ELEMENTS(patterns); i++) {
        for (guint j = 0; j < 2 * G_N_ELEMENTS(sizes); j++) {
            g_auto(Disks) disks;

            g_test_message("%s, %zu bytes", patterns[i], sizes[j / 2]);
            disks_init(&disks, sizes[j / 2], patterns[i], j % 2);
            check_copy(&disks);
        }
    }
}

/* More than the ring of buffers holds. */
static void
test_long(void)
{
    g_auto(Disks) disks;

    disks_init(&disks, 32 * MIB + 512, "dddddddd0", TRUE);
    check_copy(&disks);
}

/* Holes that begin and end within blocks, blocks of many extents, a hole to the end. */
static void
test_extents(void)
{
    static const VpExtent rows[][8] = {
        {{100, FALSE}, {10 * BLOCK, TRUE}, {0, FALSE}},
        {{100, TRUE}, {1, FALSE}, {100, TRUE}, {5 * BLOCK, FALSE}, {0, TRUE}},
        {{BLOCK, TRUE}, {BLOCK, FALSE}, {3 * BLOCK + 17, TRUE}, {9 * MIB, FALSE}, {0, TRUE}},
        {{4 * MIB, TRUE}, {512, FALSE}, {4 * MIB, TRUE}, {512, FALSE}, {0, TRUE}},
        {{0, TRUE}},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(Disks) disks;
        guint64 offset = 0;

        disks_init(&disks, 20 * MIB + 100, "d", i % 2);
        for (const VpExtent *extent = rows[i];; extent++) {
            guint64 end = extent->length ? offset + extent->length : disks.writer.size;

            if (extent->zero)
                memset(disks.reader.data + offset, 0, end - offset);
            offset = end;
            if (!extent->length)
                break;
        }
        disks.reader.extents = rows[i];
        check_copy(&disks);
    }
}

static void
test_holes_are_not_read(void)
{
    static const VpExtent extents[] = {{8 * MIB, TRUE}, {MIB, FALSE}, {0, TRUE}};
    g_auto(Disks) disks;

    disks_init(&disks, 16 * MIB, "0", TRUE);
    disks.reader.extents = extents;
    disks.reader.data[8 * MIB] = 1;
    check_copy(&disks);
    g_assert_cmpuint(disks.reader.bytes_read, ==, MIB);
    g_assert_cmpuint(disks.writer.written, ==, BLOCK);
}

static void
test_digest_only(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(Disks) disks;
    VpCopyResult result;

    disks_init(&disks, 5 * MIB + 3, "dd0", TRUE);

    g_autofree char *expected = compute(disks.reader.data, disks.writer.size);

    g_assert_true(vp_copy_guest_data(&disks.reader.parent, NULL, NULL, NULL, &result, &error));
    g_assert_cmpstr(result.digest, ==, expected);
}

typedef struct {
    guint64 done;
    guint64 total;
} Told;

static void
take_progress(const VpProgress *progress, gpointer data)
{
    *(Told *)data = (Told){.done = progress->done, .total = progress->total};
}

static void
test_meter(void)
{
    static const VpExtent extents[] = {{3 * MIB, TRUE}, {5 * MIB + 100, FALSE}, {0, TRUE}};
    g_autoptr(GError) error = NULL;
    g_auto(Disks) disks;
    Told told = {0};
    VpObserver observer = {.progress = take_progress, .data = &told};
    VpCopyResult result;
    guint64 measured = 0;

    disks_init(&disks, 16 * MIB, "0", TRUE);
    disks.reader.extents = extents;
    g_assert_true(vp_copy_measure(&disks.reader.parent, NULL, &measured, &error));

    VpMeter *meter = vp_meter_new(&observer, "copy", measured);

    vp_meter_set_resource(meter, "disk:vda");

    g_assert_true(vp_copy_guest_data(&disks.reader.parent, &disks.writer.parent, meter, NULL,
                                     &result, &error));
    vp_meter_free(meter);
    g_assert_cmpuint(told.done, ==, measured);
    g_assert_cmpuint(told.total, ==, measured);
}

/* Fails with @message, leaves the result alone, and all threads have ended. */
static void
check_failure(Disks *disks, const char *message)
{
    g_autoptr(GError) error = NULL;
    VpCopyResult result = {.allocated = 4711};

    g_assert_false(vp_copy_guest_data(&disks->reader.parent, &disks->writer.parent, NULL, NULL,
                                      &result, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    g_assert_cmpstr(error->message, ==, message);
    g_assert_cmpuint(result.allocated, ==, 4711);
}

/* More than the ring of buffers holds, so that a reader is waiting when the writer fails. */
static const guint64 points[] = {0, BLOCK, MIB, 10 * MIB + 1, 32 * MIB - 1};

static void
test_errors(void)
{
    for (guint i = 0; i < 3 * G_N_ELEMENTS(points); i++) {
        guint64 point = points[i / 3];
        g_auto(Disks) disks;

        disks_init(&disks, 32 * MIB, "d", TRUE);
        if (i % 3 == 0)
            disks.reader.fail_read_at = point;
        else if (i % 3 == 1)
            disks.reader.fail_extent_at = point / MIB * MIB;
        else
            disks.writer.fail_at = point;
        check_failure(&disks, ((const char *[]){"read", "extent", "write"})[i % 3]);
        /* All that came before was written. */
        if (i % 3 != 1)
            g_assert_cmpuint(disks.writer.next, ==, point / MIB * MIB);
    }
}

static void
test_error_of_zero(void)
{
    static const VpExtent extents[] = {{MIB, FALSE}, {0, TRUE}};
    g_auto(Disks) disks;

    disks_init(&disks, 32 * MIB, "0", FALSE);
    disks.reader.extents = extents;
    disks.writer.fail_at = 16 * MIB;
    check_failure(&disks, "zero");
}

static void
test_cancel(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_auto(Disks) disks;
    VpCopyResult result;

    disks_init(&disks, 32 * MIB, "d", TRUE);
    disks.writer.cancel_at_first_write = cancellable;
    g_assert_false(vp_copy_guest_data(&disks.reader.parent, &disks.writer.parent, NULL, cancellable,
                                      &result, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_INTERRUPTED);
    /* Within a chunk. */
    g_assert_cmpuint(disks.writer.written, <=, MIB);
}

static void
test_cancel_of_holes(void)
{
    static const VpExtent extents[] = {{0, TRUE}};
    g_autoptr(GError) error = NULL;
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_auto(Disks) disks;
    VpCopyResult result;
    guint64 measured;

    disks_init(&disks, MIB, "0", TRUE);
    disks.reader.extents = extents;
    g_cancellable_cancel(cancellable);
    g_assert_false(vp_copy_guest_data(&disks.reader.parent, &disks.writer.parent, NULL, cancellable,
                                      &result, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_INTERRUPTED);
    g_clear_error(&error);
    g_assert_false(vp_copy_measure(&disks.reader.parent, cancellable, &measured, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_INTERRUPTED);
}

static gpointer
cancel_soon(gpointer cancellable)
{
    g_usleep(G_USEC_PER_SEC / 20);
    g_cancellable_cancel(cancellable);
    return NULL;
}

/* One hole of a PiB, whose digest alone takes an hour, is left at once. */
static void
test_cancel_in_hole(void)
{
    static const VpExtent extents[] = {{0, TRUE}};
    g_autoptr(GError) error = NULL;
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_auto(Disks) disks;
    VpCopyResult result;

    disks_init(&disks, MIB, "0", TRUE);
    disks.reader.extents = extents;
    disks.reader.parent.size = G_GUINT64_CONSTANT(1) << 50;
    GThread *thread = g_thread_new("cancel", cancel_soon, cancellable);
    g_assert_false(vp_copy_guest_data(&disks.reader.parent, &disks.writer.parent, NULL, cancellable,
                                      &result, &error));
    g_thread_join(thread);
    g_assert_error(error, VP_ERROR, VP_ERROR_INTERRUPTED);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/copy/patterns", test_patterns);
    g_test_add_func("/copy/long", test_long);
    g_test_add_func("/copy/extents", test_extents);
    g_test_add_func("/copy/holes-are-not-read", test_holes_are_not_read);
    g_test_add_func("/copy/digest-only", test_digest_only);
    g_test_add_func("/copy/meter", test_meter);
    g_test_add_func("/copy/errors", test_errors);
    g_test_add_func("/copy/error-of-zero", test_error_of_zero);
    g_test_add_func("/copy/cancel", test_cancel);
    g_test_add_func("/copy/cancel-of-holes", test_cancel_of_holes);
    g_test_add_func("/copy/cancel-in-hole", test_cancel_in_hole);
    return g_test_run();
}
