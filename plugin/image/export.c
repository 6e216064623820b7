/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/export.h"
#include "base/fd.h"
#include "image/nbd.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

typedef struct {
    VpDiskReader parent;
    VpNbd *nbd;
} ExportReader;

static gboolean
export_pread(VpDiskReader *reader, guint64 offset, gpointer buffer, gsize length, GError **error)
{
    return vp_nbd_pread(((ExportReader *)reader)->nbd, offset, buffer, length, error);
}

static gboolean
export_extent(VpDiskReader *reader, guint64 offset, VpExtent *ret_extent, GError **error)
{
    return vp_nbd_extent(((ExportReader *)reader)->nbd, offset, ret_extent, error);
}

static void
export_close(VpDiskReader *reader)
{
    ExportReader *export = (ExportReader *)reader;

    vp_nbd_shutdown(export->nbd);
    vp_nbd_free(export->nbd);
    g_free(export);
}

static const VpDiskReaderOps export_ops = {
    .pread = export_pread,
    .extent = export_extent,
    .close = export_close,
};

static int
connect_to(const char *path, GError **error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    vp_autofd int line = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (g_strlcpy(address.sun_path, path, sizeof(address.sun_path)) >= sizeof(address.sun_path)) {
        vp_error_set(error, VP_ERROR_FAILED, "%s: too long for the path of a socket", path);
        return -1;
    }
    if (line >= 0 && connect(line, (struct sockaddr *)&address, sizeof(address)) == 0)
        return g_steal_fd(&line);
    vp_error_set_errno(error, errno, "%s: cannot connect", path);
    return -1;
}

VpDiskReader *
vp_export_open(const char *path, const char *name, const char *what, GError **error)
{
    int socket = connect_to(path, error);
    VpNbd *nbd = socket < 0 ? NULL : vp_nbd_new(socket, name, what, error);

    if (!nbd)
        return NULL;

    ExportReader *export = g_new0(ExportReader, 1);

    export->parent.ops = &export_ops;
    export->parent.size = vp_nbd_get_size(nbd);
    export->nbd = nbd;
    return &export->parent;
}
