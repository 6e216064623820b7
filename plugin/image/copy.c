/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A reader thread fills chunks in the order of the disk, a few threads hash them,
 * the caller's thread takes them in order again, writes and digests. Chunks
 * go round: disk -> order -> caller -> idle -> disk, so memory is bounded.
 */
#include "image/copy.h"

#include <string.h>

#define CHUNK        (1024 * 1024) /* bytes, a multiple of the digest's block */
#define CHUNK_BLOCKS (CHUNK / VP_DIGEST_BLOCK)
#define CHUNKS       24
#define HASHERS_MAX  8
#define ZEROS        (G_GUINT64_CONSTANT(64) << 30) /* bytes digested before Ctrl-C is heeded */

/* A part of the disk: starts on a block's boundary and ends on one or at the
 * disk's end. */
typedef struct {
    guint64 offset;
    guint64 length;
    gboolean zero; /* all of it, and no byte was read */
} Run;

typedef struct {
    Run run;
    guint8 *data; /* CHUNK bytes */
    gboolean zeros[CHUNK_BLOCKS];
    guint8 hashes[CHUNK_BLOCKS][VP_DIGEST_LENGTH];
    gboolean hashed; /* guarded by the pipe's mutex */
} Chunk;

typedef struct {
    VpDiskReader *reader;
    GAsyncQueue *idle;
    GAsyncQueue *order; /* ends with &end */
    Chunk end;
    GAsyncQueue *unhashed; /* ends with &end, one a hasher */
    GThread *hashers[HASHERS_MAX];
    guint n_hashers;
    GMutex mutex;
    GCond hashed;
    gint stop;     /* atomic: the caller wants no more */
    GError *error; /* of the reader thread; read after it is joined */
} Pipe;

/* What the caller's thread works on. */
typedef struct {
    VpDiskWriter *writer;
    VpMeter *meter;
    GCancellable *cancellable;
    VpDigest *digest;
    guint64 allocated;
} Output;

static guint64
round_up(guint64 value)
{
    return (value + VP_DIGEST_BLOCK - 1) / VP_DIGEST_BLOCK * VP_DIGEST_BLOCK;
}

/* The run at @offset, a block's boundary. A block that is a hole only in part is
 * read whole. */
static gboolean
find_run(VpDiskReader *reader, guint64 offset, Run *ret_run, GError **error)
{
    guint64 left = reader->size - offset;
    VpExtent extent;

    if (!vp_disk_reader_extent(reader, offset, &extent, error))
        return FALSE;

    guint64 whole = extent.length < left ? extent.length / VP_DIGEST_BLOCK * VP_DIGEST_BLOCK : left;
    gboolean zero = extent.zero && whole > 0;

    *ret_run = (Run){
        .offset = offset,
        .length = zero ? whole : MIN(round_up(extent.length), left),
        .zero = zero,
    };
    return TRUE;
}

static gboolean
is_zero(const guint8 *data, gsize length)
{
    static const guint8 zeros[16];

    if (memcmp(data, zeros, MIN(length, sizeof(zeros))) != 0)
        return FALSE;
    return length <= sizeof(zeros) ||
           memcmp(data, data + sizeof(zeros), length - sizeof(zeros)) == 0;
}

/* Bytes of block @i of @chunk. */
static gsize
block_length(const Chunk *chunk, gsize i)
{
    return MIN(chunk->run.length - i * VP_DIGEST_BLOCK, VP_DIGEST_BLOCK);
}

static gsize
count_blocks(const Chunk *chunk)
{
    return round_up(chunk->run.length) / VP_DIGEST_BLOCK;
}

static void
hash_chunk(Pipe *pipe, Chunk *chunk)
{
    for (gsize i = 0; i < count_blocks(chunk); i++) {
        const guint8 *block = chunk->data + i * VP_DIGEST_BLOCK;

        chunk->zeros[i] = is_zero(block, block_length(chunk, i));
        if (!chunk->zeros[i])
            vp_digest_hash_block(block, block_length(chunk, i), chunk->hashes[i]);
    }
    g_mutex_lock(&pipe->mutex);
    chunk->hashed = TRUE;
    g_cond_broadcast(&pipe->hashed);
    g_mutex_unlock(&pipe->mutex);
}

static gpointer
hash_thread(gpointer data)
{
    Pipe *pipe = data;
    Chunk *chunk;

    while ((chunk = g_async_queue_pop(pipe->unhashed)) != &pipe->end)
        hash_chunk(pipe, chunk);
    return NULL;
}

static void
wait_hashed(Pipe *pipe, Chunk *chunk)
{
    g_mutex_lock(&pipe->mutex);
    while (!chunk->hashed)
        g_cond_wait(&pipe->hashed, &pipe->mutex);
    g_mutex_unlock(&pipe->mutex);
}

/* Reads the next chunk at @offset and sends it on its way. */
static gboolean
read_chunk(Pipe *pipe, guint64 offset, guint64 *ret_next, GError **error)
{
    Run run;

    if (!find_run(pipe->reader, offset, &run, error))
        return FALSE;

    Chunk *chunk = g_async_queue_pop(pipe->idle);

    if (!run.zero)
        run.length = MIN(run.length, CHUNK);
    chunk->run = run;
    chunk->hashed = run.zero;
    if (!run.zero && !vp_disk_reader_pread(pipe->reader, offset, chunk->data, run.length, error)) {
        g_async_queue_push(pipe->idle, chunk);
        return FALSE;
    }
    if (!run.zero)
        g_async_queue_push(pipe->unhashed, chunk);
    g_async_queue_push(pipe->order, chunk);
    *ret_next = offset + run.length;
    return TRUE;
}

static gpointer
read_thread(gpointer data)
{
    Pipe *pipe = data;
    guint64 offset = 0;

    while (offset < pipe->reader->size && !g_atomic_int_get(&pipe->stop)) {
        if (!read_chunk(pipe, offset, &offset, &pipe->error))
            break;
    }
    g_async_queue_push(pipe->order, &pipe->end);
    return NULL;
}

static gboolean
put_zeros(Output *output, guint64 offset, guint64 length, GError **error)
{
    for (guint64 done = 0; done < length; done += MIN(ZEROS, length - done)) {
        if (!vp_check_cancelled(output->cancellable, error))
            return FALSE;
        vp_digest_add_zeros(output->digest, MIN(ZEROS, length - done));
    }
    if (!output->writer || output->writer->starts_zeroed)
        return TRUE;
    return vp_disk_writer_zero(output->writer, offset, length, error);
}

/* Puts blocks @first to @last (not included) of @chunk: all zero, or none. */
static gboolean
put_blocks(Output *output, const Chunk *chunk, gsize first, gsize last, GError **error)
{
    gsize start = first * VP_DIGEST_BLOCK;
    gsize length = MIN(last * VP_DIGEST_BLOCK, chunk->run.length) - start;

    if (chunk->zeros[first])
        return put_zeros(output, chunk->run.offset + start, length, error);

    for (gsize i = first; i < last; i++)
        vp_digest_add_block(output->digest, chunk->hashes[i], block_length(chunk, i));
    output->allocated += length;
    if (!output->writer)
        return TRUE;
    return vp_disk_writer_pwrite(output->writer, chunk->run.offset + start, chunk->data + start,
                                 length, error);
}

static gboolean
put_data(Output *output, const Chunk *chunk, GError **error)
{
    gsize blocks = count_blocks(chunk);
    gsize first = 0;

    for (gsize i = 1; i <= blocks; i++) {
        if (i < blocks && chunk->zeros[i] == chunk->zeros[first])
            continue;
        if (!put_blocks(output, chunk, first, i, error))
            return FALSE;
        first = i;
    }
    vp_meter_advance(output->meter, chunk->run.length);
    return TRUE;
}

static gboolean
put_chunk(Output *output, const Chunk *chunk, GError **error)
{
    if (!vp_check_cancelled(output->cancellable, error))
        return FALSE;
    if (chunk->run.zero)
        return put_zeros(output, chunk->run.offset, chunk->run.length, error);
    return put_data(output, chunk, error);
}

/* Takes every chunk that was read, also after a failure: only so do all threads end. */
static gboolean
drain(Pipe *pipe, Output *output, GError **error)
{
    gboolean ok = TRUE;
    Chunk *chunk;

    while ((chunk = g_async_queue_pop(pipe->order)) != &pipe->end) {
        wait_hashed(pipe, chunk);
        ok = ok && put_chunk(output, chunk, error);
        if (!ok)
            g_atomic_int_set(&pipe->stop, TRUE);
        g_async_queue_push(pipe->idle, chunk);
    }
    return ok;
}

static void
chunk_free(gpointer data)
{
    Chunk *chunk = data;

    g_free(chunk->data);
    g_free(chunk);
}

/* The hashers are joined, as a thread pool's threads are not: what libcrypto keeps for a
 * thread is freed as the thread ends, which must not meet the end of the process. */
static void
pipe_clear(Pipe *pipe)
{
    for (guint i = 0; i < pipe->n_hashers; i++)
        g_async_queue_push(pipe->unhashed, &pipe->end);
    for (guint i = 0; i < pipe->n_hashers; i++)
        g_thread_join(pipe->hashers[i]);
    g_async_queue_unref(pipe->unhashed);
    g_async_queue_unref(pipe->idle);
    g_async_queue_unref(pipe->order);
    g_mutex_clear(&pipe->mutex);
    g_cond_clear(&pipe->hashed);
    g_clear_error(&pipe->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pipe, pipe_clear)

static gboolean
start_hashers(Pipe *pipe, GError **error)
{
    guint wanted = MIN(g_get_num_processors(), HASHERS_MAX);

    while (pipe->n_hashers < wanted) {
        GThread *thread = g_thread_try_new("vp-hash", hash_thread, pipe, error);

        if (!thread)
            return FALSE;
        pipe->hashers[pipe->n_hashers++] = thread;
    }
    return TRUE;
}

static gboolean
pipe_init(Pipe *pipe, VpDiskReader *reader, GError **error)
{
    pipe->reader = reader;
    pipe->unhashed = g_async_queue_new();
    pipe->idle = g_async_queue_new_full(chunk_free);
    pipe->order = g_async_queue_new();
    g_mutex_init(&pipe->mutex);
    g_cond_init(&pipe->hashed);
    for (gsize i = 0; i < CHUNKS; i++) {
        Chunk *chunk = g_new0(Chunk, 1);

        chunk->data = g_malloc(CHUNK);
        g_async_queue_push(pipe->idle, chunk);
    }
    return start_hashers(pipe, error);
}

static gboolean
run_pipe(VpDiskReader *reader, Output *output, GError **error)
{
    g_auto(Pipe) pipe = {0};

    if (!pipe_init(&pipe, reader, error))
        return FALSE;

    GThread *thread = g_thread_try_new("vp-read", read_thread, &pipe, error);

    if (!thread)
        return FALSE;

    gboolean ok = drain(&pipe, output, error);

    g_thread_join(thread);
    if (ok && pipe.error)
        g_propagate_error(error, g_steal_pointer(&pipe.error));
    return ok && !*error;
}

/* Bytes that the file behind the reader does not hold as they are. */
static gboolean
copy_head(VpDiskReader *reader, VpDiskWriter *writer, guint64 length, GError **error)
{
    g_autofree char *head = g_malloc(MAX(length, 1));

    return length == 0 || (vp_disk_reader_pread(reader, 0, head, length, error) &&
                           vp_disk_writer_pwrite(writer, 0, head, length, error));
}

/* Where the file system can share the bytes the new disk holds them before they are read: it is
 * the new disk that is read then, and proved. NULL without an error where it cannot. */
static VpDiskReader *
share(VpDiskReader *reader, VpDiskWriter *writer, GError **error)
{
    guint64 from = 0;
    int fd = writer ? vp_disk_reader_get_file(reader, &from) : -1;
    g_autoptr(VpDiskReader) shared = fd >= 0 ? vp_disk_writer_share(writer, fd) : NULL;

    if (!shared || !copy_head(reader, writer, from, error))
        return NULL;
    return g_steal_pointer(&shared);
}

gboolean
vp_copy_guest_data(VpDiskReader *reader, VpDiskWriter *writer, VpMeter *meter,
                   GCancellable *cancellable, VpCopyResult *ret_result, GError **error)
{
    g_autoptr(VpDigest) digest = vp_digest_new();
    g_autoptr(GError) failure = NULL;
    g_autoptr(VpDiskReader) shared = share(reader, writer, &failure);
    Output output = {
        .writer = shared ? NULL : writer,
        .meter = meter,
        .cancellable = cancellable,
        .digest = digest,
    };

    if (failure || !run_pipe(shared ? shared : reader, &output, &failure)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    ret_result->allocated = output.allocated;
    vp_digest_finish(digest, ret_result->digest);
    return TRUE;
}

gboolean
vp_copy_measure(VpDiskReader *reader, GCancellable *cancellable, guint64 *ret_bytes, GError **error)
{
    guint64 bytes = 0;
    Run run = {0};

    for (guint64 offset = 0; offset < reader->size; offset += run.length) {
        if (!vp_check_cancelled(cancellable, error) || !find_run(reader, offset, &run, error))
            return FALSE;
        if (!run.zero)
            bytes += run.length;
    }
    *ret_bytes = bytes;
    return TRUE;
}
