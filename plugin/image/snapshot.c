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

static gboolean
read_at(int fd, guint64 offset, gpointer buffer, gsize length)
{
    for (gsize done = 0; done < length;) {
        gssize got = pread(fd, (char *)buffer + done, length - done, (off_t)(offset + done));

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return FALSE;
        done += (gsize)got;
    }
    return TRUE;
}

/* Reads the entry at *@offset, with its name (caller frees), and moves *@offset to
 * the next. */
static gboolean
read_entry(int fd, guint64 *offset, guint64 *ret_size, char **ret_name)
{
    Entry entry;
    Extra extra = {0};

    if (!read_at(fd, *offset, &entry, sizeof(entry)))
        return FALSE;

    guint16 id_size = GUINT16_FROM_BE(entry.id_size);
    guint16 name_size = GUINT16_FROM_BE(entry.name_size);
    guint32 extra_size = GUINT32_FROM_BE(entry.extra_size);
    g_autofree char *name = g_malloc0(name_size + 1);

    if (extra_size > EXTRA_MAX ||
        !read_at(fd, *offset + sizeof(entry), &extra, MIN(extra_size, sizeof(extra))) ||
        !read_at(fd, *offset + sizeof(entry) + extra_size + id_size, name, name_size))
        return FALSE;

    guint64 length = sizeof(entry) + extra_size + id_size + name_size;

    *offset += (length + 7) / 8 * 8;
    *ret_size = extra_size >= sizeof(extra) ? GUINT64_FROM_BE(extra.disk_size) : 0;
    *ret_name = g_steal_pointer(&name);
    return TRUE;
}

/* FALSE when the table cannot be read; *@ret_found tells the rest. */
static gboolean
find_entry(int fd, const char *wanted, gboolean *ret_found, guint64 *ret_size)
{
    guint32 count;
    guint64 offset;

    *ret_found = FALSE;
    if (!read_at(fd, NB_SNAPSHOTS_AT, &count, sizeof(count)) ||
        !read_at(fd, SNAPSHOTS_OFFSET_AT, &offset, sizeof(offset)))
        return FALSE;
    count = GUINT32_FROM_BE(count);
    offset = GUINT64_FROM_BE(offset);
    if (count > SNAPSHOTS_MAX)
        return FALSE;
    for (guint32 i = 0; i < count && !*ret_found; i++) {
        g_autofree char *name = NULL;

        if (!read_entry(fd, &offset, ret_size, &name))
            return FALSE;
        *ret_found = g_str_equal(name, wanted);
    }
    return TRUE;
}

gboolean
vp_snapshot_get_disk_size(const char *path, const char *name, guint64 *ret_size, GError **error)
{
    vp_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);
    gboolean found = FALSE;
    guint64 size = 0;

    if (fd < 0) {
        vp_error_set_errno(error, errno, "%s", path);
        return FALSE;
    }
    if (!find_entry(fd, name, &found, &size)) {
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: its table of snapshots cannot be read: "
                     "see qemu-img check",
                     path);
        return FALSE;
    }
    if (!found) {
        vp_error_set(error, VP_ERROR_NOT_FOUND, "%s: no internal snapshot %s", path, name);
        return FALSE;
    }
    *ret_size = size;
    return TRUE;
}
