/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/arrival.h"
#include "base/fd.h"
#include "host/files.h"
#include "host/paths.h"
#include "sink/grants.h"
#include "sink/place.h"
#include "sink/ram.h"
#include "sink/take.h"
#include "sink/tree.h"
#include "sink/sink.h"
#include "virt/define.h"
#include "virt/storage.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* Of a folder just made, and not before: one that somebody else made meanwhile is not ours to
 * remove. With just this mode, whatever the caller's umask: swtpm must get through. */
static gboolean
settle_folder(const VpHostSink *sink, VpJournalKind kind, const char *path, mode_t mode,
              GError **error)
{
    vp_journal_note(sink->journal, kind, path);
    if (g_chmod(path, mode) == 0)
        return vp_sync_folder_of(path, error);
    vp_error_set_errno(error, errno, "%s", path);
    return FALSE;
}

gboolean
vp_sink_make_folders_above(const VpHostSink *sink, const char *path, mode_t mode, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    if (g_file_test(folder, G_FILE_TEST_EXISTS))
        return TRUE;
    if (!vp_sink_make_folders_above(sink, folder, mode, error))
        return FALSE;
    if (g_mkdir(folder, mode) == 0)
        return settle_folder(sink, VP_JOURNAL_FOLDER, folder, mode, error);
    /* Of several imports at once one makes it. */
    if (errno == EEXIST)
        return TRUE;
    vp_error_set_errno(error, errno, "%s", folder);
    return FALSE;
}

/* Copies a disk beside its place; it gets its name with all the others. */
static VpPlacing *
copy_disk(const VpHostSink *sink, VpMachineDisk *disk, const VpPlanDisk *entry, GError **error)
{
    VpImageSpec spec = {
        .virtual_size = disk->size,
        .uid = sink->facts->owner_uid,
        .gid = sink->facts->owner_gid,
        .mode = sink->plan->file_mode,
    };
    VpDiskReader *reader = vp_machine_disk_open(disk, error);
    if (!reader)
        return NULL;
    VpPlacing *placing = vp_sink_place(sink, entry, &spec, error);
    VpCopyResult result;
    gboolean copied = placing &&
                      vp_copy_guest_data(reader, placing->writer, sink->meter, sink->cancellable,
                                         &result, error) &&
                      vp_sink_check_digest(disk, &result, error) &&
                      vp_disk_writer_flush(placing->writer, error);
    vp_machine_disk_close(disk);
    if (placing && !copied)
        g_clear_pointer(&placing, vp_placing_free);
    return placing;
}

/* Copied as the file that it is, with the others of the tree. */
static gboolean
is_kept(const VpHostSink *sink, const char *target)
{
    return sink->machine->tree && vp_tree_find_now(sink->machine->tree, target);
}

static gboolean
copy_disks(const VpHostSink *sink, gboolean devices, GPtrArray *placings, GError **error)
{
    for (guint i = 0; i < sink->plan->disks->len; i++) {
        const VpPlanDisk *entry = sink->plan->disks->pdata[i];
        if (!vp_plan_disk_is_made(entry) || is_kept(sink, entry->target) ||
            entry->is_block != devices)
            continue;
        g_autofree char *resource = g_strdup_printf("disk:%s", entry->target);
        vp_meter_set_resource(sink->meter, resource);
        VpMachineDisk *disk = vp_machine_find_disk(sink->machine, entry->target);
        VpPlacing *placing = entry->fate == VP_FATE_LINK
                                 ? vp_sink_link_disk(sink, disk, entry, error)
                                 : copy_disk(sink, disk, entry, error);
        if (!placing) {
            g_prefix_error(error, "disk %s: ", entry->target);
            return FALSE;
        }
        g_ptr_array_add(placings, placing);
        g_ptr_array_add(sink->files, vp_sink_name_place(entry));
    }
    return TRUE;
}

static gboolean
commit_disks(const VpHostSink *sink, GPtrArray *placings, GError **error)
{
    for (guint i = 0; i < placings->len; i++) {
        const VpPlacing *placing = placings->pdata[i];
        if (!vp_disk_writer_commit(placing->writer, error))
            return FALSE;
        /* After, and not before: a file that came to lie there meanwhile, and made the
         * commit fail, is not ours to remove. */
        if (placing->file)
            vp_journal_note(sink->journal, VP_JOURNAL_FILE, placing->file);
    }
    return TRUE;
}

static gboolean
write_file(const VpHostSink *sink, const char *path, GBytes *data, uid_t uid, gid_t gid,
           GError **error)
{
    g_autoptr(VpArrival) arrival = vp_arrival_new_file(path, 0600, error);
    if (!arrival)
        return FALSE;
    vp_journal_note(sink->journal, VP_JOURNAL_FILE, vp_arrival_get_temporary(arrival));
    gsize length;
    gconstpointer bytes = g_bytes_get_data(data, &length);
    return vp_arrival_fill(arrival, bytes, length, error) &&
           vp_arrival_commit_as(arrival, uid, gid, 0600, error);
}

static gboolean
place_nvram(const VpHostSink *sink, GError **error)
{
    const char *path = sink->plan->nvram_path;
    if (!path || !sink->machine->nvram || sink->plan->nvram != VP_STATE_KEEP)
        return TRUE;
    gboolean theirs = sink->facts->has_qemu_user && sink->facts->privileged;
    uid_t uid = theirs ? sink->facts->qemu_uid : (uid_t)-1;
    gid_t gid = theirs ? sink->facts->qemu_gid : (gid_t)-1;
    if (!vp_sink_make_folders_above(sink, path, 0711, error) ||
        !write_file(sink, path, sink->machine->nvram, uid, gid, error))
        return FALSE;
    vp_journal_note(sink->journal, VP_JOURNAL_FILE, path);
    g_ptr_array_add(sink->files, g_strdup(path));
    return TRUE;
}

/* swtpm's user owns all below the folder of the UUID; that itself stays root's. */
static gboolean
write_tpm_file(const VpHostSink *sink, const VpMachineFile *file, uid_t uid, gid_t gid,
               GError **error)
{
    g_autofree char *path = g_build_filename(sink->plan->tpm_path, file->name, NULL);
    g_autofree char *parent = g_path_get_dirname(path);
    if (!g_file_test(parent, G_FILE_TEST_EXISTS)) {
        if (g_mkdir_with_parents(parent, 0700) < 0 || lchown(parent, uid, gid) < 0) {
            vp_error_set_errno(error, errno, "%s", parent);
            return FALSE;
        }
        if (!vp_sync_folder_of(parent, error))
            return FALSE;
    }
    return write_file(sink, path, file->data, uid, gid, error);
}

static gboolean
place_tpm(const VpHostSink *sink, GError **error)
{
    const char *path = sink->plan->tpm_path;
    GPtrArray *files = sink->machine->tpm;
    if (!path || files->len == 0 || sink->plan->tpm != VP_STATE_KEEP)
        return TRUE;
    uid_t uid;
    gid_t gid;
    VpScope scope = sink->plan->session ? VP_SCOPE_SESSION : VP_SCOPE_SYSTEM;
    if (!vp_path_tpm_owner(scope, &uid, &gid, error) ||
        !vp_sink_make_folders_above(sink, path, 0711, error))
        return FALSE;
    if (g_mkdir(path, 0711) < 0) {
        vp_error_set_errno(error, errno, "%s", path);
        return FALSE;
    }
    if (!settle_folder(sink, VP_JOURNAL_TREE, path, 0711, error))
        return FALSE;
    for (guint i = 0; i < files->len; i++) {
        if (!write_tpm_file(sink, files->pdata[i], uid, gid, error))
            return FALSE;
    }
    g_ptr_array_add(sink->files, g_strdup(path));
    return TRUE;
}

/* libvirt takes a definition of the same name and UUID for a new one of the domain that is there:
 * of imports that look at once whether both are free, one does it after the other. */
static int
lock_definitions(const VpHostSink *sink)
{
    g_autofree char *folder =
        vp_path_runs(sink->plan->session ? VP_SCOPE_SESSION : VP_SCOPE_SYSTEM);
    return vp_folder_lock(folder);
}

static gboolean
define(const VpHostSink *sink, GError **error)
{
    if (!vp_check_cancelled(sink->cancellable, error))
        return FALSE;
    vp_autofd int lock = lock_definitions(sink);
    g_autofree char *xml = vp_xml_format(sink->domain);
    if (!vp_virt_define(sink->connection, xml, sink->plan->name, sink->plan->uuid, error))
        return FALSE;
    /* After: where defining fails because somebody else took the UUID meanwhile, the
     * domain of that UUID is not ours to undefine. */
    vp_journal_note(sink->journal, VP_JOURNAL_DOMAIN, sink->plan->uuid);
    return !sink->plan->autostart ||
           vp_virt_set_autostart(sink->connection, sink->plan->uuid, error);
}

static gboolean
write_ram(const VpHostSink *sink, VpArrival **ret_image, GError **error)
{
    VpRamImage image = {sink->machine->ram, sink->ram, sink->plan->ram_path};
    if (!sink->ram)
        return TRUE;
    if (vp_sink_make_folders_above(sink, sink->plan->ram_path, 0755, error))
        *ret_image = vp_sink_write_ram(sink, &image, error);
    return *ret_image != NULL;
}

static void
refresh_pools(const VpHostSink *sink)
{
    for (guint i = 0; i < sink->files->len; i++) {
        g_autofree char *folder = g_path_get_dirname(sink->files->pdata[i]);
        vp_pool_refresh_folder(sink->connection, folder);
    }
}

gboolean
vp_sink_host(const VpHostSink *sink, GError **error)
{
    g_autoptr(GPtrArray) placings = g_ptr_array_new_with_free_func((GDestroyNotify)vp_placing_free);
    g_autoptr(VpArrival) image = NULL;
    /* Devices last: what can fail fails while what they hold is still there. */
    if (!vp_sink_prove_first(sink, error) || !copy_disks(sink, FALSE, placings, error) ||
        !vp_sink_copy_images(sink, placings, error) || !copy_disks(sink, TRUE, placings, error) ||
        !vp_sink_take_package(sink, error) || !write_ram(sink, &image, error) ||
        !commit_disks(sink, placings, error) || !vp_sink_prove_images(sink, error))
        return FALSE;
    vp_sink_date_images(sink);
    if (!vp_sink_place_saves(sink, error) || !place_nvram(sink, error) || !place_tpm(sink, error) ||
        !vp_sink_place_grants(sink, error) || !define(sink, error) ||
        !vp_sink_check_linked(sink, error) || !vp_sink_redefine(sink, error) ||
        (image && !vp_sink_resume(sink, image, error)))
        return FALSE;
    vp_sink_clear_grants(sink);
    refresh_pools(sink);
    return TRUE;
}
