/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/header.h"
#include "base/fd.h"
#include "image/qcow2-format.h"
#include "image/snapshot.h"

#include <string.h>
#include <sys/stat.h>

/* QEMU's docs/interop/qcow2.txt; the bounds are those of its block/qcow2.c. */
#define REFCOUNT_TABLE_MAX (8 * 1024 * 1024) /* bytes */
#define REFCOUNT_ORDER_MAX 6
#define SNAPSHOTS_MAX      65536
#define SNAPSHOT_SIZE_MIN  40 /* bytes of a table entry */

/* What the checks look at; the header's numbers in the order of this machine. */
typedef struct {
    int fd;
    const char *what;
    const VpImageExpectation *expected;
    guint64 file_size;
    guint64 cluster; /* bytes */
    VpQcow2Header header;
} Image;

static gboolean
refuse(const Image *image, GError **error, const char *why)
{
    vp_error_set(error, VP_ERROR_UNSAFE, "%s: %s: the image is refused", image->what, why);
    return FALSE;
}

static gboolean
damaged(const Image *image, GError **error, const char *why)
{
    vp_error_set(error, VP_ERROR_DAMAGED, "%s: %s: the package is damaged: export it again",
                 image->what, why);
    return FALSE;
}

static gboolean
read_at(const Image *image, guint64 offset, gpointer buffer, gsize length, GError **error)
{
    if (vp_fd_pread_all(image->fd, offset, buffer, length))
        return TRUE;
    if (errno == 0)
        return damaged(image, error, "the file is too short");
    vp_error_set_errno(error, errno, "%s", image->what);
    return FALSE;
}

/* TRUE when @length bytes at @offset, a cluster's start, lie within the file. */
static gboolean
lies_within(const Image *image, guint64 offset, guint64 length)
{
    return offset % image->cluster == 0 && offset <= image->file_size &&
           length <= image->file_size - offset;
}

static void
to_host_order(VpQcow2Header *header)
{
    header->magic = GUINT32_FROM_BE(header->magic);
    header->version = GUINT32_FROM_BE(header->version);
    header->backing_file_offset = GUINT64_FROM_BE(header->backing_file_offset);
    header->backing_file_size = GUINT32_FROM_BE(header->backing_file_size);
    header->cluster_bits = GUINT32_FROM_BE(header->cluster_bits);
    header->size = GUINT64_FROM_BE(header->size);
    header->crypt_method = GUINT32_FROM_BE(header->crypt_method);
    header->l1_size = GUINT32_FROM_BE(header->l1_size);
    header->l1_table_offset = GUINT64_FROM_BE(header->l1_table_offset);
    header->refcount_table_offset = GUINT64_FROM_BE(header->refcount_table_offset);
    header->refcount_table_clusters = GUINT32_FROM_BE(header->refcount_table_clusters);
    header->nb_snapshots = GUINT32_FROM_BE(header->nb_snapshots);
    header->snapshots_offset = GUINT64_FROM_BE(header->snapshots_offset);
    header->incompatible_features = GUINT64_FROM_BE(header->incompatible_features);
    header->compatible_features = GUINT64_FROM_BE(header->compatible_features);
    header->autoclear_features = GUINT64_FROM_BE(header->autoclear_features);
    header->refcount_order = GUINT32_FROM_BE(header->refcount_order);
    header->header_length = GUINT32_FROM_BE(header->header_length);
}

static gboolean
read_header(Image *image, GError **error)
{
    VpQcow2Header *header = &image->header;

    if (!read_at(image, 0, header, VP_QCOW2_LENGTH_V3, error))
        return FALSE;
    to_host_order(header);
    if (header->magic != VP_QCOW2_MAGIC)
        return damaged(image, error, "it is no qcow2 image");
    if (header->version != 3)
        return refuse(image, error, "a package holds qcow2 images of version 3 only");
    if (header->cluster_bits < VP_QCOW2_CLUSTER_BITS_MIN ||
        header->cluster_bits > VP_QCOW2_CLUSTER_BITS_MAX)
        return refuse(image, error, "its cluster size is out of bounds");
    image->cluster = G_GUINT64_CONSTANT(1) << header->cluster_bits;
    if (header->header_length < VP_QCOW2_LENGTH_V3 || header->header_length % 8 != 0 ||
        header->header_length > image->cluster)
        return refuse(image, error, "the length of its header is out of bounds");
    if (header->header_length > VP_QCOW2_LENGTH_V3)
        return read_at(image, VP_QCOW2_LENGTH_V3, &header->compression_type, 1, error);
    return TRUE;
}

static gboolean
check_features(const Image *image, GError **error)
{
    guint64 features = image->header.incompatible_features;

    if (features & VP_QCOW2_DATA_FILE)
        return refuse(image, error, "it keeps its data in another file");
    if (features & VP_QCOW2_CORRUPT)
        return refuse(image, error, "it is marked corrupt");
    if (features & VP_QCOW2_DIRTY)
        return refuse(image, error, "it is marked dirty, not closed in good order");
    if (features & ~(guint64)(VP_QCOW2_COMPRESSION | VP_QCOW2_EXTENDED_L2))
        return refuse(image, error, "it needs a feature that this version does not know");
    if (image->header.crypt_method != 0)
        return refuse(image, error, "it is encrypted");
    if (image->header.compression_type > 1)
        return refuse(image, error, "it uses an unknown compression");
    if ((image->header.compression_type != 0) != ((features & VP_QCOW2_COMPRESSION) != 0))
        return refuse(image, error, "its compression type and its feature bits disagree");
    if ((features & VP_QCOW2_EXTENDED_L2) && image->header.cluster_bits < 14)
        return refuse(image, error, "its cluster size is out of bounds");
    return TRUE;
}

/* Bytes of the disk that one entry of the L1 table covers. */
static guint64
l1_entry_covers(const Image *image)
{
    gboolean extended = (image->header.incompatible_features & VP_QCOW2_EXTENDED_L2) != 0;

    return image->cluster * (image->cluster / (extended ? 16 : 8));
}

static gboolean
check_sizes(const Image *image, GError **error)
{
    const VpQcow2Header *header = &image->header;
    guint64 covers = l1_entry_covers(image);

    if (header->size != image->expected->virtual_size)
        return damaged(image, error, "its disk has another size than the manifest says");
    if (header->size > G_MAXINT64 - covers)
        return refuse(image, error, "its disk size is out of bounds");
    if ((guint64)header->l1_size * 8 > VP_QCOW2_L1_MAX)
        return refuse(image, error, "its L1 table is out of bounds");
    if (header->l1_size < (header->size + covers - 1) / covers)
        return refuse(image, error, "its L1 table does not cover the disk");
    if (!lies_within(image, header->l1_table_offset, (guint64)header->l1_size * 8))
        return refuse(image, error, "its L1 table lies outside the file");
    return TRUE;
}

static gboolean
check_refcounts(const Image *image, GError **error)
{
    const VpQcow2Header *header = &image->header;
    guint64 length = header->refcount_table_clusters * image->cluster;

    if (header->refcount_order > REFCOUNT_ORDER_MAX)
        return refuse(image, error, "the width of its refcounts is out of bounds");
    if (length == 0 || length > REFCOUNT_TABLE_MAX)
        return refuse(image, error, "its refcount table is out of bounds");
    if (!lies_within(image, header->refcount_table_offset, length))
        return refuse(image, error, "its refcount table lies outside the file");
    return TRUE;
}

static gboolean
check_entry(const Image *image, const VpSnapshotNamed *named, GHashTable *expected, GError **error)
{
    const VpSnapshotEntry *entry = &named->entry;

    if (!g_hash_table_remove(expected, named->name))
        return refuse(image, error,
                      "it holds internal snapshots, which the manifest does not name");
    if (entry->disk_size > image->header.size)
        return refuse(image, error, "a snapshot is larger than its disk");
    if ((guint64)entry->l1_size * 8 > VP_QCOW2_L1_MAX ||
        !lies_within(image, entry->l1_offset, (guint64)entry->l1_size * 8))
        return refuse(image, error, "the L1 table of a snapshot lies outside the file");
    return TRUE;
}

static GHashTable *
expected_names(const Image *image)
{
    const GPtrArray *names = image->expected->snapshots;
    GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; names && i < names->len; i++)
        g_hash_table_add(set, names->pdata[i]);
    return set;
}

/* No more, no less and none twice. */
static gboolean
check_snapshots(const Image *image, GError **error)
{
    g_autoptr(GHashTable) expected = expected_names(image);
    const VpQcow2Header *header = &image->header;

    if (header->nb_snapshots > SNAPSHOTS_MAX)
        return refuse(image, error, "it holds too many internal snapshots");
    if (header->nb_snapshots > 0 && !lies_within(image, header->snapshots_offset,
                                                 (guint64)header->nb_snapshots * SNAPSHOT_SIZE_MIN))
        return refuse(image, error, "its table of snapshots lies outside the file");

    g_autoptr(GPtrArray) list = vp_snapshot_list(image->fd, image->what, NULL);

    if (!list)
        return refuse(image, error, "its table of snapshots cannot be read");
    for (guint i = 0; i < list->len; i++) {
        if (!check_entry(image, list->pdata[i], expected, error))
            return FALSE;
    }
    if (g_hash_table_size(expected) > 0)
        return damaged(image, error, "it lacks an internal snapshot that the manifest names");
    return TRUE;
}

static gboolean
check_backing(const Image *image, GError **error)
{
    const VpQcow2Header *header = &image->header;
    const char *expected = image->expected->backing;
    char name[VP_QCOW2_BACKING_NAME_MAX + 1] = "";

    if (header->backing_file_offset == 0 && header->backing_file_size == 0 && !expected)
        return TRUE;
    if (!expected)
        return refuse(image, error, "it names a backing file, which the manifest does not");
    if (header->backing_file_offset == 0)
        return damaged(image, error, "it lacks the backing file that the manifest names");
    if (header->backing_file_size > VP_QCOW2_BACKING_NAME_MAX ||
        header->backing_file_offset > image->cluster - header->backing_file_size)
        return refuse(image, error, "the name of its backing file is out of bounds");
    if (!read_at(image, header->backing_file_offset, name, header->backing_file_size, error))
        return FALSE;
    if (strlen(name) != header->backing_file_size || strcmp(name, expected) != 0)
        return refuse(image, error, "it names another backing file than the manifest");
    return TRUE;
}

static gboolean
check_extension(const Image *image, guint32 type, GError **error)
{
    switch (type) {
    case VP_QCOW2_EXTENSION_DATA_FILE:
        return refuse(image, error, "it names an external data file");
    case VP_QCOW2_EXTENSION_ENCRYPTION:
        return refuse(image, error, "it is encrypted");
    case VP_QCOW2_EXTENSION_BITMAPS:
        return refuse(image, error, "it holds bitmaps, which a package has no use for");
    case VP_QCOW2_EXTENSION_BACKING:
        return image->expected->backing ||
               refuse(image, error, "it names the format of a backing file that it has not");
    default:
        return TRUE;
    }
}

/* Extensions follow the header, within the first cluster and before the name of
 * the backing file; each is padded to 8 bytes. */
static gboolean
check_extensions(const Image *image, GError **error)
{
    guint64 offset = image->header.header_length;
    guint64 end =
        image->header.backing_file_offset ? image->header.backing_file_offset : image->cluster;
    guint32 extension[2]; /* type, length */

    while (offset + sizeof(extension) <= end) {
        if (!read_at(image, offset, extension, sizeof(extension), error))
            return FALSE;

        guint32 type = GUINT32_FROM_BE(extension[0]);
        guint64 length = GUINT32_FROM_BE(extension[1]);

        if (type == VP_QCOW2_EXTENSION_END)
            return TRUE;
        offset += sizeof(extension);
        if (length > end - offset)
            return refuse(image, error, "an extension of its header is out of bounds");
        if (!check_extension(image, type, error))
            return FALSE;
        offset += (length + 7) / 8 * 8;
    }
    return TRUE;
}

static gboolean
check_qcow2(Image *image, GError **error)
{
    return read_header(image, error) && check_features(image, error) && check_sizes(image, error) &&
           check_refcounts(image, error) && check_snapshots(image, error) &&
           check_backing(image, error) && check_extensions(image, error);
}

gboolean
vp_header_check(int fd, const VpImageExpectation *expected, const char *what, GError **error)
{
    Image image = {.fd = fd, .what = what, .expected = expected};
    struct stat st;

    if (fstat(fd, &st) < 0) {
        vp_error_set_errno(error, errno, "%s", what);
        return FALSE;
    }
    image.file_size = (guint64)st.st_size;
    if (expected->format == VP_IMAGE_FORMAT_QCOW2)
        return check_qcow2(&image, error);
    if (image.file_size != expected->virtual_size)
        return damaged(&image, error, "its disk has another size than the manifest says");
    return TRUE;
}
