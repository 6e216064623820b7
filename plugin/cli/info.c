/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output.h"

/* That of an internal snapshot lies in an image. */
static gboolean
has_ram(const VpMoment *moment)
{
    return moment->ram || (moment->snapshot && moment->consistency == VP_CONSISTENCY_RAM);
}

static void
json_moment(JsonBuilder *builder, const VpManifest *manifest, const VpMoment *moment)
{
    json_builder_begin_object(builder);
    vp_json_text(builder, "id", moment->id);
    vp_json_text(builder, "parent", moment->parent);
    vp_json_text(builder, "name", moment->name);
    vp_json_text(builder, "consistency", vp_consistency_to_string(moment->consistency));
    if (moment->snapshot) {
        vp_json_text(builder, "state", moment->snapshot->state);
        vp_json_number(builder, "created", (gint64)moment->snapshot->created);
        vp_json_flag(builder, "current", moment->snapshot->current);
        vp_json_text(builder, "description", moment->snapshot->description);
    }
    vp_json_flag(builder, "ram", has_ram(moment));
    vp_json_number(builder, "ram_size", moment->ram ? (gint64)moment->ram->size : 0);
    vp_json_flag(builder, "nvram", moment->nvram != NULL);
    vp_json_flag(builder, "tpm", moment->tpm->len > 0);
    vp_json_open_array(builder, "disks");
    for (guint i = 0; i < moment->disks->len; i++) {
        const VpMomentDisk *disk = moment->disks->pdata[i];
        json_builder_begin_object(builder);
        vp_json_text(builder, "target", disk->target);
        vp_json_text(builder, "image", disk->image);
        vp_json_text(builder, "snapshot", disk->snapshot);
        vp_json_text(builder, "overlay", disk->overlay);
        vp_json_text(builder, "digest", disk->digest);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    json_builder_end_object(builder);
}

static void
json_image(JsonBuilder *builder, const VpImage *image)
{
    json_builder_begin_object(builder);
    vp_json_text(builder, "id", image->id);
    vp_json_text(builder, "member", image->member);
    vp_json_text(builder, "format", vp_image_format_to_string(image->format));
    vp_json_number(builder, "virtual_size", (gint64)image->virtual_size);
    vp_json_number(builder, "file_size", (gint64)image->file_size);
    vp_json_number(builder, "allocated", (gint64)image->allocated);
    vp_json_text(builder, "backing", image->backing);
    json_builder_end_object(builder);
}

static void
json_about(JsonBuilder *builder, const VpManifest *manifest)
{
    vp_json_text(builder, "producer", manifest->producer);
    vp_json_number(builder, "created", manifest->created);
    vp_json_flag(builder, "config_only", manifest->config_only);
    vp_json_text(builder, "origin_host", manifest->host);
    vp_json_text(builder, "origin_uri", manifest->uri);
    vp_json_text(builder, "origin_domain", manifest->domain_name);
    vp_json_text(builder, "origin_uuid", manifest->domain_uuid);
    vp_json_text(builder, "arch", manifest->arch);
    vp_json_text(builder, "virt_type", manifest->virt_type);
    vp_json_text(builder, "machine_type", manifest->machine_type);
    vp_json_text(builder, "cpu_mode", manifest->cpu_mode);
    vp_json_text(builder, "cpu_model", manifest->cpu_model);
    vp_json_text(builder, "firmware", manifest->firmware_path);
}

static void
print_json(const VpManifest *manifest, const char *path, const char *identity)
{
    JsonBuilder *builder = vp_json_new();
    vp_json_text(builder, "command", "info");
    vp_json_text(builder, "package", path);
    vp_json_text(builder, "identity", identity);
    json_about(builder, manifest);
    vp_json_open_array(builder, "images");
    for (guint i = 0; i < manifest->images->len; i++)
        json_image(builder, manifest->images->pdata[i]);
    json_builder_end_array(builder);
    vp_json_open_array(builder, "moments");
    for (guint i = 0; i < manifest->moments->len; i++)
        json_moment(builder, manifest, manifest->moments->pdata[i]);
    json_builder_end_array(builder);
    vp_json_open_array(builder, "networks");
    for (guint i = 0; i < manifest->networks->len; i++)
        json_builder_add_string_value(
            builder, ((const VpNetworkAdvice *)manifest->networks->pdata[i])->name);
    json_builder_end_array(builder);
    vp_json_left_out(builder, manifest->left_out);
    vp_output_object("result", builder);
}

static void
print_row(VpCli *cli, const char *what, const char *text)
{
    if (text && *text)
        vp_output_line(cli, "%-12s %s", what, text);
}

static void
print_origin(VpCli *cli, const VpManifest *manifest, const char *identity)
{
    g_autofree char *from = g_strdup_printf("%s (%s) on %s, %s", manifest->domain_name,
                                            manifest->domain_uuid, manifest->host, manifest->uri);
    g_autofree char *created = vp_format_time(manifest->created);
    g_autofree char *made = g_strdup_printf("%s by %s", created, manifest->producer);
    print_row(cli, "Domain", from);
    print_row(cli, "Exported", made);
    print_row(cli, "Contents", manifest->config_only ? "configuration only" : NULL);
    print_row(cli, "Identity", identity);
}

static void
print_machine(VpCli *cli, const VpManifest *manifest)
{
    g_autofree char *machine =
        g_strdup_printf("%s, %s, %s", manifest->machine_type ? manifest->machine_type : "unknown",
                        manifest->arch ? manifest->arch : "unknown",
                        manifest->virt_type ? manifest->virt_type : "unknown");
    g_autofree char *cpu = g_strdup_printf("%s%s%s", manifest->cpu_mode ? manifest->cpu_mode : "",
                                           manifest->cpu_mode && manifest->cpu_model ? ", " : "",
                                           manifest->cpu_model ? manifest->cpu_model : "");
    print_row(cli, "Machine", machine);
    print_row(cli, "CPU", cpu);
    print_row(cli, "Firmware", manifest->firmware_path);
    for (guint i = 0; i < manifest->networks->len; i++) {
        const VpNetworkAdvice *advice = manifest->networks->pdata[i];
        print_row(cli, "Network", advice->name);
    }
}

static const VpImage *
find_image(const VpManifest *manifest, const char *id)
{
    for (guint i = 0; i < manifest->images->len; i++) {
        const VpImage *image = manifest->images->pdata[i];
        if (g_str_equal(image->id, id))
            return image;
    }
    return NULL;
}

static void
print_disks(VpCli *cli, const VpManifest *manifest, const VpMoment *moment)
{
    if (moment->disks->len == 0)
        return;
    vp_output_blank(cli);
    vp_output_line(cli, "%-8s %-7s %12s %12s %12s  %s", "Disk", "Format", "Size", "Data", "File",
                   "Content digest");
    for (guint i = 0; i < moment->disks->len; i++) {
        const VpMomentDisk *disk = moment->disks->pdata[i];
        const VpImage *image = find_image(manifest, disk->image);
        g_autofree char *size = vp_format_size(image->virtual_size);
        g_autofree char *data = vp_format_size(image->allocated);
        g_autofree char *file = vp_format_size(image->file_size);
        vp_output_line(cli, "%-8s %-7s %12s %12s %12s  %.16s…", disk->target,
                       vp_image_format_to_string(image->format), size, data, file, disk->digest);
    }
}

static void
print_moment(VpCli *cli, const VpManifest *manifest, const VpMoment *moment)
{
    g_autofree char *ram_size = moment->ram ? vp_format_size(moment->ram->size) : NULL;
    g_autofree char *ram = ram_size ? g_strdup_printf(" of %s", ram_size) : g_strdup("");
    g_autofree char *what = g_strdup_printf("%s%s, %s%s%s%s", moment->name ? "snapshot " : "",
                                            moment->name ? moment->name : "now",
                                            vp_consistency_to_string(moment->consistency), ram,
                                            moment->nvram ? ", with UEFI variables" : "",
                                            moment->tpm->len > 0 ? ", with TPM state" : "");
    print_row(cli, "Moment", what);
    print_disks(cli, manifest, moment);
}

static guint
depth_of(const VpManifest *manifest, const VpMoment *moment)
{
    for (guint i = 0; moment->parent && i < manifest->moments->len; i++) {
        const VpMoment *other = manifest->moments->pdata[i];
        if (g_str_equal(other->id, moment->parent))
            return depth_of(manifest, other) + 1;
    }
    return 0;
}

/* Each below the one that it followed; "*" marks the one that the machine came from. */
static void
print_snapshots(VpCli *cli, const VpManifest *manifest)
{
    if (manifest->moments->len < 2)
        return;
    vp_output_blank(cli);
    vp_output_line(cli, "Snapshots");
    for (guint i = 1; i < manifest->moments->len; i++) {
        const VpMoment *moment = manifest->moments->pdata[i];
        const VpMomentSnapshot *snapshot = moment->snapshot;
        g_autofree char *taken = vp_format_time((gint64)snapshot->created);
        vp_output_line(cli, "%*s%s %s (%s, %s)%s%s", 2 * MIN(depth_of(manifest, moment), 20), "",
                       snapshot->current ? "*" : "-", moment->name,
                       vp_consistency_to_string(moment->consistency), taken,
                       snapshot->description ? ": " : "",
                       snapshot->description ? snapshot->description : "");
    }
}

static gboolean
run(VpCli *cli, char **operands, GError **error)
{
    g_autofree char *identity = NULL;
    g_autoptr(VpManifest) manifest = vp_info(operands[0], &identity, error);
    if (!manifest)
        return FALSE;
    if (cli->json) {
        print_json(manifest, operands[0], identity);
        return TRUE;
    }
    print_origin(cli, manifest, identity);
    print_machine(cli, manifest);
    print_moment(cli, manifest, manifest->moments->pdata[0]);
    print_snapshots(cli, manifest);
    if (manifest->left_out->len > 0)
        vp_output_blank(cli);
    for (guint i = 0; i < manifest->left_out->len; i++) {
        const VpLeftOut *left_out = manifest->left_out->pdata[i];
        vp_output_line(cli, "left out: %s: %s", left_out->resource, left_out->reason);
    }
    return TRUE;
}

const VpCommand vp_command_info = {
    .name = "info",
    .operands = "PACKAGE",
    .summary = "what is inside a package",
    .least = 1,
    .most = 1,
    .run = run,
};
