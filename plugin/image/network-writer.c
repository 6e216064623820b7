/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/network.h"
#include "image/qemu-nbd.h"

typedef struct {
    VpDiskWriter parent;
    VpQemuNbd *server; /* NULL once flushed */
} Writer;

static gboolean
network_pwrite(VpDiskWriter *writer, guint64 offset, gconstpointer buffer, gsize length,
               GError **error)
{
    return vp_nbd_pwrite(((Writer *)writer)->server->nbd, offset, buffer, length, error);
}

static gboolean
network_zero(VpDiskWriter *writer, guint64 offset, guint64 length, GError **error)
{
    return vp_nbd_zero(((Writer *)writer)->server->nbd, offset, length, error);
}

static gboolean
network_flush(VpDiskWriter *writer, GError **error)
{
    Writer *network = (Writer *)writer;

    if (!network->server)
        return TRUE;
    if (!vp_nbd_flush(network->server->nbd, error) || !vp_qemu_nbd_finish(network->server, error))
        return FALSE;
    g_clear_pointer(&network->server, vp_qemu_nbd_free);
    return TRUE;
}

static void
network_free(VpDiskWriter *writer)
{
    vp_qemu_nbd_free(((Writer *)writer)->server);
    g_free(writer);
}

static const VpDiskWriterOps ops = {
    .pwrite = network_pwrite,
    .zero = network_zero,
    .flush = network_flush,
    .commit = network_flush,
    .free = network_free,
};

VpDiskWriter *
vp_network_open_new(const xmlNode *source, guint64 size, const char *what, GError **error)
{
    g_autoptr(VpLayer) layer = vp_layer_new_from_xml(source, "raw", error);

    if (!layer)
        return NULL;

    g_autofree char *json = g_strdup_printf("json:{\"driver\":\"raw\",\"file\":%s}", layer->json);
    VpQemuNbd *server = vp_qemu_nbd_start(
        &(VpQemuNbdSpec){.image = json, .takes_leave = TRUE, .what = what}, error);

    if (!server)
        return NULL;
    if (vp_nbd_get_size(server->nbd) != size) {
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: has %" G_GUINT64_FORMAT " bytes, the disk %" G_GUINT64_FORMAT, what,
                     vp_nbd_get_size(server->nbd), size);
        vp_qemu_nbd_free(server);
        return NULL;
    }

    Writer *network = g_new0(Writer, 1);

    network->parent.ops = &ops;
    network->parent.starts_zeroed = TRUE;
    network->server = server;
    return &network->parent;
}
