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

/* A descriptor has no name: who opened it adds one. */
#define FD_NAME "the disk image"

typedef struct {
    VpDiskReader parent;
    VpQemuNbd *server;
    GPtrArray *serves; /* of VpServe: where the tool itself reads from, or NULL */
    int lock;          /* on the bottom layer, or -1 */
    gboolean plain;    /* the disk is the bottom layer, byte for byte */
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

static int
nbd_reader_get_file(const VpDiskReader *reader, guint64 *ret_from)
{
    const NbdReader *nbd = (const NbdReader *)reader;

    *ret_from = 0;
    return nbd->plain ? nbd->lock : -1;
}

static void
nbd_reader_close(VpDiskReader *reader)
{
    NbdReader *nbd = (NbdReader *)reader;

    vp_qemu_nbd_free(nbd->server);
    g_clear_pointer(&nbd->serves, g_ptr_array_unref);
    vp_fd_clear(&nbd->lock);
    g_free(nbd);
}

static const VpDiskReaderOps nbd_reader_ops = {
    .pread = nbd_reader_pread,
    .extent = nbd_reader_extent,
    .close = nbd_reader_close,
    .get_file = nbd_reader_get_file,
};

/* All are taken over; @serves may be NULL, @lock -1. */
static VpDiskReader *
nbd_reader_new(VpQemuNbd *server, GPtrArray *serves, int lock)
{
    NbdReader *reader = g_new0(NbdReader, 1);

    reader->parent.ops = &nbd_reader_ops;
    reader->parent.size = vp_nbd_get_size(server->nbd);
    reader->server = server;
    reader->serves = serves;
    reader->lock = lock;
    return &reader->parent;
}

/* The disk may have been resized since. */
static gboolean
cut_to_snapshot(VpDiskReader *reader, const VpSnapshotEntry *entry, const char *path,
                const char *snapshot, GError **error)
{
    if (entry->disk_size > reader->size) {
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: the disk was made smaller since the snapshot %s: go back to it in a copy "
                     "(qemu-img snapshot -a) and export that",
                     path, snapshot);
        return FALSE;
    }
    if (entry->disk_size > 0)
        reader->size = entry->disk_size;
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
        .takes_leave = layer->kind == VP_LAYER_NETWORK,
        .what = layer->path ? layer->path : layer->json,
    };
    VpSnapshotEntry entry = {0};
    VpQemuNbd *server = vp_qemu_nbd_start(&spec, error);

    if (!server)
        return NULL;

    g_autoptr(VpDiskReader) reader = nbd_reader_new(server, NULL, g_steal_fd(&lock));

    ((NbdReader *)reader)->plain =
        layer->kind == VP_LAYER_FILE && !layer->backing && g_str_equal(layer->format, "raw");
    if (snapshot && layer->path &&
        (!vp_snapshot_lookup(layer->path, snapshot, &entry, error) ||
         !cut_to_snapshot(reader, &entry, layer->path, snapshot, error)))
        return NULL;
    return g_steal_pointer(&reader);
}

/* The tools' ends of the connections through which a tool gets the bytes of files. */
typedef struct {
    GPtrArray *serves; /* of VpServe */
    GArray *ends;      /* of int */
} Files;

static void
files_clear(Files *files)
{
    for (guint i = 0; i < files->ends->len; i++)
        close(g_array_index(files->ends, int, i));
    g_array_unref(files->ends);
    g_clear_pointer(&files->serves, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Files, files_clear)

/* QEMU looks for the folder of a backing file that the header names even where it is told
 * another: it is told of none. */
static const VpServeBlank backing_in_header = {.offset = 8, .length = 12};

static gboolean
serve_file(Files *files, const VpImageFd *layer, GError **error)
{
    gboolean qcow2 = layer->format == VP_IMAGE_FORMAT_QCOW2;
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        vp_error_set_errno(error, errno, "cannot open the disk image");
        return FALSE;
    }
    g_array_append_val(files->ends, ends[1]);

    VpServe *serve = vp_serve_start(layer->fd, qcow2 ? &backing_in_header : NULL, ends[0], error);

    if (serve)
        g_ptr_array_add(files->serves, serve);
    return serve != NULL;
}

/* Each layer with what lies below it, whatever its header says. */
static char *
format_chain(const VpImageFd *layers, guint n_layers)
{
    g_autofree char *below = g_strdup("null");

    for (guint i = n_layers; i > 0; i--) {
        gboolean qcow2 = layers[i - 1].format == VP_IMAGE_FORMAT_QCOW2;
        g_autofree char *backing = qcow2 ? g_strconcat("\"backing\":", below, ",", NULL) : NULL;
        char *layer =
            g_strdup_printf("{\"driver\":\"%s\",\"read-only\":true,%s\"file\":{\"driver\":\"nbd\","
                            "\"server\":{\"type\":\"fd\",\"str\":\"%u\"}}}",
                            vp_image_format_to_string(layers[i - 1].format), backing ? backing : "",
                            VP_TOOL_IMAGE + i - 1);

        g_free(below);
        below = layer;
    }
    return g_strconcat("json:", below, NULL);
}

static VpDiskReader *
serve_chain(const VpImageFd *layers, guint n_layers, const char *snapshot, const VpRunAs *run_as,
            GError **error)
{
    g_auto(Files) files = {
        .serves = g_ptr_array_new_with_free_func((GDestroyNotify)vp_serve_free),
        .ends = g_array_new(FALSE, FALSE, sizeof(int)),
    };

    for (guint i = 0; i < n_layers; i++) {
        if (!serve_file(&files, &layers[i], error))
            return NULL;
    }

    g_autofree char *json = format_chain(layers, n_layers);
    VpQemuNbdSpec spec = {
        .image = json,
        .snapshot = snapshot,
        .read_only = TRUE,
        .what = FD_NAME,
        .descriptors = (const int *)(gpointer)files.ends->data,
        .n_descriptors = n_layers,
        .run_as = run_as,
    };
    VpQemuNbd *server = vp_qemu_nbd_start(&spec, error);

    return server ? nbd_reader_new(server, g_steal_pointer(&files.serves), -1) : NULL;
}

static void
close_layer(gpointer layer)
{
    vp_fd_clear(&((VpImageFd *)layer)->fd);
}

GArray *
vp_image_chain_new(void)
{
    GArray *layers = g_array_new(FALSE, FALSE, sizeof(VpImageFd));

    g_array_set_clear_func(layers, close_layer);
    return layers;
}

VpDiskReader *
vp_image_open_chain(const VpImageFd *layers, guint n_layers, const char *snapshot,
                    const VpRunAs *run_as, GError **error)
{
    if (n_layers == 1 && layers[0].format == VP_IMAGE_FORMAT_RAW)
        return vp_raw_open_fd(layers[0].fd, error);
    if (n_layers > VP_TOOL_IMAGES_MAX) {
        vp_error_set(error, VP_ERROR_UNSAFE, "the disk image lies on too many others");
        return NULL;
    }

    g_autoptr(VpDiskReader) reader = serve_chain(layers, n_layers, snapshot, run_as, error);
    VpSnapshotEntry entry;

    if (!reader)
        return NULL;
    if (snapshot && (!vp_snapshot_find_entry(layers[0].fd, FD_NAME, snapshot, &entry, error) ||
                     !cut_to_snapshot(reader, &entry, FD_NAME, snapshot, error)))
        return NULL;
    return g_steal_pointer(&reader);
}

VpDiskReader *
vp_image_open_fd(int fd, VpImageFormat format, const VpRunAs *run_as, GError **error)
{
    return vp_image_open_chain(&(VpImageFd){fd, format}, 1, NULL, run_as, error);
}
