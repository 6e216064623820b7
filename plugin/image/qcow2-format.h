/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What stands at the start of a qcow2 file, as QEMU's docs/interop/qcow2.txt has it. The bounds are
 * those of QEMU's block/qcow2.c.
 */
#pragma once

#include <glib.h>

#define VP_QCOW2_MAGIC            0x514649fbu /* "QFI\xfb" */
#define VP_QCOW2_LENGTH_V2        72          /* bytes of a header of version 2 */
#define VP_QCOW2_LENGTH_V3        104         /* and the least of one of version 3 */
#define VP_QCOW2_CLUSTER_BITS_MIN 9
#define VP_QCOW2_CLUSTER_BITS_MAX 21
#define VP_QCOW2_L1_MAX           (32 * 1024 * 1024) /* bytes */
#define VP_QCOW2_BACKING_NAME_MAX 1023

/* Incompatible features: who does not know one must not open the file. */
#define VP_QCOW2_DIRTY       G_GUINT64_CONSTANT(0x01)
#define VP_QCOW2_CORRUPT     G_GUINT64_CONSTANT(0x02)
#define VP_QCOW2_DATA_FILE   G_GUINT64_CONSTANT(0x04)
#define VP_QCOW2_COMPRESSION G_GUINT64_CONSTANT(0x08)
#define VP_QCOW2_EXTENDED_L2 G_GUINT64_CONSTANT(0x10)

/* Header extensions, which follow the header: type and length, 32 bits each, then the data. */
#define VP_QCOW2_EXTENSION_END        0
#define VP_QCOW2_EXTENSION_BACKING    0xe2792acau
#define VP_QCOW2_EXTENSION_DATA_FILE  0x44415441u
#define VP_QCOW2_EXTENSION_ENCRYPTION 0x0537be77u
#define VP_QCOW2_EXTENSION_BITMAPS    0x23852875u

/* All numbers are big endian in the file. What lies behind snapshots_offset is of version 3. */
typedef struct {
    guint32 magic;
    guint32 version;
    guint64 backing_file_offset;
    guint32 backing_file_size;
    guint32 cluster_bits;
    guint64 size;
    guint32 crypt_method;
    guint32 l1_size;
    guint64 l1_table_offset;
    guint64 refcount_table_offset;
    guint32 refcount_table_clusters;
    guint32 nb_snapshots;
    guint64 snapshots_offset;
    guint64 incompatible_features;
    guint64 compatible_features;
    guint64 autoclear_features;
    guint32 refcount_order;
    guint32 header_length;
    guint8 compression_type; /* from here on only where header_length says so */
    guint8 padding[7];
} __attribute__((packed)) VpQcow2Header;

/* No gap between the numbers. */
G_STATIC_ASSERT(G_STRUCT_OFFSET(VpQcow2Header, incompatible_features) == VP_QCOW2_LENGTH_V2);
G_STATIC_ASSERT(G_STRUCT_OFFSET(VpQcow2Header, compression_type) == VP_QCOW2_LENGTH_V3);
