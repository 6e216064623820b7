/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/manifest.h"

#include <string.h>

static const char *const consistency_words[] = {
    [VP_CONSISTENCY_OFF] = "off",
    [VP_CONSISTENCY_CRASH] = "crash-consistent",
    [VP_CONSISTENCY_QUIESCED] = "quiesced",
    [VP_CONSISTENCY_RAM] = "with-ram",
};

static const char *const format_words[] = {
    [VP_IMAGE_FORMAT_QCOW2] = "qcow2",
    [VP_IMAGE_FORMAT_RAW] = "raw",
};

const char *
vp_consistency_to_string(VpConsistency consistency)
{
    return consistency_words[consistency];
}

const char *
vp_image_format_to_string(VpImageFormat format)
{
    return format_words[format];
}

static gboolean
find_word(const char *const *words, gsize count, const char *text, gsize *ret_index)
{
    for (gsize i = 0; i < count; i++) {
        if (strcmp(words[i], text) == 0) {
            *ret_index = i;
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
vp_consistency_parse(const char *text, VpConsistency *ret)
{
    gsize index;
    if (!find_word(consistency_words, G_N_ELEMENTS(consistency_words), text, &index))
        return FALSE;
    *ret = (VpConsistency)index;
    return TRUE;
}

gboolean
vp_image_format_parse(const char *text, VpImageFormat *ret)
{
    gsize index;
    if (!find_word(format_words, G_N_ELEMENTS(format_words), text, &index))
        return FALSE;
    *ret = (VpImageFormat)index;
    return TRUE;
}

VpMember *
vp_member_new(const char *name, guint64 size, const char *digest)
{
    VpMember *member = g_new0(VpMember, 1);
    member->name = g_strdup(name);
    member->size = size;
    member->digest = g_strdup(digest);
    return member;
}

void
vp_member_free(VpMember *member)
{
    if (!member)
        return;
    g_free(member->name);
    g_free(member->digest);
    g_free(member);
}

VpImage *
vp_image_new(const char *id)
{
    VpImage *image = g_new0(VpImage, 1);
    image->id = g_strdup(id);
    return image;
}

void
vp_image_free(VpImage *image)
{
    if (!image)
        return;
    g_free(image->id);
    g_free(image->member);
    g_free(image->backing);
    g_free(image->file_digest);
    g_free(image);
}

VpImage *
vp_image_copy(const VpImage *image)
{
    VpImage *copy = g_new0(VpImage, 1);
    *copy = *image;
    copy->id = g_strdup(image->id);
    copy->member = g_strdup(image->member);
    copy->backing = g_strdup(image->backing);
    copy->file_digest = g_strdup(image->file_digest);
    return copy;
}

VpMomentDisk *
vp_moment_disk_new(const char *target, const char *image, const char *digest)
{
    VpMomentDisk *disk = g_new0(VpMomentDisk, 1);
    disk->target = g_strdup(target);
    disk->image = g_strdup(image);
    disk->digest = g_strdup(digest);
    return disk;
}

void
vp_moment_disk_free(VpMomentDisk *disk)
{
    if (!disk)
        return;
    g_free(disk->target);
    g_free(disk->image);
    g_free(disk->snapshot);
    g_free(disk->overlay);
    g_free(disk->digest);
    g_free(disk);
}

VpMoment *
vp_moment_new(const char *id)
{
    VpMoment *moment = g_new0(VpMoment, 1);
    moment->id = g_strdup(id);
    moment->tpm = g_ptr_array_new_with_free_func((GDestroyNotify)vp_member_free);
    moment->disks = g_ptr_array_new_with_free_func((GDestroyNotify)vp_moment_disk_free);
    return moment;
}

VpMomentRam *
vp_moment_ram_new(VpMember *description, VpMember *stream, guint64 size)
{
    VpMomentRam *ram = g_new0(VpMomentRam, 1);
    ram->description = description;
    ram->stream = stream;
    ram->size = size;
    return ram;
}

static void
moment_ram_free(VpMomentRam *ram)
{
    if (!ram)
        return;
    vp_member_free(ram->description);
    vp_member_free(ram->stream);
    g_free(ram);
}

VpMomentSnapshot *
vp_moment_snapshot_new(VpMember *xml, const char *state, guint64 created)
{
    VpMomentSnapshot *snapshot = g_new0(VpMomentSnapshot, 1);
    snapshot->xml = xml;
    snapshot->state = g_strdup(state);
    snapshot->created = created;
    return snapshot;
}

static void
moment_snapshot_free(VpMomentSnapshot *snapshot)
{
    if (!snapshot)
        return;
    vp_member_free(snapshot->xml);
    g_free(snapshot->state);
    g_free(snapshot->description);
    g_free(snapshot);
}

void
vp_moment_free(VpMoment *moment)
{
    if (!moment)
        return;
    g_free(moment->id);
    g_free(moment->parent);
    g_free(moment->name);
    vp_member_free(moment->domain);
    moment_snapshot_free(moment->snapshot);
    vp_member_free(moment->nvram);
    moment_ram_free(moment->ram);
    g_ptr_array_unref(moment->tpm);
    g_ptr_array_unref(moment->disks);
    g_free(moment);
}

VpMoment *
vp_moment_copy(const VpMoment *moment)
{
    VpMoment *copy = vp_moment_new(moment->id);
    copy->parent = g_strdup(moment->parent);
    copy->name = g_strdup(moment->name);
    copy->consistency = moment->consistency;
    if (moment->snapshot) {
        copy->snapshot =
            vp_moment_snapshot_new(NULL, moment->snapshot->state, moment->snapshot->created);
        copy->snapshot->current = moment->snapshot->current;
        copy->snapshot->description = g_strdup(moment->snapshot->description);
    }
    for (guint i = 0; i < moment->disks->len; i++) {
        const VpMomentDisk *disk = moment->disks->pdata[i];
        VpMomentDisk *other = vp_moment_disk_new(disk->target, disk->image, disk->digest);
        other->snapshot = g_strdup(disk->snapshot);
        other->overlay = g_strdup(disk->overlay);
        g_ptr_array_add(copy->disks, other);
    }
    return copy;
}

VpLeftOut *
vp_left_out_new(const char *resource, const char *reason)
{
    VpLeftOut *left_out = g_new0(VpLeftOut, 1);
    left_out->resource = g_strdup(resource);
    left_out->reason = g_strdup(reason);
    return left_out;
}

void
vp_left_out_free(VpLeftOut *left_out)
{
    g_free(left_out->resource);
    g_free(left_out->reason);
    g_free(left_out);
}

VpNetworkAdvice *
vp_network_advice_new(const char *name, const char *xml)
{
    VpNetworkAdvice *advice = g_new0(VpNetworkAdvice, 1);
    advice->name = g_strdup(name);
    advice->xml = g_strdup(xml);
    return advice;
}

static void
network_advice_free(VpNetworkAdvice *advice)
{
    g_free(advice->name);
    g_free(advice->xml);
    g_free(advice);
}

VpManifest *
vp_manifest_new(void)
{
    VpManifest *manifest = g_new0(VpManifest, 1);
    manifest->major = VP_MANIFEST_MAJOR;
    manifest->minor = VP_MANIFEST_MINOR;
    manifest->networks = g_ptr_array_new_with_free_func((GDestroyNotify)network_advice_free);
    manifest->left_out = g_ptr_array_new_with_free_func((GDestroyNotify)vp_left_out_free);
    manifest->images = g_ptr_array_new_with_free_func((GDestroyNotify)vp_image_free);
    manifest->moments = g_ptr_array_new_with_free_func((GDestroyNotify)vp_moment_free);
    return manifest;
}

void
vp_manifest_free(VpManifest *manifest)
{
    if (!manifest)
        return;
    char *const texts[] = {
        manifest->producer,
        manifest->host,
        manifest->uri,
        manifest->domain_name,
        manifest->domain_uuid,
        manifest->hypervisor,
        manifest->arch,
        manifest->virt_type,
        manifest->machine_type,
        manifest->cpu_mode,
        manifest->cpu_model,
        manifest->firmware_path,
        manifest->firmware_features,
        manifest->firmware_digest,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_ptr_array_unref(manifest->networks);
    g_ptr_array_unref(manifest->left_out);
    g_ptr_array_unref(manifest->images);
    g_ptr_array_unref(manifest->moments);
    g_free(manifest);
}

VpImage *
vp_manifest_find_image(const VpManifest *manifest, const char *id)
{
    for (guint i = 0; i < manifest->images->len; i++) {
        VpImage *image = manifest->images->pdata[i];
        if (strcmp(image->id, id) == 0)
            return image;
    }
    return NULL;
}

gboolean
vp_manifest_is_tree(const VpManifest *manifest)
{
    for (guint i = 0; i < manifest->images->len; i++) {
        if (((const VpImage *)manifest->images->pdata[i])->file_digest)
            return TRUE;
    }
    return manifest->moments->len > 1;
}

GPtrArray *
vp_manifest_find_snapshots(const VpManifest *manifest, const char *id)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < manifest->moments->len; i++) {
        const VpMoment *moment = manifest->moments->pdata[i];
        for (guint j = 0; j < moment->disks->len; j++) {
            const VpMomentDisk *disk = moment->disks->pdata[j];
            if (disk->snapshot && strcmp(disk->image, id) == 0 &&
                !g_ptr_array_find_with_equal_func(names, disk->snapshot, g_str_equal, NULL))
                g_ptr_array_add(names, g_strdup(disk->snapshot));
        }
    }
    return names;
}

VpMoment *
vp_manifest_get_moment(const VpManifest *manifest)
{
    return manifest->moments->pdata[0];
}

VpMomentDisk *
vp_moment_find_disk(const VpMoment *moment, const char *target)
{
    for (guint i = 0; i < moment->disks->len; i++) {
        VpMomentDisk *disk = moment->disks->pdata[i];
        if (strcmp(disk->target, target) == 0)
            return disk;
    }
    return NULL;
}

static gboolean
part_is_safe(const char *part)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+";
    gsize length = strlen(part);
    return length > 0 && length <= 100 && part[0] != '.' && strspn(part, allowed) == length;
}

gboolean
vp_member_name_is_safe(const char *name)
{
    g_auto(GStrv) parts = g_strsplit(name, "/", -1);
    guint count = g_strv_length(parts);
    if (count == 0 || count > 4)
        return FALSE;
    for (guint i = 0; i < count; i++) {
        if (!part_is_safe(parts[i]))
            return FALSE;
    }
    return TRUE;
}

void
vp_manifest_foreach_member(const VpManifest *manifest,
                           void (*visit)(const char *name, guint64 size, gpointer data),
                           gpointer data)
{
    for (guint i = 0; i < manifest->images->len; i++) {
        const VpImage *image = manifest->images->pdata[i];
        visit(image->member, image->file_size, data);
    }
    for (guint i = 0; i < manifest->moments->len; i++) {
        const VpMoment *moment = manifest->moments->pdata[i];
        const VpMember *definition = moment->domain ? moment->domain : moment->snapshot->xml;
        visit(definition->name, definition->size, data);
        if (moment->nvram)
            visit(moment->nvram->name, moment->nvram->size, data);
        if (moment->ram) {
            visit(moment->ram->description->name, moment->ram->description->size, data);
            visit(moment->ram->stream->name, moment->ram->stream->size, data);
        }
        for (guint j = 0; j < moment->tpm->len; j++) {
            const VpMember *member = moment->tpm->pdata[j];
            visit(member->name, member->size, data);
        }
    }
}
