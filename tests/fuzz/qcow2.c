/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The smallest image that has all that a reader of ours looks at: QEMU's docs/interop/qcow2.txt. */
#include "fuzz.h"

#include <string.h>

#define CLUSTER_BITS 9
#define CLUSTER      (1u << CLUSTER_BITS)
#define COPIED       (G_GUINT64_CONSTANT(1) << 63)
#define RAM_SIZE     (2 * CLUSTER + 100) /* bytes: the last cluster but one is a hole */

/* What lies in which cluster. */
enum {
    HEADER,
    REFCOUNT_TABLE,
    REFCOUNT_BLOCK,
    L1,
    SNAPSHOTS,
    SNAPSHOT_L1,
    L2,
    RAM,
    TAIL,
    CLUSTERS
};

static void
put16(guint8 *at, guint16 value)
{
    guint16 big = GUINT16_TO_BE(value);
    memcpy(at, &big, sizeof(big));
}

static void
put32(guint8 *at, guint32 value)
{
    guint32 big = GUINT32_TO_BE(value);
    memcpy(at, &big, sizeof(big));
}

static void
put64(guint8 *at, guint64 value)
{
    guint64 big = GUINT64_TO_BE(value);
    memcpy(at, &big, sizeof(big));
}

static void
put_backing(guint8 *image, const char *backing)
{
    put64(image + 8, 256);
    put32(image + 16, (guint32)strlen(backing));
    memcpy(image + 256, backing, strlen(backing));
    put32(image + 104, 0xe2792aca); /* its format */
    put32(image + 108, 5);
    memcpy(image + 112, "qcow2", 5);
}

static void
put_header(guint8 *image, gboolean extended, guint64 disk)
{
    put32(image, 0x514649fb);
    put32(image + 4, 3);
    put32(image + 20, CLUSTER_BITS);
    put64(image + 24, disk);
    put32(image + 36, 1);
    put64(image + 40, L1 * CLUSTER);
    put64(image + 48, REFCOUNT_TABLE * CLUSTER);
    put32(image + 56, 1);
    put32(image + 60, 1);
    put64(image + 64, SNAPSHOTS * CLUSTER);
    put64(image + 72, extended ? 1 << 4 : 0);
    put32(image + 96, 4);
    put32(image + 100, 104);
}

static void
put_snapshot(guint8 *entry, guint64 disk)
{
    put64(entry, SNAPSHOT_L1 * CLUSTER);
    put32(entry + 8, 2);
    put16(entry + 12, 1);
    put16(entry + 14, 2);
    put32(entry + 32, RAM_SIZE);
    put32(entry + 36, 16);
    put64(entry + 40, RAM_SIZE);
    put64(entry + 48, disk);
    memcpy(entry + 56, "1s1", 3);
}

static void
put_l2(guint8 *table, gboolean extended)
{
    gsize step = extended ? 16 : 8;
    put64(table, RAM * CLUSTER | COPIED);
    put64(table + 2 * step, TAIL * CLUSTER | COPIED);
    if (!extended)
        return;
    put64(table + 8, 0x0000fffe00000001);
    put64(table + 2 * step + 8, 0xffffffff);
}

GBytes *
fuzz_qcow2(gboolean extended, const char *backing)
{
    guint64 disk = (guint64)CLUSTER * (CLUSTER / (extended ? 16 : 8)); /* what an L2 table covers */
    guint8 *image = g_malloc0(CLUSTERS * CLUSTER);
    put_header(image, extended, disk);
    if (backing)
        put_backing(image, backing);
    put64(image + REFCOUNT_TABLE * CLUSTER, REFCOUNT_BLOCK * CLUSTER);
    for (guint i = 0; i < CLUSTERS; i++)
        put16(image + REFCOUNT_BLOCK * CLUSTER + 2 * i, 1);
    put_snapshot(image + SNAPSHOTS * CLUSTER, disk);
    put64(image + SNAPSHOT_L1 * CLUSTER + 8, L2 * CLUSTER | COPIED);
    put_l2(image + L2 * CLUSTER, extended);
    memcpy(image + RAM * CLUSTER, "QEVM\0\0\0\3", 8);
    return g_bytes_new_take(image, CLUSTERS * CLUSTER);
}
