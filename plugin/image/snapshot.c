/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/snapshot.h"
#include "base/fd.h"

#include <fcntl.h>

/* Of QEMU's docs/interop/qcow2.txt. */
#define NB_SNAPSHOTS_AT     60
#define SNAPSHOTS_OFFSET_AT 64
#define SNAPSHOTS_MAX       65536
#define EXTRA_MAX           1024 /* bytes: QEMU's own bound */

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

/* FALSE when the table cannot be read; *@ret_found tells the rest. */
static gboolean
find_entry(int fd, const char *wanted, gboolean *ret_found, VpSnapshotEntry *ret_entry)
{
    guint32 count;
    guint64 offset;

    *ret_found = FALSE;
    if (!vp_fd_pread_all(fd, NB_SNAPSHOTS_AT, &count, sizeof(count)) ||
        !vp_fd_pread_all(fd, SNAPSHOTS_OFFSET_AT, &offset, sizeof(offset)))
        return FALSE;
    count = GUINT32_FROM_BE(count);
    offset = GUINT64_FROM_BE(offset);
    if (count > SNAPSHOTS_MAX)
        return FALSE;
    for (guint32 i = 0; i < count && !*ret_found; i++) {
        g_autofree char *name = NULL;

        if (!read_entry(fd, &offset, ret_entry, &name))
            return FALSE;
        *ret_found = g_str_equal(name, wanted);
    }
    return TRUE;
}

gboolean
vp_snapshot_find_entry(int fd, const char *path, const char *name, VpSnapshotEntry *ret_entry,
                       GError **error)
{
    gboolean found = FALSE;

    if (!find_entry(fd, name, &found, ret_entry)) {
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: its table of snapshots cannot be read: see qemu-img check", path);
        return FALSE;
    }
    if (!found)
        vp_error_set(error, VP_ERROR_NOT_FOUND, "%s: no internal snapshot %s", path, name);
    return found;
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
