/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/live.h"
#include "base/arrival.h"
#include "base/progress.h"
#include "host/scratch.h"
#include "image/copy.h"

#include <errno.h>
#include <glib/gstdio.h>

/* Beside libvirt's own socket, whose name is longer: its path fits an address. */
#define SOCKET_NAME "vp.sock"
#define POLL_MS     100

void
vp_live_add_left(GError **error, GError *left)
{
    g_autoptr(GError) owned = left;
    if (!owned || !error)
        return;
    if (*error)
        vp_error_add_left(error, owned->message);
    else
        vp_error_set(error, VP_ERROR_PARTIAL, "%s", owned->message);
    for (const char *const *fix = vp_error_get_fix(owned); fix && *fix; fix++)
        vp_error_add_fix(error, "%s", *fix);
}

static void
remove_places(VpLive *live, GError **error)
{
    g_autoptr(GError) left = NULL;
    if (!live->folder)
        return;
    if (live->spec.socket && g_unlink(live->spec.socket) < 0 && errno != ENOENT) {
        vp_error_set_errno(&left, errno, "%s is left", live->spec.socket);
        vp_live_add_left(error, g_steal_pointer(&left));
    }
    if (!vp_remove_tree(live->folder, &left)) {
        g_prefix_error(&left, "%s is left: ", live->folder);
        vp_live_add_left(error, g_steal_pointer(&left));
    }
    g_clear_pointer(&live->folder, g_free);
}

/* Files go only once no job writes to them. */
static void
end(VpLive *live, GError **error)
{
    g_autoptr(GError) left = NULL;
    if (live->folder && !vp_backup_end(live->domain, &live->spec, &left)) {
        g_prefix_error(&left, "%s is left: ", live->folder);
        vp_live_add_left(error, g_steal_pointer(&left));
        return;
    }
    remove_places(live, error);
}

void
vp_live_free(VpLive *live)
{
    if (live->domain)
        end(live, NULL);
    vp_virt_domain_free(live->domain);
    vp_backup_spec_clear(&live->spec);
    g_free(live->run_folder);
    g_strfreev(live->candidates);
    g_free(live->folder);
    g_strfreev(live->targets);
    g_free(live->ram_file);
    g_free(live);
}

void
vp_source_end(VpMachine *machine, GError **error)
{
    if (!machine->live)
        return;
    for (guint i = 0; i < machine->disks->len; i++)
        vp_machine_disk_close(machine->disks->pdata[i]);
    end(machine->live, error);
}

static gboolean
make_places(VpLive *live, GError **error)
{
    live->folder = vp_scratch_make((const char *const *)live->candidates, live->run_folder, error);
    if (!live->folder)
        return FALSE;
    g_autofree char *socket = g_build_filename(live->run_folder, SOCKET_NAME, NULL);
    vp_backup_spec_place(&live->spec, live->folder, socket);
    return TRUE;
}

gboolean
vp_live_begin(VpLive *live, GError **error)
{
    if (vp_backup_begin(live->domain, &live->spec, error))
        return TRUE;
    vp_live_explain_stop(live, error);
    return FALSE;
}

/* All that is of one instant is caught here, and the guest's file systems are frozen no
 * longer than that takes. */
static gboolean
catch_moment(VpLive *live, GError **error)
{
    if (live->ram)
        return vp_live_catch_with_ram(live, error);
    if (!live->quiesce)
        return vp_live_begin(live, error);
    if (!vp_virt_domain_freeze(live->domain, error))
        return FALSE;
    gboolean begun = vp_live_begin(live, error);
    g_autoptr(GError) left = NULL;
    if (!vp_virt_domain_thaw(live->domain, &left)) {
        vp_live_add_left(error, g_steal_pointer(&left));
        return FALSE;
    }
    return begun;
}

static gboolean
wait_for_copy(VpLive *live, const VpObserver *observer, GError **error)
{
    guint64 told = 0, done = 0, total = 0;
    vp_backup_get_progress(live->domain, &done, &total);
    g_autoptr(VpMeter) meter = vp_meter_new(observer, "backup", total);
    while (vp_backup_runs(live->domain, &live->spec)) {
        if (!vp_check_cancelled(live->cancellable, error) || !vp_live_check_space(live, error))
            return FALSE;
        vp_backup_get_progress(live->domain, &done, &total);
        vp_meter_advance(meter, done > told ? done - told : 0);
        told = MAX(told, done);
        g_usleep(POLL_MS * 1000);
    }
    if (vp_backup_check_done(live->domain, error))
        return TRUE;
    vp_live_explain(live, error);
    return FALSE;
}

/* Opens the disks of the job, and tells what the job alone knows: how much they hold. */
static gboolean
open_disks(VpLive *live, VpMachine *machine, GError **error)
{
    for (guint i = 0; i < live->spec.disks->len; i++) {
        const VpBackupDisk *disk = live->spec.disks->pdata[i];
        if (!disk->included)
            continue;
        VpMachineDisk *part = vp_machine_find_disk(machine, disk->target);
        part->reader = vp_live_open(live, disk, error);
        if (!part->reader)
            return FALSE;
        part->size = part->reader->size;
        if (!vp_copy_measure(part->reader, live->cancellable, &part->bytes, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
vp_source_begin(VpMachine *machine, const VpObserver *observer, GCancellable *cancellable,
                GError **error)
{
    VpLive *live = machine->live;
    if (!live || !live->candidates)
        return TRUE;
    live->cancellable = cancellable;
    if (!vp_check_cancelled(cancellable, error) ||
        !vp_backup_check_idle(live->domain, &live->spec, error) || !make_places(live, error) ||
        !catch_moment(live, error))
        return FALSE;
    if (live->ram && !vp_live_give_ram(live, machine, error))
        return FALSE;
    gboolean copies = live->spec.mode == VP_BACKUP_PUSH && vp_backup_spec_is_needed(&live->spec);
    if (copies && !wait_for_copy(live, observer, error))
        return FALSE;
    return open_disks(live, machine, error);
}
