/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sink/take.h"
#include "base/arrival.h"
#include "base/fd.h"
#include "host/files.h"
#include "image/lock.h"
#include "pack/taken.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

VpPlacing *
vp_sink_link_disk(const VpHostSink *sink, const VpMachineDisk *disk, const VpPlanDisk *entry,
                  GError **error)
{
    const VpPlanLayer *below = entry->chain->pdata[0];
    VpImageSpec spec = {
        .virtual_size = disk->size,
        .backing = below->path,
        .backing_format = disk->format,
        .uid = sink->facts->owner_uid,
        .gid = sink->facts->owner_gid,
        .mode = sink->plan->file_mode,
    };
    g_autoptr(VpPlacing) placing = vp_sink_place(sink, entry, &spec, error);
    if (!placing || !vp_disk_writer_flush(placing->writer, error))
        return NULL;
    return g_steal_pointer(&placing);
}

/* Its tables are what the guest will write to. */
static gboolean
prove_container(const VpHostSink *sink, const VpPlanDisk *entry, GError **error)
{
    vp_autofd int fd = open(entry->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        vp_error_set_errno(error, errno, "%s", entry->path);
        return FALSE;
    }
    return strcmp(entry->format, "qcow2") != 0 ||
           vp_sink_check_tables(sink, fd, entry->path, entry->path, "", error);
}

/* As --owner and --file-mode say, or QEMU's where libvirt would not see to it. */
static gboolean
hand_over(const VpHostSink *sink, const VpPlanDisk *entry, GError **error)
{
    struct stat status;
    if (lstat(entry->path, &status) < 0) {
        vp_error_set_errno(error, errno, "%s", entry->path);
        return FALSE;
    }
    g_autofree char *before =
        g_strdup_printf("%o:%o:%o:%s", (guint)status.st_uid, (guint)status.st_gid,
                        (guint)status.st_mode & 07777, entry->path);
    vp_journal_note(sink->journal, VP_JOURNAL_OWNER, before);
    if (vp_hand_over(entry->path, sink->facts->owner_uid, sink->facts->owner_gid,
                     sink->plan->file_mode, error))
        return TRUE;
    g_prefix_error(error, "%s: ", entry->path);
    return FALSE;
}

/* After the package was taken: who linked it meanwhile is there by now, or finds it taken. */
static gboolean
check_unused(const VpHostFacts *now, const VpPlanDisk *entry, GError **error)
{
    g_autofree char *identity = vp_file_identify(entry->path);
    const VpDomainFact *user = vp_host_facts_find_path(now, entry->path);
    if (!user)
        user = vp_host_facts_find_path(now, identity);
    if (user)
        vp_error_set(error, VP_ERROR_FAILED, "disk %s: domain “%s” has come to use the image %s",
                     entry->target, user->name, entry->path);
    return user == NULL;
}

static gboolean
take_disks(const VpHostSink *sink, GError **error)
{
    g_autoptr(VpHostFacts) now = vp_facts_gather_users(sink->connection, error);
    if (!now)
        return FALSE;
    for (guint i = 0; i < sink->plan->disks->len; i++) {
        const VpPlanDisk *entry = sink->plan->disks->pdata[i];
        vp_autofd int lock = -1;
        if (entry->fate != VP_FATE_TAKE)
            continue;
        if (!vp_lock_against_writers(entry->path, &lock, error) ||
            !check_unused(now, entry, error) || !prove_container(sink, entry, error) ||
            !hand_over(sink, entry, error))
            return FALSE;
        g_ptr_array_add(sink->files, g_strdup(entry->path));
    }
    return TRUE;
}

gboolean
vp_sink_take_package(const VpHostSink *sink, GError **error)
{
    const char *package = sink->facts->package;
    if (sink->plan->mode != VP_MODE_IN_PLACE)
        return TRUE;
    /* First of all: of two who come at once, one gets it. */
    if (!vp_package_take(package, error))
        return FALSE;
    vp_journal_note(sink->journal, VP_JOURNAL_TAKEN, package);
    return take_disks(sink, error);
}

gboolean
vp_sink_check_linked(const VpHostSink *sink, GError **error)
{
    const char *package = sink->facts->package;
    if (sink->plan->mode != VP_MODE_LINK)
        return TRUE;
    vp_autofd int fd = open(package, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0)
        return !vp_package_is_taken(fd, package, error);
    vp_error_set_errno(error, errno, "%s", package);
    return FALSE;
}

static gboolean
is_wanted(const VpHostSink *sink, const VpMachineDisk *disk)
{
    const VpPlanDisk *entry = vp_plan_find_disk(sink->plan, disk->target);
    return vp_plan_disk_is_made(entry) || entry->fate == VP_FATE_TAKE;
}

static gboolean
prove(const VpHostSink *sink, VpMachineDisk *disk, GError **error)
{
    VpCopyResult result;
    VpDiskReader *reader = vp_machine_disk_open(disk, error);
    gboolean read =
        reader && vp_copy_guest_data(reader, NULL, sink->meter, sink->cancellable, &result, error);
    vp_machine_disk_close(disk);
    return read && vp_sink_check_digest(disk, &result, error);
}

gboolean
vp_sink_prove_first(const VpHostSink *sink, GError **error)
{
    if (!sink->plan->verify)
        return TRUE;
    for (guint i = 0; i < sink->machine->disks->len; i++) {
        VpMachineDisk *disk = sink->machine->disks->pdata[i];
        if (is_wanted(sink, disk) && !prove(sink, disk, error)) {
            g_prefix_error(error, "disk %s: ", disk->target);
            return FALSE;
        }
    }
    return TRUE;
}

guint64
vp_sink_host_bytes(const VpMachine *machine, const VpPlan *plan)
{
    guint64 disks = 0;
    guint64 all = vp_machine_bytes(machine) + vp_machine_proof_bytes(machine);
    for (guint i = 0; i < machine->disks->len; i++)
        disks += ((const VpMachineDisk *)machine->disks->pdata[i])->bytes;
    if (plan->mode != VP_MODE_COPY)
        all -= MIN(all, disks);
    return plan->verify ? all + disks : all;
}
