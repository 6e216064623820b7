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

static VpLayer *
new_below(const xmlNode *node, const xmlNode *source, GError **error)
{
    g_autofree char *format = vp_xml_get(vp_xml_find(node, "format"), "type");
    g_autofree char *file = vp_xml_get(source, "file");
    g_autofree char *device = vp_xml_get(source, "dev");
    if (!format)
        format = g_strdup("raw");
    if (vp_xml_has(node, "type", "file") && file)
        return vp_layer_new_file(file, format);
    if (vp_xml_has(node, "type", "block") && device)
        return vp_layer_new_block(device, format);
    if (vp_xml_has(node, "type", "network"))
        return vp_layer_new_from_xml(source, format, error);
    vp_error_set(error, VP_ERROR_FAILED, "its definition names a <backingStore> that is not read");
    return NULL;
}

/* Where the definition says what lies below an image, the guest gets that, whatever the image's
 * header says. What a snapshot's says may have been committed or pulled since, and the headers
 * know; but where nothing lay below then, nothing does. */
static gboolean
add_below(VpLayer *layer, const xmlNode *node, gboolean today, GError **error)
{
    while ((node = vp_xml_find(node, "backingStore"))) {
        const xmlNode *source = vp_xml_find(node, "source");
        layer->ends = !source;
        if (!source || !today)
            return TRUE;
        layer->backing = new_below(node, source, error);
        if (!layer->backing)
            return FALSE;
        layer = layer->backing;
    }
    return TRUE;
}

static gboolean
check_whole(const VpDomainDisk *disk, GError **error)
{
    if (!vp_xml_find(disk->source, "slices"))
        return TRUE;
    vp_error_set(error, VP_ERROR_FAILED,
                 "it is a part of its file (<slices>), which is read of a running domain only");
    return FALSE;
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
    g_autoptr(VpLayer) layer =
        check_whole(disk, error) ? vp_source_find_top(opening, disk, error) : NULL;
    if (layer)
        layer->shared = shared;
    gboolean today = !opening->snapshot || disk->node->doc == opening->today;
    if (layer && add_below(layer, disk->node, today, error) &&
        vp_layer_resolve(layer, opening->known, opening->cancellable, error))
        return g_steal_pointer(&layer);
    vp_source_blame_disk(disk, error);
    return NULL;
}
