/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/copy.h"
#include "image/probe.h"
#include "source/parts.h"

#include <string.h>

const char *
vp_source_reason_to_leave_out(const VpExportOptions *options, const VpDomainDisk *disk)
{
    if (disk->kind == VP_SOURCE_NONE)
        return "no medium";
    if (options->exclude && g_strv_contains(options->exclude, disk->target))
        return "excluded";
    if (vp_domain_disk_is_removable(disk) && !options->include_media)
        return "removable medium";
    return NULL;
}

gboolean
vp_source_check_excluded(const VpExportOptions *options, GPtrArray *disks, GError **error)
{
    for (const char *const *target = options->exclude; target && *target; target++) {
        if (vp_domain_disks_find(disks, *target))
            continue;
        g_autoptr(GString) there = g_string_new(NULL);
        for (guint i = 0; i < disks->len; i++) {
            const VpDomainDisk *disk = disks->pdata[i];
            g_string_append_printf(there, "%s%s", i > 0 ? ", " : "", disk->target);
        }
        vp_error_set(error, VP_ERROR_USAGE, "--exclude: the domain has no disk “%s”; it has: %s",
                     *target, there->len > 0 ? there->str : "none");
        return FALSE;
    }
    return TRUE;
}

static void
warn_if_shared(const VpOpening *opening, const VpDomainDisk *disk)
{
    if (!disk->shareable)
        return;
    g_autofree char *resource = g_strdup_printf("disk:%s", disk->target);
    vp_report_add(opening->report, VP_FINDING_UNCHECKED, VP_LEVEL_WARNING, resource,
                  "%s: the disk is shareable: another machine may be writing to it", disk->target);
    vp_report_add_fix(opening->report, "--exclude %s", disk->target);
}

static VpSnapshotKind
kind_in_snapshot(const VpSnapshot *snapshot, const char *target)
{
    const VpSnapshotDisk *disk = vp_snapshot_find_disk(snapshot, target);
    return disk ? disk->kind : VP_SNAPSHOT_NONE;
}

/* The definition of today's domain: where an image of an external snapshot is the one
 * that is written, its bytes are no longer those of the moment. */
static gboolean
check_not_written(const VpOpening *opening, const VpDomainDisk *disk, GError **error)
{
    g_autofree char *xml = vp_virt_domain_get_xml(opening->domain, FALSE, error);
    g_autoptr(xmlDoc) now = xml ? vp_xml_parse(xml, strlen(xml), "domain", error) : NULL;
    if (!now)
        return FALSE;
    g_autoptr(GPtrArray) disks = vp_domain_disks(now);
    for (guint i = 0; i < disks->len; i++) {
        const VpDomainDisk *other = disks->pdata[i];
        if (!disk->path || g_strcmp0(other->path, disk->path) != 0)
            continue;
        vp_error_set(error, VP_ERROR_FAILED,
                     "snapshot %s: disk %s: the domain writes to %s again, its bytes of that "
                     "moment are gone",
                     opening->snapshot->name, disk->target, disk->path);
        vp_error_add_fix(error, "--exclude %s", disk->target);
        return FALSE;
    }
    return TRUE;
}

/* What was put on top by the snapshot must still lie on this image. */
static gboolean
check_overlay(const VpOpening *opening, const VpDomainDisk *disk, GError **error)
{
    const VpSnapshotDisk *entry = vp_snapshot_find_disk(opening->snapshot, disk->target);
    if (!entry->overlay || !g_file_test(entry->overlay, G_FILE_TEST_EXISTS))
        return TRUE;
    g_autoptr(VpImageInfo) info =
        vp_image_probe(entry->overlay, "qcow2", opening->cancellable, error);
    if (!info)
        return FALSE;
    if (g_strcmp0(info->backing, disk->path) == 0)
        return TRUE;
    vp_error_set(error, VP_ERROR_FAILED,
                 "snapshot %s: disk %s: %s no longer lies on %s, its bytes of that moment cannot "
                 "be proved",
                 opening->snapshot->name, disk->target, entry->overlay, disk->path);
    vp_error_add_fix(error, "--exclude %s", disk->target);
    return FALSE;
}

static gboolean
check_moment(const VpOpening *opening, const VpDomainDisk *disk, GError **error)
{
    if (!opening->snapshot)
        return TRUE;
    switch (kind_in_snapshot(opening->snapshot, disk->target)) {
    case VP_SNAPSHOT_INTERNAL:
        return TRUE;
    case VP_SNAPSHOT_EXTERNAL:
        return check_not_written(opening, disk, error) && check_overlay(opening, disk, error);
    case VP_SNAPSHOT_NONE:
    case VP_SNAPSHOT_MANUAL:
        break;
    }
    if (vp_xml_find(disk->node, "readonly"))
        return TRUE;
    vp_error_set(error, VP_ERROR_FAILED,
                 "snapshot %s: disk %s was not part of it: its bytes of that moment were not kept",
                 opening->snapshot->name, disk->target);
    vp_error_add_fix(error, "--exclude %s", disk->target);
    return FALSE;
}

gboolean
vp_source_open_disk(const VpOpening *opening, const VpDomainDisk *disk, GError **error)
{
    if (!check_moment(opening, disk, error))
        return FALSE;
    g_autoptr(VpLayer) layer = vp_source_find_layer(opening, disk, error);
    if (!layer)
        return FALSE;
    gboolean internal = opening->snapshot && kind_in_snapshot(opening->snapshot, disk->target) ==
                                                 VP_SNAPSHOT_INTERNAL;
    VpDiskReader *reader =
        vp_image_open(layer, internal ? opening->snapshot->name : NULL, error);
    if (!reader) {
        g_prefix_error(error, "disk %s: ", disk->target);
        vp_error_add_fix(error, "--exclude %s", disk->target);
        return FALSE;
    }
    g_autofree char *source = vp_domain_disk_describe(disk);
    VpMachineDisk *part = vp_machine_add_disk(opening->machine, disk->target, source);
    part->reader = reader;
    part->size = reader->size;
    part->format =
        vp_domain_disk_is_removable(disk) ? VP_IMAGE_FORMAT_RAW : VP_IMAGE_FORMAT_QCOW2;
    return vp_copy_measure(reader, opening->cancellable, &part->bytes, error);
}

gboolean
vp_source_open_disks(const VpOpening *opening, GError **error)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(opening->machine->domain);
    if (!vp_source_check_excluded(opening->options, disks, error))
        return FALSE;
    for (guint i = 0; i < disks->len; i++) {
        const VpDomainDisk *disk = disks->pdata[i];
        const char *reason = vp_source_reason_to_leave_out(opening->options, disk);
        if (reason) {
            g_autofree char *resource = g_strdup_printf("disk:%s", disk->target);
            vp_machine_leave_out(opening->machine, resource, reason);
            continue;
        }
        if (opening->options->config_only)
            continue;
        warn_if_shared(opening, disk);
        if (!vp_source_open_disk(opening, disk, error))
            return FALSE;
    }
    return TRUE;
}
