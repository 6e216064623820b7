/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/raw.h"
#include "base/arrival.h"
#include "base/fd.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

typedef struct {
    VpDiskReader parent;
    int fd;
} RawReader;

static gboolean
raw_pread(VpDiskReader *reader, guint64 offset, gpointer buffer, gsize length, GError **error)
{
    if (vp_fd_pread_all(((RawReader *)reader)->fd, offset, buffer, length))
        return TRUE;
    if (errno == 0)
        vp_error_set(error, VP_ERROR_DAMAGED,
                     "cannot read the disk image: it became shorter meanwhile");
    else
        vp_error_set_errno(error, errno, "cannot read the disk image");
    return FALSE;
}

static gboolean
raw_extent(VpDiskReader *reader, guint64 offset, VpExtent *ret_extent, GError **error)
{
    RawReader *raw = (RawReader *)reader;
    off_t data = lseek(raw->fd, (off_t)offset, SEEK_DATA);

    /* ENXIO: no data from here on. Anything else: holes are not told apart here. */
    if (data < 0 && errno != ENXIO) {
        *ret_extent = (VpExtent){.length = reader->size - offset};
        return TRUE;
    }

    off_t hole = data < 0 || data > (off_t)offset ? -1 : lseek(raw->fd, (off_t)offset, SEEK_HOLE);
    off_t end = data != (off_t)offset ? data : hole;

    ret_extent->zero = data != (off_t)offset;
    ret_extent->length = end > (off_t)offset ? (guint64)end - offset : reader->size - offset;
    return TRUE;
}

static int
raw_get_file(const VpDiskReader *reader, guint64 *ret_from)
{
    const RawReader *raw = (const RawReader *)reader;
    struct stat st;

    *ret_from = 0;
    return fstat(raw->fd, &st) == 0 && S_ISREG(st.st_mode) ? raw->fd : -1;
}

static void
raw_close(VpDiskReader *reader)
{
    RawReader *raw = (RawReader *)reader;

    vp_fd_clear(&raw->fd);
    g_free(raw);
}

static const VpDiskReaderOps raw_reader_ops = {
    .pread = raw_pread,
    .extent = raw_extent,
    .close = raw_close,
    .get_file = raw_get_file,
};

static guint64
size_of_device(int fd)
{
    off_t end = lseek(fd, 0, SEEK_END);

    return end < 0 ? 0 : (guint64)end;
}

VpDiskReader *
vp_raw_open_fd(int fd, GError **error)
{
    struct stat st;
    vp_autofd int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);

    if (own < 0 || fstat(own, &st) < 0) {
        vp_error_set_errno(error, errno, "cannot open the disk image");
        return NULL;
    }

    RawReader *raw = g_new0(RawReader, 1);

    raw->parent.ops = &raw_reader_ops;
    raw->parent.size = S_ISBLK(st.st_mode) ? size_of_device(own) : (guint64)st.st_size;
    raw->fd = g_steal_fd(&own);
    return &raw->parent;
}

typedef struct {
    VpDiskWriter parent;
    VpArrival *arrival;
    VpImageSpec spec;
    int fd;
} RawWriter;

static const char *
get_path(const RawWriter *raw)
{
    return vp_arrival_get_final(raw->arrival);
}

static gboolean
raw_pwrite(VpDiskWriter *writer, guint64 offset, gconstpointer buffer, gsize length, GError **error)
{
    RawWriter *raw = (RawWriter *)writer;

    if (vp_fd_pwrite_all(raw->fd, offset, buffer, length))
        return TRUE;
    vp_error_set_errno(error, errno, "%s: cannot write", get_path(raw));
    return FALSE;
}

/* The file starts as one hole, and nothing is written twice. */
static gboolean
raw_zero(VpDiskWriter *writer, guint64 offset, guint64 length, GError **error)
{
    return TRUE;
}

static VpDiskReader *
raw_share(VpDiskWriter *writer, int fd)
{
    const RawWriter *raw = (RawWriter *)writer;
    struct stat st;

    if (fstat(fd, &st) < 0 || (guint64)st.st_size != raw->spec.virtual_size ||
        ioctl(raw->fd, FICLONE, fd) < 0)
        return NULL;
    return vp_raw_open_fd(raw->fd, NULL);
}

static gboolean
raw_flush(VpDiskWriter *writer, GError **error)
{
    RawWriter *raw = (RawWriter *)writer;

    if (fsync(raw->fd) == 0)
        return TRUE;
    vp_error_set_errno(error, errno, "%s: cannot write", get_path(raw));
    return FALSE;
}

static gboolean
raw_commit(VpDiskWriter *writer, GError **error)
{
    RawWriter *raw = (RawWriter *)writer;
    const VpImageSpec *spec = &raw->spec;

    return vp_arrival_commit_as(raw->arrival, spec->uid, spec->gid, spec->mode, error);
}

static void
raw_free(VpDiskWriter *writer)
{
    RawWriter *raw = (RawWriter *)writer;

    vp_fd_clear(&raw->fd);
    vp_arrival_free(raw->arrival);
    g_free(raw);
}

static const VpDiskWriterOps raw_writer_ops = {
    .pwrite = raw_pwrite,
    .zero = raw_zero,
    .flush = raw_flush,
    .commit = raw_commit,
    .free = raw_free,
    .share = raw_share,
};

VpDiskWriter *
vp_raw_create(const char *path, const VpImageSpec *spec, GError **error)
{
    g_autoptr(VpArrival) arrival = vp_arrival_new_file(path, 0600, error);

    if (!arrival)
        return NULL;

    vp_autofd int fd = open(vp_arrival_get_temporary(arrival), O_RDWR | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0 || ftruncate(fd, (off_t)spec->virtual_size) < 0) {
        vp_error_set_errno(error, errno, "%s: cannot write", path);
        return NULL;
    }

    RawWriter *raw = g_new0(RawWriter, 1);

    raw->parent.ops = &raw_writer_ops;
    raw->parent.starts_zeroed = TRUE;
    raw->arrival = g_steal_pointer(&arrival);
    raw->parent.temporary = vp_arrival_get_temporary(raw->arrival);
    raw->spec = *spec;
    raw->fd = g_steal_fd(&fd);
    return &raw->parent;
}
