/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The RAM of a running domain: written while the domain stands still, so that it is of the
 * very instant of the disks, into a save image beside the scratch files. */
#include "base/fd.h"
#include "source/live.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>

#define PROBE (16 * 1024 * 1024) /* bytes written to see how fast that goes */

/* A file that is gone when it is closed; -1 where there cannot be one. A network file system may
 * have none without a name. */
static int
open_probe(const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (fd >= 0)
        return fd;
    g_autofree char *path = g_build_filename(folder, ".vp-scratch-XXXXXX", NULL);
    fd = g_mkstemp_full(path, O_WRONLY | O_CLOEXEC, 0600);
    if (fd >= 0)
        g_unlink(path);
    return fd;
}

/* Seconds that @bytes take there, from writing a few; 0 where that cannot be tried. */
static guint
estimate_pause(const char *folder, guint64 bytes)
{
    vp_autofd int fd = open_probe(folder);
    g_autofree char *data = g_malloc(PROBE);
    memset(data, 0x55, PROBE);
    gint64 begin = g_get_monotonic_time();
    gboolean written = fd >= 0 && write(fd, data, PROBE) == PROBE && fdatasync(fd) == 0;
    gint64 took = g_get_monotonic_time() - begin;
    return written ? (guint)(bytes / PROBE * (guint64)took / G_USEC_PER_SEC) + 1 : 0;
}

void
vp_live_tell_pause(const VpLive *live, VpReport *report)
{
    g_autofree char *size = g_format_size_full(live->ram_bytes, G_FORMAT_SIZE_IEC_UNITS);
    guint seconds = estimate_pause(live->candidates[0], live->ram_bytes);
    g_autofree char *about = seconds > 0 ? g_strdup_printf("about %u s", seconds)
                                         : g_strdup("for a time that cannot be estimated");
    vp_report_add(report, VP_FINDING_DOMAIN_PAUSED, VP_LEVEL_NOTE, "ram",
                  "domain %s stands still while up to %s of RAM are written: %s",
                  vp_virt_domain_get_name(live->domain), size, about);
}

/* QEMU writes the RAM of a domain that does not run on but once. */
static gboolean
advise(const VpLive *live, GError *why, GError **error)
{
    if (!g_error_matches(why, VP_ERROR, VP_ERROR_FAILED)) {
        g_propagate_error(error, why);
        return FALSE;
    }
    vp_error_set(error, VP_ERROR_FAILED, "%s: %sexport without --ram", why->message,
                 live->was_running ? "" : "let it run on first (virsh resume), or ");
    g_error_free(why);
    return FALSE;
}

static gboolean
write_ram(VpLive *live, GError **error)
{
    g_autofree char *path = g_build_filename(live->folder, "ram.save", NULL);
    GError *why = NULL;
    if (!vp_virt_domain_save_ram(live->domain, (const char *const *)live->targets, path,
                                 live->cancellable, &why))
        return advise(live, why, error);
    live->ram_file = g_steal_pointer(&path);
    return TRUE;
}

static gboolean
catch_standing(VpLive *live, GError **error)
{
    return write_ram(live, error) &&
           (!vp_backup_spec_is_needed(&live->spec) || vp_live_begin(live, error));
}

gboolean
vp_live_catch_with_ram(VpLive *live, GError **error)
{
    if (!vp_virt_domain_suspend(live->domain, &live->was_running, error))
        return FALSE;
    gboolean caught = catch_standing(live, error);
    g_autoptr(GError) left = NULL;
    if (!live->was_running || vp_virt_domain_resume(live->domain, &left))
        return caught;
    vp_live_add_left(error, g_steal_pointer(&left));
    return FALSE;
}

gboolean
vp_live_give_ram(const VpLive *live, VpMachine *machine, GError **error)
{
    if (!vp_source_take_save_image(live->connection, machine, live->ram_file, live->secrets, error))
        return FALSE;
    /* The image was written of a domain that stood still. */
    machine->ram->description->running = live->was_running;
    return TRUE;
}
