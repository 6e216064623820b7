/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/network.h"
#include "source/parts.h"
#include "virt/storage.h"

#include <string.h>

static VpLayer *
volume_layer(const VpOpening *opening, const VpDomainDisk *disk, GError **error)
{
    gboolean block = FALSE;
    g_autofree char *path =
        vp_volume_get_path(opening->connection, disk->pool, disk->volume, &block, error);
    if (!path)
        return NULL;
    return block ? vp_layer_new_block(path, disk->format) : vp_layer_new_file(path, disk->format);
}

static VpLayer *
network_layer(const VpDomainDisk *disk, GError **error)
{
    if (!vp_xml_find(disk->node, "auth"))
        return vp_layer_new_from_xml(disk->source, disk->format, error);
    vp_error_set(error, VP_ERROR_FAILED, "reading this network disk takes a secret");
    return NULL;
}

VpLayer *
vp_source_find_top(const VpOpening *opening, const VpDomainDisk *disk, GError **error)
{
    switch (disk->kind) {
    case VP_SOURCE_FILE:
        return vp_layer_new_file(disk->path, disk->format);
    case VP_SOURCE_BLOCK:
        return vp_layer_new_block(disk->path, disk->format);
    case VP_SOURCE_VOLUME:
        return volume_layer(opening, disk, error);
    case VP_SOURCE_NETWORK:
        return network_layer(disk, error);
    case VP_SOURCE_NONE:
    case VP_SOURCE_OTHER:
        break;
    }
    vp_error_set(error, VP_ERROR_FAILED, "disks of type %s are not read", disk->type);
    return NULL;
}

void
vp_source_blame_disk(const VpDomainDisk *disk, GError **error)
{
    g_prefix_error(error, "disk %s: ", disk->target);
    if (error && *error && !vp_error_get_fix(*error))
        vp_error_add_fix(error, "--exclude %s", disk->target);
}

VpLayer *
vp_source_find_layer(const VpOpening *opening, const VpDomainDisk *disk, gboolean shared,
                     GError **error)
{
    g_autoptr(VpLayer) layer = vp_source_find_top(opening, disk, error);
    if (layer)
        layer->shared = shared;
    if (layer && vp_layer_resolve(layer, opening->cancellable, error))
        return g_steal_pointer(&layer);
    vp_source_blame_disk(disk, error);
    return NULL;
}
