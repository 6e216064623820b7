/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Readers of images: a qemu-nbd each, but for raw images that come as a descriptor. */
#include "image/open.h"
#include "base/fd.h"
#include "image/lock.h"
#include "image/qemu-nbd.h"
#include "image/raw.h"
#include "image/serve.h"
#include "image/snapshot.h"

#include <sys/socket.h>
#include <sys/stat.h>

/* A descriptor has no name: who opened it adds one. */
#define FD_NAME "the disk image"

typedef struct {
    VpDiskReader parent;
    VpQemuNbd *server;
    VpServe *serve; /* where the tool itself reads from, or NULL */
    int lock;       /* on the bottom layer, or -1 */
} NbdReader;

static gboolean
nbd_reader_pread(VpDiskReader *reader, guint64 offset, gpointer buffer, gsize length,
                 GError **error)
{
    return vp_nbd_pread(((NbdReader *)reader)->server->nbd, offset, buffer, length, error);
}

static gboolean
nbd_reader_extent(VpDiskReader *reader, guint64 offset, VpExtent *ret_extent, GError **error)
{
    return vp_nbd_extent(((NbdReader *)reader)->server->nbd, offset, ret_extent, error);
}

static void
nbd_reader_close(VpDiskReader *reader)
{
    NbdReader *nbd = (NbdReader *)reader;

    vp_qemu_nbd_free(nbd->server);
    vp_serve_free(nbd->serve);
    vp_fd_clear(&nbd->lock);
    g_free(nbd);
}

static const VpDiskReaderOps nbd_reader_ops = {
    .pread = nbd_reader_pread,
    .extent = nbd_reader_extent,
    .close = nbd_reader_close,
};

/* All are taken over; @serve may be NULL, @lock -1. */
static VpDiskReader *
nbd_reader_new(VpQemuNbd *server, VpServe *serve, int lock)
{
    NbdReader *reader = g_new0(NbdReader, 1);

    reader->parent.ops = &nbd_reader_ops;
    reader->parent.size = vp_nbd_get_size(server->nbd);
    reader->server = server;
    reader->serve = serve;
    reader->lock = lock;
    return &reader->parent;
}

/* The disk may have been resized since. */
static gboolean
cut_to_snapshot(VpDiskReader *reader, const char *path, const char *snapshot, GError **error)
{
    VpSnapshotEntry entry;

    if (!vp_snapshot_lookup(path, snapshot, &entry, error))
        return FALSE;
    if (entry.disk_size > reader->size) {
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: the disk was made smaller since the snapshot %s: go back to it in a copy "
                     "(qemu-img snapshot -a) and export that",
                     path, snapshot);
        return FALSE;
    }
    if (entry.disk_size > 0)
        reader->size = entry.disk_size;
    return TRUE;
}

/* Only raw lets others write, and only the bottom of a chain can be raw. */
static gboolean
lock_bottom(const VpLayer *layer, int *ret_lock, GError **error)
{
    while (layer->backing)
        layer = layer->backing;
    if (!layer->path || !g_str_equal(layer->format, "raw"))
        return TRUE;
    return vp_lock_against_writers(layer->path, ret_lock, error);
}

VpDiskReader *
vp_image_open(const VpLayer *layer, const char *snapshot, GError **error)
{
    vp_autofd int lock = -1;

    if (!lock_bottom(layer, &lock, error))
        return NULL;

    g_autofree char *json = vp_layer_format_json(layer);
    VpQemuNbdSpec spec = {
        .image = json,
        .snapshot = snapshot,
        .read_only = TRUE,
        .what = layer->path ? layer->path : layer->json,
        .descriptor = -1,
    };
    VpQemuNbd *server = vp_qemu_nbd_start(&spec, error);

    if (!server)
        return NULL;

    g_autoptr(VpDiskReader) reader = nbd_reader_new(server, NULL, g_steal_fd(&lock));

    if (snapshot && layer->path && !cut_to_snapshot(reader, layer->path, snapshot, error))
        return NULL;
    return g_steal_pointer(&reader);
}

/* The two ends of the connection through which the tool gets the file's bytes. */
static VpServe *
serve_file(int fd, int *ret_tools_end, GError **error)
{
    int ends[2];
    struct stat st;

    if (fstat(fd, &st) < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        vp_error_set_errno(error, errno, "cannot open the disk image");
        return NULL;
    }
    *ret_tools_end = ends[1];
    return vp_serve_start(fd, (guint64)st.st_size, ends[0], error);
}

VpDiskReader *
vp_image_open_fd(int fd, VpImageFormat format, const VpRunAs *run_as, GError **error)
{
    if (format == VP_IMAGE_FORMAT_RAW)
        return vp_raw_open_fd(fd, error);

    vp_autofd int tools_end = -1;
    g_autoptr(VpServe) serve = serve_file(fd, &tools_end, error);
    g_autofree char *json =
        g_strdup_printf("json:{\"driver\":\"qcow2\",\"read-only\":true,\"backing\":null,\"file\":"
                        "{\"driver\":\"nbd\",\"server\":{\"type\":\"fd\",\"str\":\"%d\"}}}",
                        VP_TOOL_IMAGE);
    VpQemuNbdSpec spec = {
        .image = json,
        .read_only = TRUE,
        .what = FD_NAME,
        .descriptor = tools_end,
        .run_as = run_as,
    };
    VpQemuNbd *server = serve ? vp_qemu_nbd_start(&spec, error) : NULL;

    return server ? nbd_reader_new(server, g_steal_pointer(&serve), -1) : NULL;
}
