/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/device.h"
#include "base/fd.h"
#include "image/lock.h"

#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#define ZEROS (1024 * 1024) /* bytes written at once where the device can do no better */

typedef struct {
    VpDiskWriter parent;
    char *path;
    guint64 size; /* of the disk */
    guint64 room; /* of the device */
    int fd;
} Device;

static gboolean
set_error(const Device *device, GError **error)
{
    vp_error_set_errno(error, errno, "%s: cannot write", device->path);
    return FALSE;
}

static gboolean
device_pwrite(VpDiskWriter *writer, guint64 offset, gconstpointer buffer, gsize length,
              GError **error)
{
    const Device *device = (Device *)writer;

    return vp_fd_pwrite_all(device->fd, offset, buffer, length) || set_error(device, error);
}

static gboolean
write_zeros(VpDiskWriter *writer, guint64 offset, guint64 length, GError **error)
{
    g_autofree char *zeros = g_malloc0(ZEROS);

    for (guint64 done = 0; done < length;) {
        gsize step = (gsize)MIN(ZEROS, length - done);

        if (!device_pwrite(writer, offset + done, zeros, step, error))
            return FALSE;
        done += step;
    }
    return TRUE;
}

/* A device that can discards what reads as zeros then; one that can write zeros by itself is
 * asked to. Neither leaves old data. */
static gboolean
device_zero(VpDiskWriter *writer, guint64 offset, guint64 length, GError **error)
{
    const Device *device = (Device *)writer;
    static const int ways[] = {FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                               FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE};

    for (gsize i = 0; length > 0 && i < G_N_ELEMENTS(ways); i++) {
        if (fallocate(device->fd, ways[i], (off_t)offset, (off_t)length) == 0)
            return TRUE;
        if (errno == ENOSPC || errno == EIO)
            return set_error(device, error);
    }
    return write_zeros(writer, offset, length, error);
}

static gboolean
device_flush(VpDiskWriter *writer, GError **error)
{
    const Device *device = (Device *)writer;

    if (!device_zero(writer, device->size, device->room - device->size, error))
        return FALSE;
    return fsync(device->fd) == 0 || set_error(device, error);
}

static gboolean
device_commit(VpDiskWriter *writer, GError **error)
{
    vp_fd_clear(&((Device *)writer)->fd);
    return TRUE;
}

static void
device_free(VpDiskWriter *writer)
{
    Device *device = (Device *)writer;

    vp_fd_clear(&device->fd);
    g_free(device->path);
    g_free(device);
}

static const VpDiskWriterOps ops = {
    .pwrite = device_pwrite,
    .zero = device_zero,
    .flush = device_flush,
    .commit = device_commit,
    .free = device_free,
};

/* -1 with errno set for what is no block device, too. */
static int
open_device(const char *path, int flags, guint64 *ret_room)
{
    vp_autofd int fd = open(path, flags | O_CLOEXEC);
    struct stat status;

    if (fd < 0 || fstat(fd, &status) < 0)
        return -1;
    if (!S_ISBLK(status.st_mode)) {
        errno = ENOTBLK;
        return -1;
    }
    return ioctl(fd, BLKGETSIZE64, ret_room) < 0 ? -1 : g_steal_fd(&fd);
}

VpDiskWriter *
vp_device_open(const char *path, guint64 size, GError **error)
{
    guint64 room = 0;
    vp_autofd int fd = open_device(path, O_WRONLY | O_EXCL, &room);

    if (fd < 0) {
        vp_error_set_errno(error, errno, "%s: cannot be overwritten", path);
        return NULL;
    }
    if (room < size) {
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: has %" G_GUINT64_FORMAT " bytes, the disk %" G_GUINT64_FORMAT, path, room,
                     size);
        return NULL;
    }

    Device *device = g_new0(Device, 1);

    device->parent.ops = &ops;
    device->path = g_strdup(path);
    device->size = size;
    device->room = room;
    device->fd = g_steal_fd(&fd);
    return &device->parent;
}

gboolean
vp_device_look(const char *path, VpDeviceState *ret_state)
{
    guint64 room = 0;
    int read_only = 0;
    vp_autofd int fd = open_device(path, O_RDONLY | O_EXCL, &room);
    vp_autofd int lock = -1;
    gboolean busy = fd < 0 && errno == EBUSY;

    if (busy)
        fd = open_device(path, O_RDONLY, &room);
    if (fd < 0 || ioctl(fd, BLKROGET, &read_only) < 0)
        return FALSE;
    *ret_state = (VpDeviceState){
        .size = room,
        .busy = busy || !vp_lock_against_writers(path, &lock, NULL),
        .read_only = read_only != 0,
    };
    return TRUE;
}
