/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/open.h"
#include "sink/sink.h"

#include <sys/stat.h>

/* An image that is used as it lies is the importer's own: its header may be believed. */
static void
find_chain(VpPlanDisk *disk, VpReport *report)
{
    struct stat status;
    if (!disk->path)
        return; /* a volume on the network lies on nothing */
    if (stat(disk->path, &status) < 0)
        return; /* what is missing is found later */
    disk->is_block = S_ISBLK(status.st_mode);
    g_autoptr(VpLayer) layer = disk->is_block ? vp_layer_new_block(disk->path, disk->format)
                                              : vp_layer_new_file(disk->path, disk->format);
    g_autoptr(GError) local = NULL;
    if (!vp_layer_resolve(layer, NULL, NULL, &local)) {
        g_autofree char *resource = g_strdup_printf("disk:%s", disk->target);
        vp_report_add(report, VP_FINDING_SOURCE_MISSING, VP_LEVEL_ERROR, resource,
                      "%s: the image cannot be used: %s", disk->target, local->message);
        vp_report_add_fix(report, "--disk %s=PATH,format=F", disk->target);
        return;
    }
    for (const VpLayer *below = layer->backing; below; below = below->backing)
        vp_plan_disk_add_layer(disk, below->path, below->format, below->kind == VP_LAYER_BLOCK);
}

void
vp_plan_find_chains(VpPlan *plan, VpReport *report)
{
    for (guint i = 0; i < plan->disks->len; i++) {
        VpPlanDisk *disk = plan->disks->pdata[i];
        if (disk->fate == VP_FATE_USE)
            find_chain(disk, report);
    }
}
