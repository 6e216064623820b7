/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The image files that a domain and its snapshots lie on, each once. */
#include "base/fd.h"
#include "host/files.h"
#include "image/container.h"
#include "image/copy.h"
#include "image/lock.h"
#include "image/raw.h"
#include "source/tree.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* The file of an image, kept from being written to as long as the machine lives. */
typedef struct {
    int fd;
    int lock;
    char *identity; /* one file may have several names */
} File;

static void
file_free(gpointer data)
{
    File *file = data;
    vp_fd_clear(&file->fd);
    vp_fd_clear(&file->lock);
    g_free(file->identity);
    g_free(file);
}

static VpDiskReader *
open_file(VpTreeImage *image, GError **error)
{
    return vp_raw_open_fd(((const File *)image->data)->fd, error);
}

VpTreeImage *
vp_source_find_image(const VpTree *tree, const char *path)
{
    g_autofree char *identity = path ? vp_file_identify(path) : NULL;
    for (guint i = 0; i < tree->images->len; i++) {
        VpTreeImage *image = tree->images->pdata[i];
        if (g_strcmp0(identity, ((const File *)image->data)->identity) == 0)
            return image;
    }
    return NULL;
}

static File *
open_locked(const char *path, GError **error)
{
    struct stat status;
    File *file = g_new0(File, 1);
    file->lock = -1;
    file->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (file->fd < 0 || fstat(file->fd, &status) < 0)
        vp_error_set_errno(error, errno, "%s", path);
    else if (vp_lock_against_writers(path, &file->lock, error)) {
        file->identity = vp_file_identify_status(&status);
        return file;
    }
    file_free(file);
    return NULL;
}

/* "vda" is what the disk lies on now, "vda.1" and so on what is below or beside it. */
static char *
make_id(const VpTree *tree, const char *target, gboolean top)
{
    if (top && !vp_tree_find_image(tree, target))
        return g_strdup(target);
    for (guint i = 1;; i++) {
        g_autofree char *id = g_strdup_printf("%s.%u", target, i);
        if (!vp_tree_find_image(tree, id))
            return g_steal_pointer(&id);
    }
}

static gboolean
measure(VpTreeImage *image, GCancellable *cancellable, GError **error)
{
    g_autoptr(VpDiskReader) reader = open_file(image, error);
    if (!reader || !vp_copy_measure(reader, cancellable, &image->bytes, error))
        return FALSE;
    image->entry->file_size = reader->size;
    return vp_container_get_size(reader, image->entry->format, &image->entry->virtual_size,
                                 image->source, error);
}

static gboolean
check_layer(const VpLayer *layer, VpImageFormat *ret_format, GError **error)
{
    if (layer->path && vp_image_format_parse(layer->format, ret_format))
        return TRUE;
    vp_error_set(error, VP_ERROR_FAILED,
                 "%s: snapshots go along only where all images are qcow2 or raw files, not %s: "
                 "export one snapshot alone, with --snapshot",
                 layer->path ? layer->path : layer->json, layer->format);
    return FALSE;
}

static VpTreeImage *
add_image(const VpLooking *looking, const VpLayer *layer, VpImageFormat format, gboolean top,
          GError **error)
{
    File *file = open_locked(layer->path, error);
    if (!file)
        return NULL;
    g_autofree char *id = make_id(looking->tree, looking->target, top);
    VpTreeImage *image = vp_tree_add_image(looking->tree, vp_image_new(id), looking->target);
    image->entry->format = format;
    image->source = g_strdup(layer->path);
    image->open = open_file;
    image->data = file;
    image->data_free = file_free;
    return measure(image, looking->opening->cancellable, error) ? image : NULL;
}

VpTreeImage *
vp_source_add_chain(const VpLooking *looking, const VpLayer *layer, gboolean top, GError **error)
{
    VpImageFormat format;
    const VpTreeImage *below = NULL;
    if (!check_layer(layer, &format, error))
        return NULL;
    if (layer->backing) {
        below = vp_source_add_chain(looking, layer->backing, FALSE, error);
        if (!below)
            return NULL;
    }
    VpTreeImage *image = vp_source_find_image(looking->tree, layer->path);
    if (!image) {
        image = add_image(looking, layer, format, top, error);
        if (image && below)
            image->entry->backing = g_strdup(below->entry->id);
        return image;
    }
    if (image->entry->format == format)
        return image;
    vp_error_set(error, VP_ERROR_FAILED, "%s: is %s for one disk and %s for another", layer->path,
                 vp_image_format_to_string(image->entry->format), layer->format);
    return NULL;
}

gboolean
vp_source_can_keep(const VpLayer *layer)
{
    VpImageFormat format;
    for (; layer; layer = layer->backing) {
        if (!layer->path || !vp_image_format_parse(layer->format, &format))
            return FALSE;
    }
    return TRUE;
}

/* An image may hold snapshots that libvirt does not know. */
gboolean
vp_source_warn_of_strangers(const VpOpening *opening, const VpTreeImage *image, GError **error)
{
    if (image->entry->format != VP_IMAGE_FORMAT_QCOW2)
        return TRUE;
    g_autoptr(GPtrArray) list =
        vp_snapshot_list(((const File *)image->data)->fd, image->source, error);
    for (guint i = 0; list && i < list->len; i++) {
        const char *name = ((const VpSnapshotNamed *)list->pdata[i])->name;
        if (g_ptr_array_find_with_equal_func(image->snapshots, name, g_str_equal, NULL))
            continue;
        g_autofree char *resource = g_strdup_printf("disk:%s", image->target);
        g_autofree char *shown = vp_escape(name);
        vp_report_add(opening->report, VP_FINDING_UNCHECKED, VP_LEVEL_WARNING, resource,
                      "%s: libvirt does not know its internal snapshot “%s”: it is left out",
                      image->source, shown);
    }
    return list != NULL;
}
