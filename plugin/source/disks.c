/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/copy.h"
#include "source/parts.h"

const char *
vp_source_reason_to_leave_out(const VpExportOptions *options, const VpDomainDisk *disk)
{
    if (disk->kind == VP_SOURCE_NONE)
        return "no medium";
    if (options->exclude && g_strv_contains(options->exclude, disk->target))
        return "excluded";
    if (vp_domain_disk_is_removable(disk) && !options->include_media)
        return "removable medium";
    if (options->config_only)
        return "configuration only";
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

/* An image that a running domain writes to again cannot be read. That its bytes are gone is what
 * counts, for shutting the domain off does not bring them back. */
static void
explain(const VpOpening *opening, const VpDomainDisk *disk, GError **error)
{
    g_autoptr(VpLayer) layer =
        opening->active ? vp_source_find_layer(opening, disk, TRUE, NULL) : NULL;
    g_autoptr(GError) lost = NULL;
    if (!layer || vp_source_check_moment(opening, disk, layer, &lost))
        return;
    const char *const *fix = vp_error_get_fix(lost);
    if (!fix || g_strv_contains(fix, VP_TRUST_IMAGES))
        return;
    g_clear_error(error);
    g_propagate_error(error, g_steal_pointer(&lost));
}

/* Opened first: its locks keep writers off from then on, and what was looked at stays. */
static VpDiskReader *
open_moment(const VpOpening *opening, const VpDomainDisk *disk, GError **error)
{
    gboolean internal = vp_source_kind_of_disk(opening, disk) == VP_SNAPSHOT_INTERNAL;
    g_autoptr(VpLayer) layer =
        vp_source_find_layer(opening, disk, internal && opening->active, error);
    gboolean there = layer && (!internal || vp_source_add_proof(opening, layer, error));
    g_autoptr(VpDiskReader) reader =
        there ? vp_image_open(layer, internal ? opening->snapshot->name : NULL, error) : NULL;
    if (layer && !reader)
        vp_source_blame_disk(disk, error);
    if (!reader) {
        explain(opening, disk, error);
        return NULL;
    }
    return vp_source_check_moment(opening, disk, layer, error) ? g_steal_pointer(&reader) : NULL;
}

gboolean
vp_source_open_disk(const VpOpening *opening, const VpDomainDisk *disk, GError **error)
{
    VpDiskReader *reader = open_moment(opening, disk, error);
    if (!reader)
        return FALSE;
    g_autofree char *source = vp_domain_disk_describe(disk);
    VpMachineDisk *part = vp_machine_add_disk(opening->machine, disk->target, source);
    part->reader = reader;
    part->size = reader->size;
    part->format = vp_domain_disk_is_removable(disk) ? VP_IMAGE_FORMAT_RAW : VP_IMAGE_FORMAT_QCOW2;
    return vp_copy_measure(reader, opening->cancellable, &part->bytes, error);
}

/* As which the machine ran, where it did; NULL where it was shut off. */
static xmlDoc *
find_then(const VpOpening *opening)
{
    const VpMachineRam *ram = opening->machine->ram;
    if (opening->snapshot)
        return opening->snapshot->live;
    return ram ? ram->description->domain : NULL;
}

gboolean
vp_source_open_disks(const VpOpening *opening, GError **error)
{
    xmlDoc *then = find_then(opening);
    g_autoptr(GPtrArray) disks =
        then ? vp_source_join_then(opening, then) : vp_domain_disks(opening->machine->domain);
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
        warn_if_shared(opening, disk);
        if (!vp_source_open_disk(opening, disk, error))
            return FALSE;
    }
    return TRUE;
}
