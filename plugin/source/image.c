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

static void
close_layers(GArray *layers)
{
    for (guint i = 0; i < layers->len; i++)
        close(g_array_index(layers, VpImageFd, i).fd);
    g_array_unref(layers);
}

/* The images of @disk, top first, open. */
static GArray *
open_layers(const VpPackage *package, const VpMomentDisk *disk, GError **error)
{
    const VpManifest *manifest = vp_package_get_manifest(package);
    GArray *layers = g_array_new(FALSE, FALSE, sizeof(VpImageFd));
    for (const char *id = disk->image; id;) {
        const VpImage *image = vp_manifest_find_image(manifest, id);
        VpImageFd layer = {vp_source_open_image(package, image, error), image->format};
        if (layer.fd < 0) {
            close_layers(layers);
            return NULL;
        }
        g_array_append_val(layers, layer);
        id = image->backing;
    }
    return layers;
}

VpDiskReader *
vp_source_open_disk_of(const VpPackage *package, const VpMomentDisk *disk, const VpRunAs *run_as,
                       GError **error)
{
    GArray *layers = open_layers(package, disk, error);
    if (!layers)
        return NULL;
    VpDiskReader *reader = vp_image_open_chain((const VpImageFd *)(gpointer)layers->data,
                                               layers->len, disk->snapshot, run_as, error);
    close_layers(layers);
    return reader;
}
