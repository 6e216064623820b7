/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/image.h"
#include "base/fd.h"
#include "image/header.h"

/* The name that its header has for what it lies on; NULL for nothing. */
static char *
backing_name(const VpManifest *manifest, const VpImage *image)
{
    const VpImage *below = image->backing ? vp_manifest_find_image(manifest, image->backing) : NULL;
    return below ? g_path_get_basename(below->member) : NULL;
}

int
vp_source_open_image(const VpPackage *package, const VpImage *image, GError **error)
{
    const VpManifest *manifest = vp_package_get_manifest(package);
    g_autofree char *backing = backing_name(manifest, image);
    g_autoptr(GPtrArray) snapshots = vp_manifest_find_snapshots(manifest, image->id);
    VpImageExpectation expected = {
        .format = image->format,
        .virtual_size = image->virtual_size,
        .backing = backing,
        .snapshots = snapshots,
    };
    vp_autofd int fd = vp_package_open_member(package, image->member, image->file_size, error);
    if (fd < 0 || !vp_header_check(fd, &expected, image->member, error))
        return -1;
    return g_steal_fd(&fd);
}

/* The images of @disk, top first, open. */
static GArray *
open_layers(const VpPackage *package, const VpMomentDisk *disk, GError **error)
{
    const VpManifest *manifest = vp_package_get_manifest(package);
    g_autoptr(GArray) layers = vp_image_chain_new();
    for (const char *id = disk->image; id;) {
        const VpImage *image = vp_manifest_find_image(manifest, id);
        VpImageFd layer = {vp_source_open_image(package, image, error), image->format};
        if (layer.fd < 0)
            return NULL;
        g_array_append_val(layers, layer);
        id = image->backing;
    }
    return g_steal_pointer(&layers);
}

VpDiskReader *
vp_source_open_disk_of(const VpPackage *package, const VpMomentDisk *disk, const VpRunAs *run_as,
                       GError **error)
{
    g_autoptr(GArray) layers = open_layers(package, disk, error);
    if (!layers)
        return NULL;
    return vp_image_open_chain((const VpImageFd *)(gpointer)layers->data, layers->len,
                               disk->snapshot, run_as, error);
}
