/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Readers of the disks of a running domain, which say why when they fail. */
#include "base/fd.h"
#include "host/files.h"
#include "image/export.h"
#include "image/open.h"
#include "source/live.h"

#include <errno.h>
#include <fcntl.h>

#define LOOK_US  (200 * 1000)
#define STOPS_MS 1000 /* how long libvirt may take to see that QEMU is gone */
#define POLL_MS  50

gboolean
vp_live_check_space(VpLive *live, GError **error)
{
    gint64 now = g_get_monotonic_time();
    guint64 room, filesystem;
    if (live->looked != 0 && now - live->looked < LOOK_US)
        return TRUE;
    live->looked = now;
    if (!vp_space_free(live->folder, &room, &filesystem, NULL) || room >= live->reserve)
        return TRUE;
    vp_error_set(error, VP_ERROR_FAILED,
                 "%s: the file system gets full of what the guest writes meanwhile, and the guest "
                 "would suffer: make room there, or export while it writes less",
                 live->folder);
    return FALSE;
}

static gboolean
has_stopped(const VpLive *live)
{
    vp_virt_domain_reach_again(live->domain);
    for (guint waited = 0; waited < STOPS_MS; waited += POLL_MS) {
        if (!vp_virt_domain_still_runs(live->domain, live->id))
            return TRUE;
        g_usleep(POLL_MS * 1000);
    }
    return FALSE;
}

gboolean
vp_live_explain_stop(VpLive *live, GError **error)
{
    if (!has_stopped(live))
        return FALSE;
    g_clear_error(error);
    vp_error_set(error, VP_ERROR_FAILED,
                 "domain %s stopped while its disks were read through it: export it again",
                 vp_virt_domain_get_name(live->domain));
    return TRUE;
}

void
vp_live_explain(VpLive *live, GError **error)
{
    const char *name = vp_virt_domain_get_name(live->domain);
    if (g_cancellable_is_cancelled(live->cancellable)) {
        g_clear_error(error);
        vp_check_cancelled(live->cancellable, error);
    } else if (vp_live_explain_stop(live, error)) {
        return;
    } else if (live->spec.mode == VP_BACKUP_PULL && !vp_backup_runs(live->domain, &live->spec)) {
        g_clear_error(error);
        vp_error_set(error, VP_ERROR_FAILED,
                     "domain %s: its backup job was ended before all was read: export it again",
                     name);
    }
}

typedef struct {
    VpDiskReader parent;
    VpDiskReader *reader;
    VpLive *live;
} LiveReader;

static gboolean
live_pread(VpDiskReader *reader, guint64 offset, gpointer buffer, gsize length, GError **error)
{
    LiveReader *own = (LiveReader *)reader;
    if (own->live->spec.mode == VP_BACKUP_PULL && !vp_live_check_space(own->live, error))
        return FALSE;
    if (vp_disk_reader_pread(own->reader, offset, buffer, length, error))
        return TRUE;
    vp_live_explain(own->live, error);
    return FALSE;
}

static gboolean
live_extent(VpDiskReader *reader, guint64 offset, VpExtent *ret_extent, GError **error)
{
    LiveReader *own = (LiveReader *)reader;
    if (vp_disk_reader_extent(own->reader, offset, ret_extent, error))
        return TRUE;
    vp_live_explain(own->live, error);
    return FALSE;
}

static void
live_close(VpDiskReader *reader)
{
    vp_disk_reader_close(((LiveReader *)reader)->reader);
    g_free(reader);
}

static const VpDiskReaderOps live_ops = {
    .pread = live_pread,
    .extent = live_extent,
    .close = live_close,
};

static VpDiskReader *
open_copy(const char *path, GError **error)
{
    vp_autofd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0)
        return vp_image_open_fd(fd, VP_IMAGE_FORMAT_RAW, NULL, error);
    vp_error_set_errno(error, errno, "%s", path);
    return NULL;
}

VpDiskReader *
vp_live_open(VpLive *live, const VpBackupDisk *disk, GError **error)
{
    g_autofree char *what = g_strdup_printf("disk %s", disk->target);
    VpDiskReader *inner = live->spec.mode == VP_BACKUP_PULL
                              ? vp_export_open(live->spec.socket, disk->target, what, error)
                              : open_copy(disk->file, error);
    if (!inner) {
        vp_live_explain(live, error);
        return NULL;
    }
    LiveReader *reader = g_new0(LiveReader, 1);
    reader->parent.ops = &live_ops;
    reader->parent.size = inner->size;
    reader->reader = inner;
    reader->live = live;
    return &reader->parent;
}
