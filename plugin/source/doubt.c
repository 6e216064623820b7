/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What becomes of an image that does not hold the moment any more, or perhaps does not. */
#include "source/parts.h"

gboolean
vp_source_refuse_image(const VpOpening *opening, const VpDomainDisk *disk, const char *path,
                       const char *why, GError **error)
{
    vp_error_set(error, VP_ERROR_FAILED, "snapshot %s: disk %s: %s: %s", opening->snapshot->name,
                 disk->target, path, why);
    vp_error_add_fix(error, "--exclude %s", disk->target);
    return FALSE;
}

void
vp_source_warn_of_image(const VpOpening *opening, const VpDomainDisk *disk, const char *path,
                        const char *why)
{
    g_autofree char *resource = g_strdup_printf("disk:%s", disk->target);
    vp_report_add(opening->report, VP_FINDING_UNCHECKED, VP_LEVEL_WARNING, resource,
                  "snapshot %s: %s: %s", opening->snapshot->name, path, why);
}

gboolean
vp_source_doubt_image(const VpOpening *opening, const VpDomainDisk *disk, const char *path,
                      const char *why, GError **error)
{
    if (opening->options->trust_images) {
        vp_source_warn_of_image(opening, disk, path, why);
        return TRUE;
    }
    vp_source_refuse_image(opening, disk, path, why, error);
    vp_error_add_fix(error, VP_TRUST_IMAGES);
    return FALSE;
}

gboolean
vp_source_doubt_place(const VpOpening *opening, const VpDomainDisk *disk, const char *path,
                      const char *why, GError **error)
{
    return opening->options->all_snapshots ? vp_source_refuse_image(opening, disk, path, why, error)
                                           : vp_source_doubt_image(opening, disk, path, why, error);
}
