/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of a running domain is read, how, and with the help of which folders. */
#include "base/strings.h"
#include "host/scratch.h"
#include "image/copy.h"
#include "image/open.h"
#include "source/live.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* Scratch files hold what the guest overwrites before it was read. */
#define SCRATCH_MAX  (G_GUINT64_CONSTANT(512) << 20)
#define SCRATCH_EACH (G_GUINT64_CONSTANT(1) << 20) /* bytes beside the data, a disk */

static gboolean
is_encrypted(const VpDomainDisk *disk)
{
    return vp_xml_find(disk->node, "encryption") || vp_xml_find(disk->source, "encryption");
}

static const char *
reason_to_refuse(const VpDomainDisk *disk)
{
    if (disk->kind == VP_SOURCE_OTHER)
        return "disks of this type have no backup job";
    if (disk->device == VP_DEVICE_LUN)
        return "the guest writes to a lun past QEMU's backup job";
    if (disk->shareable)
        return "the disk is shareable, and a backup job sees this domain's writes only";
    if (vp_xml_find(disk->node, "transient"))
        return "transient disks have no backup job";
    if (is_encrypted(disk))
        return "the disk is encrypted, and a backup job would read it decrypted";
    return NULL;
}

static gboolean
check_supported(const VpDomainDisk *disk, GError **error)
{
    const char *reason = reason_to_refuse(disk);
    if (!reason)
        return TRUE;
    vp_error_set(error, VP_ERROR_FAILED,
                 "disk %s: it cannot be read while the domain runs: %s: leave it out, or shut the "
                 "domain off",
                 disk->target, reason);
    vp_error_add_fix(error, "--exclude %s", disk->target);
    return FALSE;
}

/* Nobody writes to it: it is read like the disk of a domain that is shut off. */
static gboolean
is_read_only(const VpDomainDisk *disk)
{
    return disk->device == VP_DEVICE_CDROM || vp_xml_find(disk->node, "readonly");
}

static gboolean
names_iothread(const xmlNode *device)
{
    const xmlNode *driver = vp_xml_find(device, "driver");
    g_autofree char *iothread = vp_xml_get(driver, "iothread");
    return iothread || vp_xml_find(driver, "iothreads");
}

static gboolean
any_names_iothread(const xmlNode *devices, const char *kind)
{
    for (xmlNode *node = vp_xml_find(devices, kind); node; node = vp_xml_find_next(node, kind)) {
        if (names_iothread(node))
            return TRUE;
    }
    return FALSE;
}

/* A QEMU before 9 dies of an NBD client that leaves, where a disk has an iothread. The
 * version that libvirt tells is that of the file on disk, not that of the process, which
 * may be older: so with an iothread it is push, whatever the version. */
static VpBackupMode
choose_mode(xmlDoc *live)
{
    const xmlNode *devices = vp_xml_find(xmlDocGetRootElement(live), "devices");
    return any_names_iothread(devices, "disk") || any_names_iothread(devices, "controller")
               ? VP_BACKUP_PUSH
               : VP_BACKUP_PULL;
}

/* What the images below the top one take; G_MAXUINT64 where that cannot be told. */
static guint64
size_below(const VpDomainDisk *disk)
{
    guint64 sum = 0;
    for (xmlNode *layer = vp_xml_find(disk->node, "backingStore"); layer;
         layer = vp_xml_find(layer, "backingStore")) {
        const xmlNode *source = vp_xml_find(layer, "source");
        if (!source)
            break;
        g_autofree char *path = vp_xml_get(source, "file");
        GStatBuf status;
        if (!path || g_stat(path, &status) < 0)
            return G_MAXUINT64;
        sum += (guint64)status.st_blocks * 512;
    }
    return sum;
}

/* Fills in the size, and at most how much of it holds data: the job alone knows. */
static gboolean
estimate(const VpOpening *opening, const VpDomainDisk *disk, VpMachineDisk *part, GError **error)
{
    guint64 top = 0;
    if (!vp_virt_domain_get_disk_size(opening->domain, disk->target, &part->size, &top, error))
        return FALSE;
    guint64 below = size_below(disk);
    part->bytes = below > part->size - MIN(top, part->size) ? part->size : top + below;
    return TRUE;
}

/* Bytes that push mode writes of it, at most: what is compressed in its images is not in the
 * copy. The size of the disk where they cannot be looked at. */
static guint64
size_of_copy(const VpOpening *opening, const VpDomainDisk *disk, guint64 disk_size)
{
    guint64 bytes = 0;
    g_autoptr(VpLayer) layer = vp_source_find_layer(opening, disk, TRUE, NULL);
    g_autoptr(VpDiskReader) reader = layer ? vp_image_open(layer, NULL, NULL) : NULL;
    gboolean measured = reader && vp_copy_measure(reader, opening->cancellable, &bytes, NULL);
    return measured ? bytes : disk_size;
}

static gboolean
plan_disk(const VpOpening *opening, VpLive *live, const VpDomainDisk *disk, GError **error)
{
    const char *reason = vp_source_reason_to_leave_out(opening->options, disk);
    if (reason) {
        g_autofree char *resource = g_strdup_printf("disk:%s", disk->target);
        vp_machine_leave_out(opening->machine, resource, reason);
    }
    if (reason || is_read_only(disk)) {
        vp_backup_spec_add(&live->spec, disk->target, FALSE);
        return reason || vp_source_open_disk(opening, disk, error);
    }
    if (!check_supported(disk, error))
        return FALSE;
    vp_backup_spec_add(&live->spec, disk->target, TRUE);
    g_autofree char *source = vp_domain_disk_describe(disk);
    VpMachineDisk *part = vp_machine_add_disk(opening->machine, disk->target, source);
    part->format = vp_domain_disk_is_removable(disk) ? VP_IMAGE_FORMAT_RAW : VP_IMAGE_FORMAT_QCOW2;
    if (!estimate(opening, disk, part, error))
        return FALSE;
    live->needed +=
        live->spec.mode == VP_BACKUP_PULL ? part->size : size_of_copy(opening, disk, part->size);
    live->needed += SCRATCH_EACH;
    return TRUE;
}

/* The folders of the disks themselves first: QEMU reaches them, and there is room for
 * disks. */
static GStrv
list_folders(GPtrArray *disks, VpScope scope, const char *run_folder)
{
    g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < disks->len; i++) {
        const VpDomainDisk *disk = disks->pdata[i];
        char *folder = disk->kind == VP_SOURCE_FILE && !is_read_only(disk)
                           ? g_path_get_dirname(disk->path)
                           : NULL;
        if (folder && g_ptr_array_find_with_equal_func(folders, folder, g_str_equal, NULL))
            g_clear_pointer(&folder, g_free);
        if (folder)
            g_ptr_array_add(folders, folder);
    }
    g_ptr_array_add(folders, vp_path_images(scope));
    g_ptr_array_add(folders, g_strdup(run_folder));
    g_ptr_array_add(folders, NULL);
    return (GStrv)g_ptr_array_steal(folders, NULL);
}

/* QEMU fails the guest's own writes when the scratch files cannot grow. */
static void
set_needed(VpLive *live)
{
    if (live->spec.mode == VP_BACKUP_PULL)
        live->needed = MIN(live->needed, SCRATCH_MAX);
    live->reserve = MIN(live->needed, SCRATCH_MAX) / 4;
    if (live->spec.mode == VP_BACKUP_PUSH)
        live->needed += live->reserve;
    live->needed += live->ram_bytes;
}

static gboolean
find_places(const VpOpening *opening, VpLive *live, GPtrArray *disks, GError **error)
{
    VpScope scope = vp_source_get_scope(opening);
    live->run_folder = vp_scratch_find_run_folder(scope, live->id,
                                                  vp_virt_domain_get_name(opening->domain), error);
    if (!live->run_folder)
        return FALSE;
    set_needed(live);
    g_auto(GStrv) folders = list_folders(disks, scope, live->run_folder);
    live->candidates = vp_scratch_sort((const char *const *)folders, live->needed, error);
    return live->candidates != NULL;
}

static VpLive *
live_new(const VpOpening *opening, GError **error)
{
    g_autoptr(VpLive) live = g_new0(VpLive, 1);
    vp_backup_spec_init(&live->spec);
    live->domain =
        vp_virt_domain_lookup(opening->connection, vp_virt_domain_get_uuid(opening->domain), error);
    if (!live->domain)
        return NULL;
    live->id = vp_virt_domain_get_id(live->domain);
    live->connection = opening->connection;
    live->quiesce = opening->options->quiesce;
    live->secrets = opening->options->secrets;
    live->ram = opening->options->ram;
    live->spec.mode = choose_mode(opening->live);
    return g_steal_pointer(&live);
}

static gboolean
plan_ram(VpLive *live, GPtrArray *disks, GError **error)
{
    GPtrArray *targets = g_ptr_array_new();
    for (guint i = 0; i < disks->len; i++)
        g_ptr_array_add(targets, g_strdup(((const VpDomainDisk *)disks->pdata[i])->target));
    live->targets = vp_strv_take(targets);
    return vp_virt_domain_get_ram_size(live->domain, &live->ram_bytes, error);
}

gboolean
vp_source_plan_live(const VpOpening *opening, GError **error)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(opening->live);
    if (!vp_source_check_excluded(opening->options, disks, error))
        return FALSE;
    VpLive *live = live_new(opening, error);
    if (!live)
        return FALSE;
    VpMachine *machine = opening->machine;
    machine->live = live;
    machine->live_free = (GDestroyNotify)vp_live_free;
    machine->consistency = live->ram       ? VP_CONSISTENCY_RAM
                           : live->quiesce ? VP_CONSISTENCY_QUIESCED
                                           : VP_CONSISTENCY_CRASH;
    if (live->ram && !plan_ram(live, disks, error))
        return FALSE;
    for (guint i = 0; i < disks->len; i++) {
        if (!plan_disk(opening, live, disks->pdata[i], error))
            return FALSE;
    }
    /* Nothing is frozen where there is no job to begin. */
    gboolean needs_job = vp_backup_spec_is_needed(&live->spec);
    if (live->quiesce && !needs_job)
        machine->consistency = VP_CONSISTENCY_CRASH;
    if ((live->ram || needs_job) && !find_places(opening, live, disks, error))
        return FALSE;
    if (live->ram)
        vp_live_tell_pause(live, opening->report);
    return TRUE;
}

gboolean
vp_source_get_live(const VpMachine *machine, VpLiveReading *ret_reading)
{
    const VpLive *live = machine->live;
    if (!live || !live->candidates)
        return FALSE;
    *ret_reading = (VpLiveReading){
        .mode = vp_backup_mode_to_string(live->spec.mode),
        .scratch = live->candidates[0],
        .needed = live->needed,
        .ram_bytes = live->ram_bytes,
    };
    return TRUE;
}
