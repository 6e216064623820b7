/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/vmstate.h"
#include "base/fd.h"
#include "image/qcow2-format.h"
#include "image/snapshot.h"

#include <fcntl.h>
#include <string.h>

/* QEMU's docs/interop/qcow2.txt; the bounds are those of its block/qcow2.c. */
#define L1_ENTRIES_MAX   (VP_QCOW2_L1_MAX / sizeof(guint64))
#define VM_STATE_MAX     (G_GUINT64_CONSTANT(1) << 44) /* bytes: 16 TiB of RAM */
#define OFFSET_MASK      G_GUINT64_CONSTANT(0x00fffffffffffe00)
#define ENTRY_COMPRESSED (G_GUINT64_CONSTANT(1) << 62)
#define ENTRY_ZERO       G_GUINT64_CONSTANT(1)
#define SUBCLUSTERS      32
#define STREAM_MAGIC     "QEVM"

struct _Vmstate {
    GInputStream parent;
    int fd;
    char *path;
    guint cluster_bits;
    gboolean extended; /* L2 entries of 16 bytes, with a bitmap of subclusters */
    guint64 *l1;       /* in the order of this machine */
    guint32 l1_size;   /* entries */
    guint64 *l2;       /* the table read last, one cluster */
    guint64 l2_offset; /* of it in the file, 0 for none */
    guint64 start;     /* guest offset of the stream */
    guint64 size;      /* bytes of the stream */
    guint64 position;  /* in the stream */
};

#define TYPE_VMSTATE (vmstate_get_type())
G_DECLARE_FINAL_TYPE(Vmstate, vmstate, IMAGE, VMSTATE, GInputStream)
G_DEFINE_TYPE(Vmstate, vmstate, G_TYPE_INPUT_STREAM)

static gboolean
set_damaged(const Vmstate *state, GError **error)
{
    vp_error_set(error, VP_ERROR_FAILED,
                 "%s: the RAM of the snapshot cannot be read: see qemu-img check", state->path);
    return FALSE;
}

/* A stretch of the stream within one cluster, or subcluster, of the image. */
typedef struct {
    guint64 offset; /* in the file; 0: zeros */
    guint64 length; /* bytes until its end */
} Stretch;

static gboolean
load_l2(Vmstate *state, guint64 offset, GError **error)
{
    gsize cluster = (gsize)1 << state->cluster_bits;
    if (state->l2_offset == offset)
        return TRUE;
    state->l2_offset = 0;
    if (offset & (cluster - 1) || !vp_fd_pread_all(state->fd, offset, state->l2, cluster))
        return set_damaged(state, error);
    state->l2_offset = offset;
    return TRUE;
}

/* An extended entry says of each of 32 subclusters whether it is allocated, or zero. */
static gboolean
find_subcluster(Vmstate *state, guint64 index, guint64 within, Stretch *ret, GError **error)
{
    guint64 entry = GUINT64_FROM_BE(state->l2[2 * index]);
    guint64 bitmap = GUINT64_FROM_BE(state->l2[2 * index + 1]);
    guint64 size = (G_GUINT64_CONSTANT(1) << state->cluster_bits) / SUBCLUSTERS;
    guint number = (guint)(within / size);
    gboolean allocated = bitmap >> number & 1;
    if (entry & ENTRY_COMPRESSED)
        return set_damaged(state, error);
    ret->length = size - within % size;
    ret->offset = allocated && entry & OFFSET_MASK ? (entry & OFFSET_MASK) + within : 0;
    return TRUE;
}

static gboolean
find_cluster(Vmstate *state, guint64 index, guint64 within, Stretch *ret, GError **error)
{
    guint64 entry = GUINT64_FROM_BE(state->l2[index]);
    if (entry & ENTRY_COMPRESSED)
        return set_damaged(state, error);
    ret->length = (G_GUINT64_CONSTANT(1) << state->cluster_bits) - within;
    ret->offset = entry & ENTRY_ZERO || !(entry & OFFSET_MASK) ? 0 : (entry & OFFSET_MASK) + within;
    return TRUE;
}

/* Where the byte at @guest, an offset behind the disk, lies. */
static gboolean
find_stretch(Vmstate *state, guint64 guest, Stretch *ret, GError **error)
{
    guint l2_bits = state->cluster_bits - (state->extended ? 4 : 3);
    guint64 within = guest & ((G_GUINT64_CONSTANT(1) << state->cluster_bits) - 1);
    guint64 l1_index = guest >> (state->cluster_bits + l2_bits);
    guint64 l2_index = guest >> state->cluster_bits & ((G_GUINT64_CONSTANT(1) << l2_bits) - 1);
    if (l1_index >= state->l1_size)
        return set_damaged(state, error);
    guint64 table = state->l1[l1_index] & OFFSET_MASK;
    if (table == 0) {
        *ret = (Stretch){0, (G_GUINT64_CONSTANT(1) << state->cluster_bits) - within};
        return TRUE;
    }
    if (!load_l2(state, table, error))
        return FALSE;
    return state->extended ? find_subcluster(state, l2_index, within, ret, error)
                           : find_cluster(state, l2_index, within, ret, error);
}

static gssize
vmstate_read(GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable,
             GError **error)
{
    Vmstate *state = IMAGE_VMSTATE(stream);
    Stretch stretch;
    guint64 left = state->size - state->position;
    if (left == 0 || count == 0)
        return 0;
    if (!find_stretch(state, state->start + state->position, &stretch, error))
        return -1;
    gsize length = MIN(MIN(stretch.length, left), count);
    if (stretch.offset == 0) {
        memset(buffer, 0, length);
    } else if (!vp_fd_pread_all(state->fd, stretch.offset, buffer, length)) {
        set_damaged(state, error);
        return -1;
    }
    state->position += length;
    return (gssize)length;
}

static void
vmstate_finalize(GObject *object)
{
    Vmstate *state = IMAGE_VMSTATE(object);
    vp_fd_clear(&state->fd);
    g_free(state->path);
    g_free(state->l1);
    g_free(state->l2);
    G_OBJECT_CLASS(vmstate_parent_class)->finalize(object);
}

static void
vmstate_class_init(VmstateClass *class)
{
    G_OBJECT_CLASS(class)->finalize = vmstate_finalize;
    G_INPUT_STREAM_CLASS(class)->read_fn = vmstate_read;
}

static void
vmstate_init(Vmstate *state)
{
    state->fd = -1;
}

static gboolean
read_header(Vmstate *state, guint64 *ret_disk_size, GError **error)
{
    VpQcow2Header header;
    if (!vp_fd_pread_all(state->fd, 0, &header, sizeof(header)) ||
        GUINT32_FROM_BE(header.magic) != VP_QCOW2_MAGIC)
        return set_damaged(state, error);
    guint64 features =
        GUINT32_FROM_BE(header.version) >= 3 ? GUINT64_FROM_BE(header.incompatible_features) : 0;
    state->cluster_bits = GUINT32_FROM_BE(header.cluster_bits);
    state->extended = (features & VP_QCOW2_EXTENDED_L2) != 0;
    *ret_disk_size = GUINT64_FROM_BE(header.size);
    if (state->cluster_bits < VP_QCOW2_CLUSTER_BITS_MIN ||
        state->cluster_bits > VP_QCOW2_CLUSTER_BITS_MAX || features & VP_QCOW2_DATA_FILE ||
        header.crypt_method != 0)
        return set_damaged(state, error);
    return TRUE;
}

static gboolean
read_l1(Vmstate *state, const VpSnapshotEntry *entry, GError **error)
{
    if (entry->l1_size > L1_ENTRIES_MAX || entry->vm_state_size > VM_STATE_MAX)
        return set_damaged(state, error);
    state->l1_size = entry->l1_size;
    state->l1 = g_new(guint64, MAX(entry->l1_size, 1));
    state->l2 = g_malloc((gsize)1 << state->cluster_bits);
    if (!vp_fd_pread_all(state->fd, entry->l1_offset, state->l1, entry->l1_size * sizeof(guint64)))
        return set_damaged(state, error);
    for (guint32 i = 0; i < state->l1_size; i++)
        state->l1[i] = GUINT64_FROM_BE(state->l1[i]);
    return TRUE;
}

/* The state begins where the next L2 table behind the disk would. */
static gboolean
locate(Vmstate *state, guint64 disk_size, guint64 vm_state_size, GError **error)
{
    guint l2_bits = state->cluster_bits - (state->extended ? 4 : 3);
    guint64 reach = G_GUINT64_CONSTANT(1) << (state->cluster_bits + l2_bits);
    if (disk_size > G_MAXINT64 - reach - vm_state_size)
        return set_damaged(state, error);
    state->start = (disk_size + reach - 1) / reach * reach;
    state->size = vm_state_size;
    return TRUE;
}

static gboolean
check_stream(Vmstate *state, GError **error)
{
    char magic[4];
    gssize got = vmstate_read(G_INPUT_STREAM(state), magic, sizeof(magic), NULL, error);
    state->position = 0;
    if (got < 0)
        return FALSE;
    if (got == sizeof(magic) && memcmp(magic, STREAM_MAGIC, sizeof(magic)) == 0)
        return TRUE;
    return set_damaged(state, error);
}

static gboolean
open_snapshot(Vmstate *state, const char *name, GError **error)
{
    VpSnapshotEntry entry;
    guint64 disk_size;
    if (!read_header(state, &disk_size, error) ||
        !vp_snapshot_find_entry(state->fd, state->path, name, &entry, error))
        return FALSE;
    if (entry.vm_state_size == 0) {
        vp_error_set(error, VP_ERROR_NOT_FOUND, "%s: the snapshot %s has no RAM in it", state->path,
                     name);
        return FALSE;
    }
    /* The image may have been resized since. */
    if (entry.disk_size != 0)
        disk_size = entry.disk_size;
    return read_l1(state, &entry, error) && locate(state, disk_size, entry.vm_state_size, error) &&
           check_stream(state, error);
}

GInputStream *
vp_vmstate_open(const char *path, const char *name, guint64 *ret_size, GError **error)
{
    g_autoptr(Vmstate) state = g_object_new(TYPE_VMSTATE, NULL);
    state->path = g_strdup(path);
    state->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (state->fd < 0) {
        vp_error_set_errno(error, errno, "%s", path);
        return NULL;
    }
    if (!open_snapshot(state, name, error))
        return NULL;
    *ret_size = state->size;
    return G_INPUT_STREAM(g_steal_pointer(&state));
}
