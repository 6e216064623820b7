/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/snapshot.h"
#include "base/fd.h"

#include <fcntl.h>

/* Of QEMU's docs/interop/qcow2.txt. */
#define NB_SNAPSHOTS_AT     60
#define SNAPSHOTS_OFFSET_AT 64
#define SNAPSHOTS_MAX       65536
#define EXTRA_MAX           1024               /* bytes: QEMU's own bound */
#define TABLE_MAX           (64 * 1024 * 1024) /* bytes: QEMU's own bound */

typedef struct {
    guint64 l1_offset;
    guint32 l1_size;
    guint16 id_size;
    guint16 name_size;
    guint32 date_seconds;
    guint32 date_nanoseconds;
    guint64 vm_clock;
    guint32 vm_state_size;
    guint32 extra_size;
} __attribute__((packed)) Entry;

typedef struct {
    guint64 vm_state_size;
    guint64 disk_size;
} __attribute__((packed)) Extra;

static void
take_entry(const Entry *entry, const Extra *extra, guint32 extra_size, VpSnapshotEntry *ret)
{
    gboolean wide = extra_size >= sizeof(extra->vm_state_size);

    ret->l1_offset = GUINT64_FROM_BE(entry->l1_offset);
    ret->l1_size = GUINT32_FROM_BE(entry->l1_size);
    ret->disk_size = extra_size >= sizeof(*extra) ? GUINT64_FROM_BE(extra->disk_size) : 0;
    ret->taken = (guint64)GUINT32_FROM_BE(entry->date_seconds) * 1000000000 +
                 GUINT32_FROM_BE(entry->date_nanoseconds);
    ret->vm_state_size =
        wide ? GUINT64_FROM_BE(extra->vm_state_size) : GUINT32_FROM_BE(entry->vm_state_size);
}

/* Reads the entry at *@offset, with its name (caller frees), and moves *@offset to
 * the next. */
static gboolean
read_entry(int fd, guint64 *offset, VpSnapshotEntry *ret_entry, char **ret_name)
{
    Entry entry;
    Extra extra = {0};

    if (!vp_fd_pread_all(fd, *offset, &entry, sizeof(entry)))
        return FALSE;

    guint16 id_size = GUINT16_FROM_BE(entry.id_size);
    guint16 name_size = GUINT16_FROM_BE(entry.name_size);
    guint32 extra_size = GUINT32_FROM_BE(entry.extra_size);
    g_autofree char *name = g_malloc0(name_size + 1);

    if (extra_size > EXTRA_MAX ||
        !vp_fd_pread_all(fd, *offset + sizeof(entry), &extra, MIN(extra_size, sizeof(extra))) ||
        !vp_fd_pread_all(fd, *offset + sizeof(entry) + extra_size + id_size, name, name_size))
        return FALSE;

    guint64 length = sizeof(entry) + extra_size + id_size + name_size;

    *offset += (length + 7) / 8 * 8;
    take_entry(&entry, &extra, extra_size, ret_entry);
    *ret_name = g_steal_pointer(&name);
    return TRUE;
}

static void
named_free(gpointer data)
{
    VpSnapshotNamed *named = data;

    g_free(named->name);
    g_free(named);
}

/* NULL when the table cannot be read. */
static GPtrArray *
read_table(int fd)
{
    guint32 count;
    guint64 offset;
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(named_free);

    if (!vp_fd_pread_all(fd, NB_SNAPSHOTS_AT, &count, sizeof(count)) ||
        !vp_fd_pread_all(fd, SNAPSHOTS_OFFSET_AT, &offset, sizeof(offset)))
        return NULL;
    count = GUINT32_FROM_BE(count);
    offset = GUINT64_FROM_BE(offset);

    guint64 end = offset + TABLE_MAX;

    for (guint32 i = 0; i < count; i++) {
        VpSnapshotNamed *named = g_new0(VpSnapshotNamed, 1);

        g_ptr_array_add(list, named);
        if (count > SNAPSHOTS_MAX || offset > end ||
            !read_entry(fd, &offset, &named->entry, &named->name))
            return NULL;
    }
    return g_steal_pointer(&list);
}

GPtrArray *
vp_snapshot_list(int fd, const char *path, GError **error)
{
    GPtrArray *list = read_table(fd);

    if (!list)
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: its table of snapshots cannot be read: see qemu-img check", path);
    return list;
}

gboolean
vp_snapshot_find_entry(int fd, const char *path, const char *name, VpSnapshotEntry *ret_entry,
                       GError **error)
{
    g_autoptr(GPtrArray) list = vp_snapshot_list(fd, path, error);

    if (!list)
        return FALSE;
    const VpSnapshotNamed *found = NULL;

    for (guint i = 0; i < list->len; i++) {
        const VpSnapshotNamed *named = list->pdata[i];

        if (!g_str_equal(named->name, name))
            continue;
        if (found) {
            vp_error_set(error, VP_ERROR_FAILED,
                         "%s: has two internal snapshots %s, of which QEMU knows the first only: "
                         "“qemu-img snapshot -d” removes that",
                         path, name);
            return FALSE;
        }
        found = named;
    }
    if (!found) {
        vp_error_set(error, VP_ERROR_NOT_FOUND, "%s: no internal snapshot %s", path, name);
        return FALSE;
    }
    *ret_entry = found->entry;
    return TRUE;
}

gboolean
vp_snapshot_lookup(const char *path, const char *name, VpSnapshotEntry *ret_entry, GError **error)
{
    vp_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        vp_error_set_errno(error, errno, "%s", path);
        return FALSE;
    }
    return vp_snapshot_find_entry(fd, path, name, ret_entry, error);
}
