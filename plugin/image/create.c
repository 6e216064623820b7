/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writers of new images. One client writes one request at a time, in order: so
 * the same bytes make the same file.
 */
#include "base/arrival.h"
#include "base/fd.h"
#include "image/qcow2.h"
#include "image/qemu-nbd.h"
#include "image/raw.h"

#include <fcntl.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define CLUSTER (64 * 1024) /* bytes: qemu-img's default, said all the same */

typedef struct {
    VpDiskWriter parent;
    VpArrival *arrival;
    VpImageSpec spec;
    VpQemuNbd *server; /* NULL once flushed */
} Qcow2Writer;

/* Only whole clusters can be compressed: the last one is filled up with zeros. */
static gboolean
write_part(Qcow2Writer *qcow2, guint64 offset, const char *buffer, gsize length, GError **error)
{
    g_autofree char *whole = NULL;

    if (!qcow2->spec.compress || length == CLUSTER)
        return vp_nbd_pwrite(qcow2->server->nbd, offset, buffer, length, error);
    whole = g_malloc0(CLUSTER);
    memcpy(whole, buffer, length);
    return vp_nbd_pwrite(qcow2->server->nbd, offset, whole, CLUSTER, error);
}

static gboolean
qcow2_pwrite(VpDiskWriter *writer, guint64 offset, gconstpointer buffer, gsize length,
             GError **error)
{
    Qcow2Writer *qcow2 = (Qcow2Writer *)writer;
    gsize step = qcow2->spec.compress ? CLUSTER : length;

    /* Several clusters at once would be compressed side by side, and land in the
     * file in any order. */
    for (gsize done = 0; done < length; done += step) {
        if (!write_part(qcow2, offset + done, (const char *)buffer + done, MIN(step, length - done),
                        error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
qcow2_zero(VpDiskWriter *writer, guint64 offset, guint64 length, GError **error)
{
    return vp_nbd_zero(((Qcow2Writer *)writer)->server->nbd, offset, length, error);
}

static gboolean
sync_file(const Qcow2Writer *qcow2, GError **error)
{
    vp_autofd int fd =
        open(vp_arrival_get_temporary(qcow2->arrival), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd >= 0 && fsync(fd) == 0)
        return TRUE;
    vp_error_set_errno(error, errno, "%s: cannot write", vp_arrival_get_final(qcow2->arrival));
    return FALSE;
}

/* The size that the tool needs while it writes. */
static guint64
working_size(const VpImageSpec *spec)
{
    guint64 rest = spec->virtual_size % CLUSTER;

    return spec->compress && rest ? spec->virtual_size + CLUSTER - rest : spec->virtual_size;
}

static gboolean
cut_to_size(const Qcow2Writer *qcow2, GError **error)
{
    g_autofree char *size = g_strdup_printf("%" G_GUINT64_FORMAT, qcow2->spec.virtual_size);
    const char *argv[] = {"qemu-img", "resize", "-q", "--shrink",
                          "-f",       "qcow2",  "--", vp_arrival_get_temporary(qcow2->arrival),
                          size,       NULL};

    if (working_size(&qcow2->spec) == qcow2->spec.virtual_size)
        return TRUE;
    return vp_process_run(argv, g_cancellable_get_current(), NULL, error);
}

/* The tool writes its last tables when it ends: a disk that is full shows there. */
static gboolean
qcow2_flush(VpDiskWriter *writer, GError **error)
{
    Qcow2Writer *qcow2 = (Qcow2Writer *)writer;

    if (!qcow2->server)
        return TRUE;
    if (!vp_nbd_flush(qcow2->server->nbd, error) || !vp_qemu_nbd_finish(qcow2->server, error))
        return FALSE;
    g_clear_pointer(&qcow2->server, vp_qemu_nbd_free);
    return cut_to_size(qcow2, error) && sync_file(qcow2, error);
}

static gboolean
qcow2_commit(VpDiskWriter *writer, GError **error)
{
    Qcow2Writer *qcow2 = (Qcow2Writer *)writer;
    const VpImageSpec *spec = &qcow2->spec;

    return vp_arrival_commit_as(qcow2->arrival, spec->uid, spec->gid, spec->mode, error);
}

static void
qcow2_free(VpDiskWriter *writer)
{
    Qcow2Writer *qcow2 = (Qcow2Writer *)writer;

    vp_qemu_nbd_free(qcow2->server);
    vp_arrival_free(qcow2->arrival);
    g_free(qcow2);
}

static const VpDiskWriterOps qcow2_ops = {
    .pwrite = qcow2_pwrite,
    .zero = qcow2_zero,
    .flush = qcow2_flush,
    .commit = qcow2_commit,
    .free = qcow2_free,
};

static gboolean
create_file(const char *path, const VpImageSpec *spec, GError **error)
{
    g_autofree char *options = g_strdup_printf("compat=1.1,cluster_size=%d,compression_type=%s",
                                               CLUSTER, spec->compress ? "zstd" : "zlib");
    g_autofree char *size = g_strdup_printf("%" G_GUINT64_FORMAT, working_size(spec));
    const char *argv[] = {"qemu-img", "create", "-q", "-f", "qcow2", "-o",
                          options,    "--",     path, size, NULL};

    return vp_process_run(argv, g_cancellable_get_current(), NULL, error);
}

/* "json:{…}" of the new image for writing. */
static char *
format_image(const char *path, gboolean compress)
{
    g_autoptr(JsonNode) file = json_node_new(JSON_NODE_VALUE);

    json_node_set_string(file, path);

    g_autofree char *name = json_to_string(file, FALSE);
    g_autofree char *qcow2 = g_strdup_printf(
        "{\"driver\":\"qcow2\",\"backing\":null,\"discard\":\"unmap\","
        "\"cache\":{\"no-flush\":true},\"file\":{\"driver\":\"file\",\"filename\":%s}}",
        name);

    if (!compress)
        return g_strconcat("json:", qcow2, NULL);
    return g_strdup_printf("json:{\"driver\":\"compress\",\"file\":%s}", qcow2);
}

static VpQemuNbd *
start_server(const char *temporary, const char *path, gboolean compress, GError **error)
{
    g_autofree char *json = format_image(temporary, compress);

    return vp_qemu_nbd_start(&(VpQemuNbdSpec){.image = json, .what = path}, error);
}

static VpDiskWriter *
qcow2_create(const char *path, const VpImageSpec *spec, GError **error)
{
    g_autoptr(VpArrival) arrival = vp_arrival_new_file(path, 0600, error);

    if (!arrival)
        return NULL;

    const char *temporary = vp_arrival_get_temporary(arrival);

    if (!create_file(temporary, spec, error))
        return NULL;

    VpQemuNbd *server = start_server(temporary, path, spec->compress, error);

    if (!server)
        return NULL;

    Qcow2Writer *qcow2 = g_new0(Qcow2Writer, 1);

    qcow2->parent.ops = &qcow2_ops;
    qcow2->parent.starts_zeroed = TRUE;
    qcow2->arrival = g_steal_pointer(&arrival);
    qcow2->parent.temporary = vp_arrival_get_temporary(qcow2->arrival);
    qcow2->spec = *spec;
    qcow2->server = server;
    return &qcow2->parent;
}

VpDiskWriter *
vp_image_create(const char *path, const VpImageSpec *spec, GError **error)
{
    /* The tools run in the root folder. */
    g_autofree char *absolute = g_canonicalize_filename(path, NULL);

    if (spec->format == VP_IMAGE_FORMAT_RAW)
        return vp_raw_create(absolute, spec, error);
    if (!spec->compress)
        return vp_qcow2_create(absolute, spec, error);
    return qcow2_create(absolute, spec, error);
}
