/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Layout of the file, of QEMU's docs/interop/qcow2.txt: header, L1 table, then data
 * clusters and L2 tables as they come, at the end refcounts and their table. One
 * L2 table is held in memory; a disk is written from its start to its end, so each
 * goes to the file once.
 */
#include "image/qcow2.h"
#include "base/arrival.h"
#include "base/fd.h"
#include "image/container.h"
#include "image/qcow2-format.h"

#include <fcntl.h>
#include <string.h>

#define CLUSTER_BITS   16
#define CLUSTER        (1 << CLUSTER_BITS)             /* bytes */
#define L2_ENTRIES     (CLUSTER / sizeof(guint64))     /* clusters of a table */
#define REFCOUNTS      (CLUSTER / sizeof(guint16))     /* clusters of a block */
#define L2_COVERS      ((guint64)L2_ENTRIES * CLUSTER) /* bytes of the disk */
#define FLAG_COPIED    (G_GUINT64_CONSTANT(1) << 63)   /* its refcount is 1 */
#define SECTOR         512
#define NO_TABLE       G_MAXUINT64
#define L1_MAX         (VP_QCOW2_L1_MAX / sizeof(guint64)) /* entries: 2 PiB */
#define WRITEBACK_STEP (32 * 1024 * 1024)                  /* bytes */

typedef struct {
    VpQcow2Header header;
    guint64 end_of_extensions;
} __attribute__((packed)) Head;

typedef struct {
    VpDiskWriter parent;
    VpArrival *arrival;
    VpImageSpec spec;
    int fd;
    guint64 *l1; /* big endian, as in the file */
    guint32 l1_size;
    guint64 *l2;          /* the table in memory, big endian */
    guint64 l2_index;     /* which it is; NO_TABLE for none */
    guint64 next;         /* where the file ends */
    guint64 written_back; /* up to here the disk has been asked to write */
} Qcow2Writer;

static guint64
divide_up(guint64 value, guint64 by)
{
    return (value + by - 1) / by;
}

static gboolean
put(Qcow2Writer *qcow2, guint64 offset, gconstpointer data, gsize length, GError **error)
{
    if (vp_fd_pwrite_all(qcow2->fd, offset, data, length))
        return TRUE;
    vp_error_set_errno(error, errno, "%s: cannot write", vp_arrival_get_final(qcow2->arrival));
    return FALSE;
}

static guint64
allocate(Qcow2Writer *qcow2, guint64 clusters)
{
    guint64 offset = qcow2->next;

    qcow2->next += clusters * CLUSTER;
    return offset;
}

static guint64
entry_offset(guint64 entry)
{
    return GUINT64_FROM_BE(entry) & ~FLAG_COPIED;
}

static gboolean
store_l2(Qcow2Writer *qcow2, GError **error)
{
    if (qcow2->l2_index == NO_TABLE)
        return TRUE;
    return put(qcow2, entry_offset(qcow2->l1[qcow2->l2_index]), qcow2->l2, CLUSTER, error);
}

static gboolean
fetch_l2(Qcow2Writer *qcow2, GError **error)
{
    off_t offset = (off_t)entry_offset(qcow2->l1[qcow2->l2_index]);

    if (pread(qcow2->fd, qcow2->l2, CLUSTER, offset) == CLUSTER)
        return TRUE;
    vp_error_set_errno(error, errno, "%s: cannot read back", vp_arrival_get_final(qcow2->arrival));
    return FALSE;
}

/* Brings the L2 table @index into memory; a new one when there is none yet. */
static gboolean
select_l2(Qcow2Writer *qcow2, guint64 index, GError **error)
{
    if (qcow2->l2_index == index)
        return TRUE;
    if (!store_l2(qcow2, error))
        return FALSE;
    qcow2->l2_index = index;
    if (qcow2->l1[index] != 0)
        return fetch_l2(qcow2, error);
    guint64 offset = allocate(qcow2, 1);

    qcow2->l1[index] = GUINT64_TO_BE(offset | FLAG_COPIED);
    memset(qcow2->l2, 0, CLUSTER);
    return TRUE;
}

/* Where in the file the cluster at @offset of the disk lies, made when it is new. */
static gboolean
map_cluster(Qcow2Writer *qcow2, guint64 offset, guint64 *ret_host, GError **error)
{
    if (!select_l2(qcow2, offset / L2_COVERS, error))
        return FALSE;

    guint64 *entry = &qcow2->l2[offset % L2_COVERS / CLUSTER];

    if (*entry == 0) {
        guint64 host = allocate(qcow2, 1); /* the macro reads its argument more than once */

        *entry = GUINT64_TO_BE(host | FLAG_COPIED);
    }
    *ret_host = entry_offset(*entry);
    return TRUE;
}

/* Lets the disk start early: the sync at the end then has less to wait for. */
static void
start_writeback(Qcow2Writer *qcow2)
{
    if (qcow2->next - qcow2->written_back < WRITEBACK_STEP)
        return;
    sync_file_range(qcow2->fd, (off_t)qcow2->written_back,
                    (off_t)(qcow2->next - qcow2->written_back), SYNC_FILE_RANGE_WRITE);
    qcow2->written_back = qcow2->next;
}

/* Clusters that lie side by side in the file are written at once. */
static gboolean
qcow2_pwrite(VpDiskWriter *writer, guint64 offset, gconstpointer buffer, gsize length,
             GError **error)
{
    Qcow2Writer *qcow2 = (Qcow2Writer *)writer;
    const char *data = buffer;
    guint64 start = 0; /* in the file, of a run of @run bytes that ends at @done */
    gsize run = 0;

    for (gsize done = 0; done < length; done += MIN(CLUSTER, length - done)) {
        guint64 host;

        if (!map_cluster(qcow2, offset + done, &host, error))
            return FALSE;
        if (run > 0 && host != start + run) {
            if (!put(qcow2, start, data + done - run, run, error))
                return FALSE;
            run = 0;
        }
        if (run == 0)
            start = host;
        run += MIN(CLUSTER, length - done);
    }
    start_writeback(qcow2);
    return put(qcow2, start, data + length - run, run, error);
}

/* A new image reads as zeros: only what was written before has to be overwritten. */
static gboolean
qcow2_zero(VpDiskWriter *writer, guint64 offset, guint64 length, GError **error)
{
    static const char zeros[CLUSTER];
    Qcow2Writer *qcow2 = (Qcow2Writer *)writer;

    for (guint64 at = offset; at < offset + length; at += CLUSTER) {
        if (qcow2->l1[at / L2_COVERS] == 0)
            continue;
        if (!select_l2(qcow2, at / L2_COVERS, error))
            return FALSE;

        guint64 entry = qcow2->l2[at % L2_COVERS / CLUSTER];

        if (entry != 0 && !put(qcow2, entry_offset(entry), zeros, CLUSTER, error))
            return FALSE;
    }
    return TRUE;
}

typedef struct {
    guint64 blocks;
    guint64 blocks_offset;
    guint64 table_clusters;
    guint64 table_offset;
    guint64 clusters; /* of the whole file */
} Refcounts;

/* The refcounts count themselves too. */
static Refcounts
allocate_refcounts(Qcow2Writer *qcow2)
{
    guint64 others = qcow2->next / CLUSTER;
    Refcounts counts = {.blocks = 1, .table_clusters = 1};

    for (;;) {
        counts.clusters = others + counts.blocks + counts.table_clusters;

        guint64 blocks = divide_up(counts.clusters, REFCOUNTS);
        guint64 table = divide_up(blocks * sizeof(guint64), CLUSTER);

        if (blocks == counts.blocks && table == counts.table_clusters)
            break;
        counts.blocks = blocks;
        counts.table_clusters = table;
    }
    counts.blocks_offset = allocate(qcow2, counts.blocks);
    counts.table_offset = allocate(qcow2, counts.table_clusters);
    return counts;
}

static gboolean
put_refcounts(Qcow2Writer *qcow2, const Refcounts *counts, GError **error)
{
    g_autofree guint16 *block = g_malloc(CLUSTER);
    g_autofree guint64 *table = g_malloc0(counts->table_clusters * CLUSTER);

    for (guint64 i = 0; i < counts->blocks; i++) {
        guint64 offset = counts->blocks_offset + i * CLUSTER;

        for (guint64 j = 0; j < REFCOUNTS; j++)
            block[j] = GUINT16_TO_BE(i * REFCOUNTS + j < counts->clusters ? 1 : 0);
        if (!put(qcow2, offset, block, CLUSTER, error))
            return FALSE;
        table[i] = GUINT64_TO_BE(offset);
    }
    return put(qcow2, counts->table_offset, table, counts->table_clusters * CLUSTER, error);
}

static gboolean
put_header(Qcow2Writer *qcow2, const Refcounts *counts, GError **error)
{
    guint64 size = divide_up(qcow2->spec.virtual_size, SECTOR) * SECTOR;
    Head head = {0};

    head.header = (VpQcow2Header){
        .magic = GUINT32_TO_BE(VP_QCOW2_MAGIC),
        .version = GUINT32_TO_BE(3),
        .cluster_bits = GUINT32_TO_BE(CLUSTER_BITS),
        .size = GUINT64_TO_BE(size),
        .l1_size = GUINT32_TO_BE(qcow2->l1_size),
        .l1_table_offset = GUINT64_TO_BE(CLUSTER),
        .refcount_table_offset = GUINT64_TO_BE(counts->table_offset),
        .refcount_table_clusters = GUINT32_TO_BE((guint32)counts->table_clusters),
        .refcount_order = GUINT32_TO_BE(4),
        .header_length = GUINT32_TO_BE(sizeof(VpQcow2Header)),
    };

    VpBacking backing = {qcow2->spec.backing, qcow2->spec.backing_format};
    g_autofree guint8 *cluster = g_malloc0(CLUSTER);

    memcpy(cluster, &head, sizeof(head));
    if (backing.name && !vp_container_set_backing(cluster, CLUSTER, &backing,
                                                  vp_arrival_get_final(qcow2->arrival), error))
        return FALSE;
    return put(qcow2, 0, cluster, backing.name ? CLUSTER : sizeof(head), error);
}

static gboolean
put_tables(Qcow2Writer *qcow2, GError **error)
{
    if (!store_l2(qcow2, error))
        return FALSE;

    Refcounts counts = allocate_refcounts(qcow2);

    return put_refcounts(qcow2, &counts, error) &&
           put(qcow2, CLUSTER, qcow2->l1, qcow2->l1_size * sizeof(guint64), error) &&
           put_header(qcow2, &counts, error);
}

static gboolean
qcow2_flush(VpDiskWriter *writer, GError **error)
{
    Qcow2Writer *qcow2 = (Qcow2Writer *)writer;

    if (!put_tables(qcow2, error))
        return FALSE;
    if (fsync(qcow2->fd) == 0)
        return TRUE;
    vp_error_set_errno(error, errno, "%s: cannot write", vp_arrival_get_final(qcow2->arrival));
    return FALSE;
}

static gboolean
qcow2_commit(VpDiskWriter *writer, GError **error)
{
    Qcow2Writer *qcow2 = (Qcow2Writer *)writer;
    const VpImageSpec *spec = &qcow2->spec;

    return vp_arrival_commit_as(qcow2->arrival, spec->uid, spec->gid, spec->mode, error);
}

static void
qcow2_free(VpDiskWriter *writer)
{
    Qcow2Writer *qcow2 = (Qcow2Writer *)writer;

    vp_fd_clear(&qcow2->fd);
    vp_arrival_free(qcow2->arrival);
    g_free(qcow2->l1);
    g_free(qcow2->l2);
    g_free(qcow2);
}

static const VpDiskWriterOps qcow2_ops = {
    .pwrite = qcow2_pwrite,
    .zero = qcow2_zero,
    .flush = qcow2_flush,
    .commit = qcow2_commit,
    .free = qcow2_free,
};

static void
init_tables(Qcow2Writer *qcow2)
{
    guint64 entries = MAX(divide_up(qcow2->spec.virtual_size, L2_COVERS), 1);

    qcow2->l1_size = (guint32)entries;
    qcow2->l1 = g_new0(guint64, entries);
    qcow2->l2 = g_malloc(CLUSTER);
    qcow2->l2_index = NO_TABLE;
    qcow2->next = CLUSTER + divide_up(entries * sizeof(guint64), CLUSTER) * CLUSTER;
    qcow2->written_back = qcow2->next;
}

VpDiskWriter *
vp_qcow2_create(const char *path, const VpImageSpec *spec, GError **error)
{
    if (divide_up(spec->virtual_size, L2_COVERS) > L1_MAX) {
        vp_error_set(error, VP_ERROR_FAILED, "%s: a qcow2 image holds 2 PiB at most", path);
        return NULL;
    }

    g_autoptr(VpArrival) arrival = vp_arrival_new_file(path, 0600, error);

    if (!arrival)
        return NULL;

    vp_autofd int fd = open(vp_arrival_get_temporary(arrival), O_RDWR | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0) {
        vp_error_set_errno(error, errno, "%s: cannot write", path);
        return NULL;
    }

    Qcow2Writer *qcow2 = g_new0(Qcow2Writer, 1);

    qcow2->parent.ops = &qcow2_ops;
    qcow2->parent.starts_zeroed = TRUE;
    qcow2->arrival = g_steal_pointer(&arrival);
    qcow2->parent.temporary = vp_arrival_get_temporary(qcow2->arrival);
    qcow2->spec = *spec;
    qcow2->fd = g_steal_fd(&fd);
    init_tables(qcow2);
    return &qcow2->parent;
}
