/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sink/ram.h"
#include "base/fd.h"
#include "image/save-image.h"
#include "virt/restore.h"

#include <fcntl.h>
#include <gio/gunixoutputstream.h>

#define CHUNK (1024 * 1024) /* bytes that are moved at once */

static gboolean
write_all(GOutputStream *out, gconstpointer data, gsize length, const char *path, GError **error)
{
    g_autoptr(GError) local = NULL;
    if (g_output_stream_write_all(out, data, length, NULL, NULL, &local))
        return TRUE;
    vp_error_set(error, VP_ERROR_FAILED, "%s: cannot write the RAM: %s", path, local->message);
    return FALSE;
}

static gboolean
copy_stream(const VpHostSink *sink, const VpMachineRam *ram, GOutputStream *out, const char *path,
            GError **error)
{
    g_autoptr(GInputStream) in = ram->open(ram->data, error);
    if (!in)
        return FALSE;
    vp_meter_set_resource(sink->meter, "ram");
    g_autofree char *chunk = g_malloc(CHUNK);
    for (gssize got; (got = g_input_stream_read(in, chunk, CHUNK, NULL, error)) != 0;) {
        if (got < 0 || !vp_check_cancelled(sink->cancellable, error) ||
            !write_all(out, chunk, (gsize)got, path, error))
            return FALSE;
        vp_meter_advance(sink->meter, (guint64)got);
    }
    return TRUE;
}

/* The head is our own: libvirt does not survive every one that a package could bring. */
static GBytes *
format_head(const VpRamImage *image)
{
    const VpRam *description = image->ram->description;
    g_autofree char *xml = vp_xml_format(image->domain);
    return vp_save_image_format_head(xml, description->cookie, description->running);
}

VpArrival *
vp_sink_write_ram(const VpHostSink *sink, const VpRamImage *image, GError **error)
{
    g_autoptr(VpArrival) arrival = vp_arrival_new_file(image->path, 0600, error);
    if (!arrival)
        return NULL;
    const char *path = vp_arrival_get_temporary(arrival);
    vp_journal_note(sink->journal, VP_JOURNAL_FILE, path);
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        vp_error_set_errno(error, errno, "%s", path);
        return NULL;
    }
    g_autoptr(GOutputStream) out = g_unix_output_stream_new(fd, TRUE);
    g_autoptr(GBytes) head = format_head(image);
    gsize length;
    gconstpointer data = g_bytes_get_data(head, &length);
    if (!write_all(out, data, length, path, error) ||
        !copy_stream(sink, image->ram, out, path, error))
        return NULL;
    return g_steal_pointer(&arrival);
}

gboolean
vp_sink_resume(const VpHostSink *sink, const VpArrival *image, GError **error)
{
    const VpPlan *plan = sink->plan;
    gboolean running = sink->machine->ram->description->running;
    if (!vp_check_cancelled(sink->cancellable, error))
        return FALSE;
    vp_journal_note(sink->journal, VP_JOURNAL_RUN, plan->uuid);
    VpRestore restore = {
        .uuid = plan->uuid,
        .path = vp_arrival_get_temporary(image),
        .paused = plan->ram != VP_RAM_START,
    };
    if (!vp_virt_restore(sink->connection, &restore, sink->cancellable, error))
        return FALSE;
    return plan->ram != VP_RAM_SAVED ||
           vp_virt_save(sink->connection, plan->uuid, running, sink->cancellable, error);
}
