/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the images of a machine with snapshots go, and the RAM of these. */
#include "model/plan-parts.h"
#include "model/tree.h"

#include <string.h>

void
vp_plan_file_free(VpPlanFile *file)
{
    g_free(file->id);
    g_free(file->resource);
    g_free(file->path);
    g_free(file);
}

const VpPlanFile *
vp_plan_find_file(GPtrArray *files, const char *id)
{
    for (guint i = 0; i < files->len; i++) {
        const VpPlanFile *file = files->pdata[i];
        if (strcmp(file->id, id) == 0)
            return file;
    }
    return NULL;
}

static VpPlanFile *
add_file(GPtrArray *files, const char *kind, const char *id, char *path, guint64 bytes)
{
    VpPlanFile *file = g_new0(VpPlanFile, 1);
    file->id = g_strdup(id);
    file->resource = g_strdup_printf("%s:%s", kind, id);
    file->path = path;
    file->bytes = bytes;
    g_ptr_array_add(files, file);
    return file;
}

static gboolean
is_gone(const VpPlanDisk *entry)
{
    return entry->fate == VP_FATE_SKIP || entry->fate == VP_FATE_EJECT;
}

/* What has snapshots, or lies on others, cannot become anything else. */
static gboolean
check_disk(const VpPlanDisk *entry, const VpTree *tree, GError **error)
{
    const VpMomentDisk *now = vp_tree_find_now(tree, entry->target);
    gboolean needed = vp_tree_needs_disk(tree, entry->target);
    const char *format =
        now ? vp_image_format_to_string(vp_tree_find_image(tree, now->image)->entry->format) : NULL;
    if (entry->asked && is_gone(entry) && needed)
        vp_error_set(error, VP_ERROR_USAGE,
                     "--disk %s=skip: snapshots of the package hold this disk: it cannot be left "
                     "out",
                     entry->target);
    else if (now && entry->fate == VP_FATE_COPY && (entry->is_block || entry->source))
        vp_error_set(error, VP_ERROR_USAGE,
                     "disk %s: an image that is copied with its snapshots goes to a file: choose a "
                     "folder, or a pool that is one",
                     entry->target);
    else if (entry->asked && !now && needed)
        vp_error_set(error, VP_ERROR_USAGE,
                     "--disk %s: only snapshots of the package have this disk: its place is not "
                     "chosen",
                     entry->target);
    else if (now && entry->fate == VP_FATE_COPY && strcmp(entry->format, format) != 0)
        vp_error_set(error, VP_ERROR_USAGE,
                     "--disk %s: the image is copied with its snapshots, as the %s that it is: "
                     "leave format= out",
                     entry->target, format);
    else
        return TRUE;
    return FALSE;
}

static void
need_chain(const VpTree *tree, const char *id, GHashTable *needed)
{
    while (id && g_hash_table_add(needed, (gpointer)id)) {
        const VpTreeImage *image = vp_tree_find_image(tree, id);
        id = image ? image->entry->backing : NULL;
    }
}

/* Of ids: all images but those that only a disk lies on which is left out. */
static GHashTable *
find_needed(const VpPlan *plan, const VpTree *tree)
{
    GHashTable *needed = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < tree->now->len; i++) {
        const VpMomentDisk *disk = tree->now->pdata[i];
        if (!is_gone(vp_plan_find_disk(plan, disk->target)))
            need_chain(tree, disk->image, needed);
    }
    for (guint i = 0; i < tree->moments->len; i++) {
        const VpMoment *entry = ((const VpTreeMoment *)tree->moments->pdata[i])->entry;
        for (guint j = 0; j < entry->disks->len; j++)
            need_chain(tree, ((const VpMomentDisk *)entry->disks->pdata[j])->image, needed);
    }
    return needed;
}

/* Beside the disk that it was found for, else beside the first. */
static char *
folder_for(const VpPlan *plan, const char *target, const char *fallback)
{
    const char *first = NULL;
    for (guint i = 0; i < plan->disks->len; i++) {
        const VpPlanDisk *entry = plan->disks->pdata[i];
        if (entry->fate != VP_FATE_COPY)
            continue;
        if (!first || strcmp(entry->target, target) == 0)
            first = entry->path;
    }
    return first ? g_path_get_dirname(first) : g_strdup(fallback);
}

static char *
beside(const VpPlan *plan, const char *target, const char *id, const char *suffix,
       const char *fallback)
{
    g_autofree char *folder = folder_for(plan, target, fallback);
    g_autofree char *name = g_strdup_printf("%s-%s.%s", plan->name, id, suffix);
    return g_build_filename(folder, name, NULL);
}

/* The disk of now that lies on @image itself, if it is copied. */
static const VpPlanDisk *
find_top(const VpPlan *plan, const VpTree *tree, const char *id)
{
    for (guint i = 0; i < tree->now->len; i++) {
        const VpMomentDisk *disk = tree->now->pdata[i];
        const VpPlanDisk *entry = vp_plan_find_disk(plan, disk->target);
        if (strcmp(disk->image, id) == 0 && entry->fate == VP_FATE_COPY)
            return entry;
    }
    return NULL;
}

static void
add_image(VpPlan *plan, const VpTree *tree, const VpTreeImage *image, const char *fallback)
{
    const VpImage *entry = image->entry;
    const char *format = vp_image_format_to_string(entry->format);
    const VpPlanDisk *top = find_top(plan, tree, entry->id);
    char *path = top && top->path ? g_strdup(top->path)
                                  : beside(plan, image->target, entry->id, format, fallback);
    VpPlanFile *file = add_file(plan->images, "disk", entry->id, path, image->bytes);
    file->format = entry->format;
    file->is_disk = top != NULL;
}

void
vp_plan_add_chain(const VpPlan *plan, const VpTree *tree, VpPlanDisk *disk, const char *id)
{
    for (const VpTreeImage *image = vp_tree_find_image(tree, id); image && image->entry->backing;) {
        image = vp_tree_find_image(tree, image->entry->backing);
        const VpPlanFile *file = vp_plan_find_file(plan->images, image->entry->id);
        vp_plan_disk_add_layer(disk, file->path, vp_image_format_to_string(file->format), FALSE);
    }
}

/* libvirt reads it from there whenever it reverts. */
static void
add_saves(VpPlan *plan, const VpTree *tree, const char *fallback)
{
    for (guint i = 0; i < tree->moments->len; i++) {
        const VpTreeMoment *moment = tree->moments->pdata[i];
        if (!moment->machine->ram)
            continue;
        char *path = beside(plan, "", moment->entry->id, "save", fallback);
        add_file(plan->saves, "snapshot", moment->entry->id, path, moment->machine->ram->size);
    }
}

gboolean
vp_plan_tree(VpPlan *plan, const VpMachine *machine, const char *folder, GError **error)
{
    const VpTree *tree = machine->tree;
    if (!tree)
        return TRUE;
    for (guint i = 0; i < plan->disks->len; i++) {
        VpPlanDisk *entry = plan->disks->pdata[i];
        if (!check_disk(entry, tree, error))
            return FALSE;
        if (entry->fate == VP_FATE_MISSING && vp_tree_needs_disk(tree, entry->target))
            entry->fate = VP_FATE_KEEP; /* of snapshots only: each says where it lies */
    }
    g_autoptr(GHashTable) needed = find_needed(plan, tree);
    for (guint i = 0; i < tree->images->len; i++) {
        const VpTreeImage *image = tree->images->pdata[i];
        if (g_hash_table_contains(needed, image->entry->id))
            add_image(plan, tree, image, folder);
    }
    for (guint i = 0; i < plan->disks->len; i++) {
        VpPlanDisk *entry = plan->disks->pdata[i];
        const VpMomentDisk *now = vp_tree_find_now(tree, entry->target);
        if (!now || entry->fate != VP_FATE_COPY)
            continue;
        /* Two disks on one image share its path, for the check to find. */
        g_free(entry->path);
        entry->path = g_strdup(vp_plan_find_file(plan->images, now->image)->path);
        vp_plan_add_chain(plan, tree, entry, now->image);
    }
    add_saves(plan, tree, folder);
    return TRUE;
}

/* How a disk lies in a snapshot. */
static VpPlanDisk *
disk_then(const VpPlan *plan, const VpTree *tree, const VpMoment *moment, const VpPlanDisk *now)
{
    const VpMomentDisk *lies = vp_moment_find_disk(moment, now->target);
    const VpPlanFile *file = lies ? vp_plan_find_file(plan->images, lies->image) : NULL;
    VpPlanDisk *disk = g_new0(VpPlanDisk, 1);
    disk->target = g_strdup(now->target);
    disk->was = g_strdup(now->was);
    disk->fate = file ? VP_FATE_COPY : now->fate;
    disk->path = g_strdup(file ? file->path : now->path);
    disk->format = g_strdup(file ? vp_image_format_to_string(file->format) : now->format);
    disk->asked = now->asked;
    disk->is_block = !file && now->is_block;
    if (!file && now->source)
        disk->source = xmlCopyDoc(now->source, 1);
    disk->pool = g_strdup(now->pool);
    disk->volume = g_strdup(now->volume);
    if (file)
        vp_plan_add_chain(plan, tree, disk, lies->image);
    else if (now->chain)
        disk->chain = g_ptr_array_ref(now->chain);
    return disk;
}

GPtrArray *
vp_plan_disks_then(const VpPlan *plan, const VpTree *tree, const VpMoment *moment)
{
    GPtrArray *disks = g_ptr_array_new_with_free_func((GDestroyNotify)vp_plan_disk_free);
    for (guint i = 0; i < plan->disks->len; i++)
        g_ptr_array_add(disks, disk_then(plan, tree, moment, plan->disks->pdata[i]));
    return disks;
}
