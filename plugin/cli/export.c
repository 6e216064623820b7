/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output.h"

static VpExportOptions options;
static char **exclude;

static const GOptionEntry entries[] = {
    {"snapshot", 0, 0, G_OPTION_ARG_STRING, &options.snapshot,
     "that snapshot, as an independent machine", "NAME"},
    {"all-snapshots", 0, 0, G_OPTION_ARG_NONE, &options.all_snapshots,
     "a domain that is shut off, with its whole tree of snapshots", NULL},
    {"trust-images", 0, 0, G_OPTION_ARG_NONE, &options.trust_images,
     "take a snapshot's images that may have changed since, and warn", NULL},
    {"config-only", 0, 0, G_OPTION_ARG_NONE, &options.config_only,
     "the configuration without disks, UEFI variables and TPM; in any state of the domain", NULL},
    {"ram", 0, 0, G_OPTION_ARG_NONE, &options.ram,
     "with RAM, the default of a snapshot or saved domain that has it; pauses a running one", NULL},
    {"no-ram", 0, 0, G_OPTION_ARG_NONE, &options.no_ram,
     "leave the RAM of a saved domain or a snapshot out: its disks are as after a power cut", NULL},
    {"quiesce", 0, 0, G_OPTION_ARG_NONE, &options.quiesce,
     "freeze the file systems of a running guest for an instant, through its agent", NULL},
    {"format", 0, 0, G_OPTION_ARG_STRING, &options.format, "of the images, default qcow2",
     "qcow2|raw"},
    {"compress", 0, 0, G_OPTION_ARG_NONE, &options.compress, "qcow2 with zstd", NULL},
    {"exclude", 0, 0, G_OPTION_ARG_STRING_ARRAY, &exclude, "leave this disk's bytes out", "TARGET"},
    {"include-media", 0, 0, G_OPTION_ARG_NONE, &options.include_media,
     "take the media of CD-ROM and floppy drives too", NULL},
    {"secrets", 0, 0, G_OPTION_ARG_NONE, &options.secrets, "keep passwords in the domain XML",
     NULL},
    {"file-mode", 0, 0, G_OPTION_ARG_STRING, &options.file_mode,
     "mode of the disk images, default 0600", "OCT"},
    {"force", 0, 0, G_OPTION_ARG_NONE, &options.force, "replace an existing package, in one step",
     NULL},
    {"dry-run", 0, 0, G_OPTION_ARG_NONE, &options.dry_run,
     "tell what would be done; nothing is written", NULL},
    {NULL},
};

static void
print_json(const VpExportResult *result)
{
    JsonBuilder *builder = vp_json_new();
    vp_json_text(builder, "command", "export");
    vp_json_text(builder, "package", result->package);
    vp_json_text(builder, "identity", result->identity);
    vp_json_text(builder, "moment", result->moment);
    vp_json_text(builder, "consistency", vp_consistency_to_string(result->consistency));
    vp_json_text(builder, "backup", result->backup);
    vp_json_text(builder, "scratch", result->scratch);
    vp_json_number(builder, "scratch_needed", (gint64)result->scratch_needed);
    vp_json_flag(builder, "dry_run", options.dry_run);
    vp_json_number(builder, "bytes_to_move", (gint64)result->bytes_to_move);
    vp_json_flag(builder, "ram", result->has_ram);
    vp_json_number(builder, "ram_size", (gint64)result->ram_size);
    vp_json_number(builder, "space_needed", (gint64)result->space_needed);
    vp_json_number(builder, "space_free", (gint64)result->space_free);
    vp_json_open_array(builder, "disks");
    for (guint i = 0; i < result->disks->len; i++) {
        const VpExportDisk *disk = result->disks->pdata[i];
        json_builder_begin_object(builder);
        vp_json_text(builder, "target", disk->target);
        vp_json_text(builder, "source", disk->source);
        vp_json_text(builder, "format", vp_image_format_to_string(disk->format));
        vp_json_number(builder, "virtual_size", (gint64)disk->virtual_size);
        vp_json_number(builder, "bytes", (gint64)disk->bytes);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    vp_json_open_array(builder, "snapshots");
    for (guint i = 0; i < result->snapshots->len; i++)
        json_builder_add_string_value(builder, result->snapshots->pdata[i]);
    json_builder_end_array(builder);
    vp_json_left_out(builder, result->left_out);
    vp_output_object("result", builder);
}

static void
print_snapshots(VpCli *cli, const VpExportResult *result)
{
    for (guint i = 0; i < result->snapshots->len; i++)
        vp_output_line(cli, "  snapshot %s", (const char *)result->snapshots->pdata[i]);
}

static void
print_left_out(VpCli *cli, const VpExportResult *result)
{
    for (guint i = 0; i < result->left_out->len; i++) {
        const VpLeftOut *left_out = result->left_out->pdata[i];
        vp_output_line(cli, "  left out: %s: %s", left_out->resource, left_out->reason);
    }
}

static void
print_backup(VpCli *cli, const VpExportResult *result)
{
    if (!result->backup)
        return;
    g_autofree char *needed = vp_format_size(result->scratch_needed);
    vp_output_line(cli, "  read by a backup job (%s) with scratch files in %s: %s there",
                   result->backup, result->scratch, needed);
}

static void
print_dry_run(VpCli *cli, const VpExportResult *result)
{
    g_autofree char *bytes = vp_format_size(result->bytes_to_move);
    g_autofree char *there = vp_format_size(result->space_free);
    vp_output_line(cli, "Would export %s (%s, %s) to %s", options.domain, result->moment,
                   vp_consistency_to_string(result->consistency), result->package);
    for (guint i = 0; i < result->disks->len; i++) {
        const VpExportDisk *disk = result->disks->pdata[i];
        g_autofree char *size = vp_format_size(disk->virtual_size);
        g_autofree char *data = vp_format_size(disk->bytes);
        vp_output_line(cli, "  disk %s: %s as %s, %s of %s to move", disk->target, disk->source,
                       vp_image_format_to_string(disk->format), data, size);
    }
    if (result->has_ram) {
        g_autofree char *size = vp_format_size(result->ram_size);
        vp_output_line(cli, "  RAM: %s", result->ram_size > 0 ? size : "of unknown size, packed");
    }
    print_snapshots(cli, result);
    print_left_out(cli, result);
    print_backup(cli, result);
    vp_output_line(cli, "  %s to move, %s free at the destination", bytes, there);
}

static gboolean
run(VpCli *cli, char **operands, GError **error)
{
    options.uri = cli->uri;
    options.domain = operands[0];
    options.package = operands[1];
    options.exclude = (const char *const *)exclude;
    VpObserver observer = vp_output_observer(cli);
    g_autoptr(VpExportResult) result = NULL;
    if (!vp_export(&options, &observer, cli->cancellable, &result, error))
        return FALSE;
    vp_output_end_progress(cli);
    cli->changed = !options.dry_run;
    if (cli->json) {
        print_json(result);
    } else if (options.dry_run) {
        print_dry_run(cli, result);
    } else {
        vp_output_line(cli, "Exported %s (%s, %s) to %s", options.domain, result->moment,
                       vp_consistency_to_string(result->consistency), result->package);
        print_snapshots(cli, result);
        print_left_out(cli, result);
        if (cli->verbose) {
            print_backup(cli, result);
            vp_output_line(cli, "  sha256 %s", result->identity);
        }
    }
    return TRUE;
}

const VpCommand vp_command_export = {
    .name = "export",
    .operands = "DOMAIN [PACKAGE]",
    .summary = "turn a domain, or a snapshot of it, into a package",
    .options = entries,
    .least = 1,
    .most = 2,
    .run = run,
};
