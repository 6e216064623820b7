/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files.h"
#include "model/tree.h"
#include "sink/sink.h"
#include "source/source.h"

#include <string.h>

static void
export_disk_free(VpExportDisk *disk)
{
    g_free(disk->target);
    g_free(disk->source);
    g_free(disk);
}

void
vp_export_result_free(VpExportResult *result)
{
    if (!result)
        return;
    g_free(result->package);
    g_free(result->identity);
    g_free(result->moment);
    g_free(result->backup);
    g_free(result->scratch);
    g_ptr_array_unref(result->disks);
    g_ptr_array_unref(result->snapshots);
    g_ptr_array_unref(result->left_out);
    g_free(result);
}

/* ./DOMAIN.vpkg or ./DOMAIN@SNAPSHOT.vpkg; no part of a name leads elsewhere. */
static char *
package_path(const VpExportOptions *options, const VpMachine *machine)
{
    if (options->package)
        return g_canonicalize_filename(options->package, NULL);
    g_autofree char *name =
        machine->moment
            ? g_strdup_printf("%s@%s.vpkg", machine->about->domain_name, machine->moment)
            : g_strdup_printf("%s.vpkg", machine->about->domain_name);
    g_strdelimit(name, "/", '_');
    return g_canonicalize_filename(name, NULL);
}

static gboolean
check_apart(const VpExportOptions *options, GError **error)
{
    const struct {
        const char *name;
        gboolean given;
        const char *other;
        gboolean given_too;
    } pairs[] = {
        {"--ram", options->ram, "--no-ram", options->no_ram},
        {"--ram", options->ram, "--config-only", options->config_only},
        {"--quiesce", options->quiesce, "--config-only", options->config_only},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        if (!pairs[i].given || !pairs[i].given_too)
            continue;
        vp_error_set(error, VP_ERROR_USAGE, "%s: not together with %s", pairs[i].name,
                     pairs[i].other);
        return FALSE;
    }
    return TRUE;
}

/* All of a tree goes along just as it is. */
static gboolean
check_tree_options(const VpExportOptions *options, GError **error)
{
    const struct {
        const char *name;
        gboolean given;
    } others[] = {
        {"--snapshot", options->snapshot != NULL},
        {"--config-only", options->config_only},
        {"--format", options->format != NULL},
        {"--compress", options->compress},
        {"--ram", options->ram},
        {"--no-ram", options->no_ram},
        {"--quiesce", options->quiesce},
    };
    for (gsize i = 0; options->all_snapshots && i < G_N_ELEMENTS(others); i++) {
        if (!others[i].given)
            continue;
        vp_error_set(error, VP_ERROR_USAGE,
                     "--all-snapshots: images, snapshots and RAM go along as they are: leave out "
                     "%s",
                     others[i].name);
        return FALSE;
    }
    return TRUE;
}

static gboolean
read_options(const VpExportOptions *options, VpImageFormat *format, VpPackageSink *sink,
             GError **error)
{
    sink->file_mode = 0600;
    sink->compress = options->compress;
    sink->replace = options->force;
    if (!check_apart(options, error) || !check_tree_options(options, error))
        return FALSE;
    if (options->file_mode &&
        !vp_mode_parse(options->file_mode, "--file-mode", &sink->file_mode, error))
        return FALSE;
    if (options->snapshot && !*options->snapshot) {
        vp_error_set(error, VP_ERROR_USAGE,
                     "--snapshot: the name is empty: give that of a snapshot");
        return FALSE;
    }
    if (options->quiesce && options->ram) {
        vp_error_set(error, VP_ERROR_USAGE,
                     "--quiesce: a copy that is resumed would have its file systems frozen: leave "
                     "out --quiesce or --ram");
        return FALSE;
    }
    if (options->quiesce && options->snapshot) {
        vp_error_set(error, VP_ERROR_USAGE,
                     "--quiesce: a snapshot is what it is: leave out --quiesce or --snapshot");
        return FALSE;
    }
    if (!options->format)
        return TRUE;
    if (!vp_image_format_parse(options->format, format)) {
        vp_error_set(error, VP_ERROR_USAGE, "--format: “%s” is not one of: qcow2, raw",
                     options->format);
        return FALSE;
    }
    if (*format == VP_IMAGE_FORMAT_RAW && options->compress) {
        vp_error_set(error, VP_ERROR_USAGE,
                     "--compress: raw images cannot be compressed: leave out --format raw");
        return FALSE;
    }
    sink->format = format;
    return TRUE;
}

static void
describe_live(const VpMachine *machine, VpExportResult *result)
{
    VpLiveReading live;
    if (!vp_source_get_live(machine, &live))
        return;
    result->backup = g_strdup(live.mode);
    result->scratch = g_strdup(live.scratch);
    result->scratch_needed = live.needed;
    result->has_ram = live.ram_bytes > 0;
    result->ram_size = live.ram_bytes;
}

static void
add_disk(VpExportResult *result, const char *target, const char *source, VpImageFormat format,
         guint64 size, guint64 bytes)
{
    VpExportDisk *entry = g_new0(VpExportDisk, 1);
    entry->target = g_strdup(target);
    entry->source = g_strdup(source);
    entry->format = format;
    entry->virtual_size = size;
    entry->bytes = bytes;
    g_ptr_array_add(result->disks, entry);
}

static void
describe_tree(const VpTree *tree, VpExportResult *result)
{
    for (guint i = 0; tree && i < tree->images->len; i++) {
        const VpTreeImage *image = tree->images->pdata[i];
        add_disk(result, image->entry->id, image->source, image->entry->format,
                 image->entry->virtual_size, image->bytes);
    }
    for (guint i = 0; tree && i < tree->moments->len; i++) {
        const VpMachine *machine = ((const VpTreeMoment *)tree->moments->pdata[i])->machine;
        g_ptr_array_add(result->snapshots, g_strdup(machine->moment));
    }
}

static VpExportResult *
describe(const VpMachine *machine, const VpPackageSink *sink)
{
    VpExportResult *result = g_new0(VpExportResult, 1);
    result->package = g_strdup(sink->path);
    result->moment = g_strdup(machine->moment ? machine->moment : "now");
    result->consistency = machine->consistency;
    result->disks = g_ptr_array_new_with_free_func((GDestroyNotify)export_disk_free);
    result->left_out = g_ptr_array_new_with_free_func((GDestroyNotify)vp_left_out_free);
    result->snapshots = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < machine->disks->len; i++) {
        const VpMachineDisk *disk = machine->disks->pdata[i];
        if (!machine->tree || !vp_tree_find_now(machine->tree, disk->target))
            add_disk(result, disk->target, disk->source, vp_package_sink_format(sink, disk),
                     disk->size, disk->bytes);
    }
    for (guint i = 0; i < machine->about->left_out->len; i++) {
        const VpLeftOut *left_out = machine->about->left_out->pdata[i];
        g_ptr_array_add(result->left_out, vp_left_out_new(left_out->resource, left_out->reason));
    }
    describe_tree(machine->tree, result);
    describe_live(machine, result);
    if (machine->ram) {
        result->has_ram = TRUE;
        result->ram_size = machine->ram->size;
    }
    result->bytes_to_move = vp_machine_bytes(machine);
    result->space_needed = result->bytes_to_move;
    g_autofree char *folder = g_path_get_dirname(sink->path);
    guint64 filesystem;
    if (!vp_space_free(folder, &result->space_free, &filesystem, NULL))
        result->space_free = G_MAXUINT64;
    return result;
}

/* Zeros and compression may make it less, so only the caller of a plain copy is told
 * beforehand; a full disk is an error of its own later. */
static gboolean
check_space(const VpExportResult *result, const VpPackageSink *sink, GError **error)
{
    if (sink->compress || result->space_needed <= result->space_free)
        return TRUE;
    g_autofree char *needed = g_format_size_full(result->space_needed, G_FORMAT_SIZE_IEC_UNITS);
    g_autofree char *there = g_format_size_full(result->space_free, G_FORMAT_SIZE_IEC_UNITS);
    vp_error_set(error, VP_ERROR_FAILED,
                 "%s: the package needs %s and %s are free there: name another place",
                 result->package, needed, there);
    vp_error_add_fix(error, "--compress");
    return FALSE;
}

static VpConnection *
open_connection(const VpExportOptions *options, GError **error)
{
    g_autoptr(VpConnection) connection = vp_connection_open(options->uri, error);
    if (!connection || vp_connection_is_local(connection) || options->config_only)
        return g_steal_pointer(&connection);
    vp_error_set(error, VP_ERROR_FAILED,
                 "%s is on another machine, whose disks cannot be read from here: export there",
                 vp_connection_get_uri(connection));
    vp_error_add_fix(error, "--config-only");
    return NULL;
}

/* Moves the bytes. */
static gboolean
move(VpPackageSink *sink, const VpObserver *observer, VpExportResult **result, GError **error)
{
    if (!vp_source_begin(sink->machine, observer, sink->cancellable, error))
        return FALSE;
    /* What a running domain's disks hold is known only now. */
    vp_export_result_free(*result);
    *result = describe(sink->machine, sink);
    g_autoptr(VpMeter) meter = vp_meter_new(
        observer, "copy", (*result)->bytes_to_move + vp_machine_proof_bytes(sink->machine));
    sink->meter = meter;
    return check_space(*result, sink, error) && vp_sink_package(sink, &(*result)->identity, error);
}

gboolean
vp_export(const VpExportOptions *options, const VpObserver *observer, GCancellable *cancellable,
          VpExportResult **ret_result, GError **error)
{
    g_auto(VpCancelScope) scope = vp_cancel_scope_enter(cancellable);
    VpImageFormat format;
    VpPackageSink sink = {.cancellable = cancellable};
    if (!read_options(options, &format, &sink, error))
        return FALSE;
    g_autoptr(VpConnection) connection = open_connection(options, error);
    if (!connection)
        return FALSE;
    g_autoptr(VpReport) report = vp_report_new();
    g_autoptr(VpMachine) machine =
        vp_source_open_domain(connection, options, report, cancellable, error);
    if (!machine)
        return FALSE;
    g_autofree char *path = package_path(options, machine);
    sink.machine = machine;
    sink.path = path;
    if (!vp_package_writer_check(path, options->force, error))
        return FALSE;

    g_autoptr(VpExportResult) result = describe(machine, &sink);
    vp_report_tell(report, observer);
    if (!options->dry_run) {
        g_autoptr(GError) local = NULL;
        move(&sink, observer, &result, &local);
        vp_source_end(machine, &local);
        if (local) {
            g_propagate_error(error, g_steal_pointer(&local));
            return FALSE;
        }
    }
    *ret_result = g_steal_pointer(&result);
    return TRUE;
}
