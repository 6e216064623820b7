/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/tree.h"

#include <string.h>

static void
image_free(VpTreeImage *image)
{
    if (image->data_free)
        image->data_free(image->data);
    vp_image_free(image->entry);
    g_free(image->target);
    g_free(image->source);
    g_ptr_array_unref(image->snapshots);
    g_free(image);
}

static void
moment_free(VpTreeMoment *moment)
{
    vp_moment_free(moment->entry);
    g_clear_pointer(&moment->xml, xmlFreeDoc);
    for (gsize i = 0; i < G_N_ELEMENTS(moment->definitions); i++)
        g_clear_pointer(&moment->definitions[i], xmlFreeDoc);
    vp_machine_free(moment->machine);
    g_free(moment);
}

VpTree *
vp_tree_new(void)
{
    VpTree *tree = g_new0(VpTree, 1);
    tree->images = g_ptr_array_new_with_free_func((GDestroyNotify)image_free);
    tree->now = g_ptr_array_new_with_free_func((GDestroyNotify)vp_moment_disk_free);
    tree->moments = g_ptr_array_new_with_free_func((GDestroyNotify)moment_free);
    return tree;
}

void
vp_tree_free(VpTree *tree)
{
    if (!tree)
        return;
    g_ptr_array_unref(tree->images);
    g_ptr_array_unref(tree->now);
    g_ptr_array_unref(tree->moments);
    g_free(tree);
}

VpTreeImage *
vp_tree_add_image(VpTree *tree, VpImage *entry, const char *target)
{
    VpTreeImage *image = g_new0(VpTreeImage, 1);
    image->entry = entry;
    image->target = g_strdup(target);
    image->snapshots = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(tree->images, image);
    return image;
}

VpTreeMoment *
vp_tree_add_moment(VpTree *tree, VpMoment *entry)
{
    VpTreeMoment *moment = g_new0(VpTreeMoment, 1);
    moment->entry = entry;
    g_ptr_array_add(tree->moments, moment);
    return moment;
}

void
vp_tree_moment_set_xml(VpTreeMoment *moment, xmlDoc *xml)
{
    moment->xml = xml;
    for (gsize i = 0; i < G_N_ELEMENTS(moment->definitions); i++)
        moment->definitions[i] = vp_snapshot_xml_find_domain(xml, vp_snapshot_definitions[i]);
}

VpTreeImage *
vp_tree_find_image(const VpTree *tree, const char *id)
{
    for (guint i = 0; i < tree->images->len; i++) {
        VpTreeImage *image = tree->images->pdata[i];
        if (strcmp(image->entry->id, id) == 0)
            return image;
    }
    return NULL;
}

VpMomentDisk *
vp_tree_find_now(const VpTree *tree, const char *target)
{
    for (guint i = 0; i < tree->now->len; i++) {
        VpMomentDisk *disk = tree->now->pdata[i];
        if (strcmp(disk->target, target) == 0)
            return disk;
    }
    return NULL;
}

gboolean
vp_tree_needs_disk(const VpTree *tree, const char *target)
{
    for (guint i = 0; i < tree->moments->len; i++) {
        const VpTreeMoment *moment = tree->moments->pdata[i];
        if (vp_moment_find_disk(moment->entry, target))
            return TRUE;
    }
    return FALSE;
}

guint64
vp_tree_bytes(const VpTree *tree)
{
    guint64 bytes = 0;
    for (guint i = 0; i < tree->images->len; i++)
        bytes += ((const VpTreeImage *)tree->images->pdata[i])->bytes;
    for (guint i = 0; i < tree->moments->len; i++) {
        const VpMachine *machine = ((const VpTreeMoment *)tree->moments->pdata[i])->machine;
        bytes += machine->ram ? machine->ram->size : 0;
    }
    return bytes;
}
