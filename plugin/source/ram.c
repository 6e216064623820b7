/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The RAM of a moment: inside a qcow2, or a save image of libvirt's. */
#include "host/files.h"
#include "image/save-image.h"
#include "image/vmstate.h"
#include "model/origin.h"
#include "source/parts.h"
#include "virt/save-image.h"

#include <string.h>

/* What opening a RAM's stream takes. */
typedef struct {
    char *path;
    char *snapshot; /* inside the qcow2 at `path`; NULL: that is a save image */
} Place;

static void
place_free(gpointer data)
{
    Place *place = data;
    g_free(place->path);
    g_free(place->snapshot);
    g_free(place);
}

static GInputStream *
open_stream(gpointer data, GError **error)
{
    const Place *place = data;
    guint64 size;
    if (place->snapshot) {
        GInputStream *stream = vp_vmstate_open(place->path, place->snapshot, &size, error);
        if (!stream)
            vp_source_explain_deleted(place->path, place->snapshot, error);
        return stream;
    }
    g_autoptr(VpSaveImage) image = vp_save_image_open(place->path, error);
    return image ? g_object_ref(image->stream) : NULL;
}

static void
set_ram(VpMachine *machine, VpRam *description, guint64 size, const char *path,
        const char *snapshot)
{
    vp_origin_remove(description->domain);
    Place *place = g_new0(Place, 1);
    place->path = g_strdup(path);
    place->snapshot = g_strdup(snapshot);
    VpMachineRam *ram = vp_machine_set_ram(machine, description);
    ram->size = size;
    ram->open = open_stream;
    ram->data = place;
    ram->data_free = place_free;
    machine->consistency = VP_CONSISTENCY_RAM;
}

/* QEMU puts it into the one disk that it chooses. */
static gboolean
find_in_disks(const VpOpening *opening, char **ret_path, guint64 *ret_size, GError **error)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(opening->snapshot->live);
    g_autofree char *first = NULL;
    for (guint i = 0; i < disks->len; i++) {
        const VpDomainDisk *disk = disks->pdata[i];
        if (vp_source_kind_of_disk(opening, disk) != VP_SNAPSHOT_INTERNAL)
            continue;
        g_autoptr(VpLayer) layer = vp_source_find_layer(opening, disk, opening->active, error);
        if (!layer)
            return FALSE;
        g_autoptr(GError) local = NULL;
        g_autoptr(GInputStream) stream =
            vp_vmstate_open(layer->path, opening->snapshot->name, ret_size, &local);
        if (stream) {
            *ret_path = g_strdup(layer->path);
            return vp_source_check_entry(opening, disk, layer->path, error) &&
                   vp_source_add_proof(opening, layer, error);
        }
        if (!g_error_matches(local, VP_ERROR, VP_ERROR_NOT_FOUND)) {
            g_propagate_error(error, g_steal_pointer(&local));
            return FALSE;
        }
        if (!first)
            first = g_strdup(local->message);
    }
    vp_error_set(error, VP_ERROR_FAILED, "snapshot %s: its RAM is in none of the disks%s%s",
                 opening->snapshot->name, first ? ": " : "", first ? first : "");
    return FALSE;
}

static gboolean
take_internal(const VpOpening *opening, GError **error)
{
    const VpSnapshot *snapshot = opening->snapshot;
    g_autofree char *path = NULL;
    guint64 size;
    if (!find_in_disks(opening, &path, &size, error))
        return FALSE;
    g_autofree char *live = vp_xml_format(snapshot->live);
    VpRam *description =
        vp_ram_new(live, snapshot->cookie, strcmp(snapshot->state, "running") == 0, error);
    if (!description)
        return FALSE;
    set_ram(opening->machine, description, size, path, snapshot->name);
    return TRUE;
}

/* libvirt shows the definition without its passwords, which stand in the file. */
gboolean
vp_source_take_save_image(VpConnection *connection, VpMachine *machine, const char *path,
                          gboolean secrets, GError **error)
{
    if (!vp_file_check_readable(path, "the RAM", error))
        return FALSE;
    g_autoptr(VpSaveImage) image = vp_save_image_open(path, error);
    if (!image)
        return FALSE;
    g_autofree char *xml = vp_virt_save_image_get_xml(connection, path, secrets, error);
    VpRam *description = xml ? vp_ram_new(xml, image->cookie, image->running, error) : NULL;
    if (!description)
        return FALSE;
    set_ram(machine, description, image->size, path, NULL);
    return TRUE;
}

static gboolean
take_save_image(const VpOpening *opening, const char *path, GError **error)
{
    return vp_source_take_save_image(opening->connection, opening->machine, path,
                                     opening->options->secrets, error);
}

static gboolean
take_managed_save(const VpOpening *opening, GError **error)
{
    g_autofree char *path = vp_path_managed_save(vp_source_get_scope(opening),
                                                 vp_virt_domain_get_name(opening->domain));
    return take_save_image(opening, path, error);
}

/* libvirt lets a later snapshot write its RAM to the same file. */
static gboolean
check_not_overwritten(const VpOpening *opening, GError **error)
{
    const VpSnapshot *snapshot = opening->snapshot;
    for (guint i = 0; i < opening->snapshots->len; i++) {
        const VpSnapshot *other = opening->snapshots->pdata[i];
        if (!vp_source_is_later(opening, opening->snapshot, other) ||
            g_strcmp0(other->ram_file, snapshot->ram_file) != 0)
            continue;
        vp_error_set(error, VP_ERROR_FAILED,
                     "snapshot %s: %s: holds the RAM of a later snapshot, %s", snapshot->name,
                     snapshot->ram_file, other->name);
        return FALSE;
    }
    return TRUE;
}

static gboolean
take_snapshot(const VpOpening *opening, GError **error)
{
    const VpSnapshot *snapshot = opening->snapshot;
    if (snapshot->ram == VP_SNAPSHOT_INTERNAL)
        return take_internal(opening, error);
    if (snapshot->ram_file)
        return check_not_overwritten(opening, error) && vp_source_check_save(opening, error) &&
               take_save_image(opening, snapshot->ram_file, error);
    vp_error_set(error, VP_ERROR_FAILED, "snapshot %s: libvirt does not say where its RAM is",
                 snapshot->name);
    return FALSE;
}

static gboolean
has_ram(const VpOpening *opening, gboolean *ret, GError **error)
{
    if (!opening->snapshot)
        return vp_virt_domain_has_managed_save(opening->domain, ret, error);
    VpSnapshotKind kind = opening->snapshot->ram;
    *ret = kind == VP_SNAPSHOT_INTERNAL || kind == VP_SNAPSHOT_EXTERNAL;
    return TRUE;
}

gboolean
vp_source_find_ram(const VpOpening *opening, GError **error)
{
    gboolean there = FALSE;
    if (opening->options->config_only || opening->live)
        return TRUE;
    if (!has_ram(opening, &there, error))
        return FALSE;
    if (!there && opening->options->ram) {
        vp_error_set(error, VP_ERROR_USAGE, "--ram: this moment has no RAM: leave the option out");
        return FALSE;
    }
    if (!there)
        return TRUE;
    if (opening->options->no_ram) {
        opening->machine->consistency = VP_CONSISTENCY_CRASH;
        vp_machine_leave_out(opening->machine, "ram", "by --no-ram");
        return TRUE;
    }
    gboolean taken =
        opening->snapshot ? take_snapshot(opening, error) : take_managed_save(opening, error);
    if (!taken)
        vp_error_add_fix(error, "--no-ram");
    return taken;
}
