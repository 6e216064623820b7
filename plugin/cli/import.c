/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/import-options.h"
#include "cli/output.h"

#include <stdio.h>
#include <string.h>

static VpImportOptions options;
static char **disk, **network, **nic, **seclabel, **grant, **xml, **allow, **profile;

const GOptionEntry vp_import_options[] = {
    {"name", 0, 0, G_OPTION_ARG_STRING, &options.name, "of the new domain; default: the package's",
     "NAME"},
    {"uuid", 0, 0, G_OPTION_ARG_STRING, &options.uuid, "default new", "new|keep|UUID"},
    {"mac", 0, 0, G_OPTION_ARG_STRING, &options.mac, "of all NICs, default new",
     "new|keep|keep-if-free"},
    {"genid", 0, 0, G_OPTION_ARG_STRING, &options.genid, "the VM generation ID, default new",
     "new|keep"},
    {"restore", 0, 0, G_OPTION_ARG_NONE, &options.restore,
     "name, UUID, MACs, TPM, NVRAM, networks and autostart of the original", NULL},
    {"dir", 0, 0, G_OPTION_ARG_FILENAME, &options.dir, "folder where its disks go", "DIR"},
    {"pool", 0, 0, G_OPTION_ARG_STRING, &options.pool, "storage pool where its disks go", "POOL"},
    {"disk", 0, 0, G_OPTION_ARG_STRING_ARRAY, &disk,
     "where this disk goes; for a disk that the package does not hold, the image that it is",
     "TARGET=PATH|POOL/VOLUME|skip[,format=F]"},
    {"overwrite-device", 0, 0, G_OPTION_ARG_NONE, &options.overwrite_device,
     "a block device or volume that --disk names may lose what is on it", NULL},
    {"mode", 0, 0, G_OPTION_ARG_STRING, &options.mode,
     "disks are copies (default), layers over the package, or the package's own files",
     "copy|link|in-place"},
    {"verify", 0, 0, G_OPTION_ARG_NONE, &options.verify, "prove every disk before anything is made",
     NULL},
    {"no-verify", 0, 0, G_OPTION_ARG_NONE, &options.no_verify,
     "link or take disks that are not proved, knowingly", NULL},
    {"network", 0, 0, G_OPTION_ARG_STRING_ARRAY, &network,
     "connect every NIC whose source is SRC to DST", "SRC=DST"},
    {"nic", 0, 0, G_OPTION_ARG_STRING_ARRAY, &nic,
     "connect this NIC: network:N, bridge:B, direct:DEV[:MODE], ovs:B[:VLAN], user, none, drop, "
     "keep",
     "N|MAC=DST[,mac=M]"},
    {"on-missing-network", 0, 0, G_OPTION_ARG_STRING, &options.on_missing_network,
     "a NIC whose network is not here: connected to nothing (default), or refused", "none|fail"},
    {"owner", 0, 0, G_OPTION_ARG_STRING, &options.owner, "of the disk files", "USER[:GROUP]"},
    {"file-mode", 0, 0, G_OPTION_ARG_STRING, &options.file_mode, "of the disk files, default 0600",
     "OCT"},
    {"seclabel", 0, 0, G_OPTION_ARG_STRING_ARRAY, &seclabel,
     "a security label of the domain: dac, selinux, apparmor", "MODEL=LABEL|none"},
    {"grant", 0, 0, G_OPTION_ARG_STRING_ARRAY, &grant,
     "who may use the domain on a host whose libvirt asks polkit", "USER|@GROUP=ROLE"},
    {"tpm", 0, 0, G_OPTION_ARG_STRING, &options.tpm, "the TPM's state, default keep",
     "keep|fresh|drop"},
    {"nvram", 0, 0, G_OPTION_ARG_STRING, &options.nvram, "the UEFI variables, default keep",
     "keep|fresh"},
    {"ram", 0, 0, G_OPTION_ARG_STRING, &options.ram,
     "the RAM: the domain stands as saved (default), goes on at once, stands still, or boots",
     "saved|start|paused|drop"},
    {"virt-type", 0, 0, G_OPTION_ARG_STRING, &options.virt_type, "default: the package's",
     "kvm|qemu|auto"},
    {"machine", 0, 0, G_OPTION_ARG_STRING, &options.machine, "default: the package's", "TYPE"},
    {"memory", 0, 0, G_OPTION_ARG_STRING, &options.memory, "default: the package's", "MIB"},
    {"vcpus", 0, 0, G_OPTION_ARG_STRING, &options.vcpus, "default: the package's", "N"},
    {"title", 0, 0, G_OPTION_ARG_STRING, &options.title, "of the new domain", "T"},
    {"description", 0, 0, G_OPTION_ARG_STRING, &options.description, "of the new domain", "T"},
    {"xml", 0, 0, G_OPTION_ARG_STRING_ARRAY, &xml,
     "any other edit of the domain XML; also xpath.set=, xpath.create=, xpath.delete=",
     "XPATH=VALUE"},
    {"allow", 0, 0, G_OPTION_ARG_STRING_ARRAY, &allow,
     "a power that the domain XML asks for and may have", "POWER,…"},
    {"plan", 0, 0, G_OPTION_ARG_FILENAME, &options.plan,
     "what virt-porter plan printed, edited or not; options win", "FILE"},
    {"profile", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &profile,
     "rules of this site, by name or as a file; plan and options win", "NAME|FILE"},
    {"start", 0, 0, G_OPTION_ARG_NONE, &options.start, "start the domain once it is there", NULL},
    {"autostart", 0, 0, G_OPTION_ARG_NONE, &options.autostart, "start it with the host", NULL},
    {"dry-run", 0, 0, G_OPTION_ARG_NONE, &options.dry_run,
     "the report, and on stdout the domain XML as it would be defined; nothing is touched", NULL},
    {NULL},
};

static void
print_json(const VpImportResult *result)
{
    JsonBuilder *builder = vp_json_new();
    vp_json_text(builder, "command", "import");
    vp_json_text(builder, "name", result->name);
    vp_json_text(builder, "uuid", result->uuid);
    vp_json_text(builder, "identity", result->identity);
    vp_json_flag(builder, "dry_run", options.dry_run);
    vp_json_text(builder, "ram", result->ram);
    vp_json_flag(builder, "started", result->started);
    vp_json_open_array(builder, "files");
    for (guint i = 0; result->files && i < result->files->len; i++)
        json_builder_add_string_value(builder, result->files->pdata[i]);
    json_builder_end_array(builder);
    if (options.dry_run)
        vp_json_text(builder, "domain_xml", result->domain_xml);
    vp_output_object("result", builder);
}

/* With --json an error takes the place of the result, and the XML of a dry run along. */
static void
print_failed_dry_run(VpCli *cli, const VpImportResult *result)
{
    if (!cli->json)
        fputs(result->domain_xml, stdout);
    else
        cli->domain_xml = g_strdup(result->domain_xml);
}

static void
print_result(VpCli *cli, const VpImportResult *result)
{
    if (cli->json) {
        print_json(result);
    } else if (options.dry_run) {
        fputs(result->domain_xml, stdout);
    } else {
        gboolean resumed = result->ram && result->started && strcmp(result->ram, "started") == 0;
        vp_output_line(cli, "Imported %s as %s (%s)%s%s%s", options.package, result->name,
                       result->uuid, result->ram ? ", RAM " : "", result->ram ? result->ram : "",
                       result->started && !resumed ? ", started" : "");
        for (guint i = 0; i < result->files->len; i++)
            vp_output_line(cli, "  %s", (char *)result->files->pdata[i]);
    }
}

const VpImportOptions *
vp_import_options_take(const VpCli *cli, const char *package)
{
    options.uri = cli->uri;
    options.package = package;
    options.disk = (const char *const *)disk;
    options.network = (const char *const *)network;
    options.nic = (const char *const *)nic;
    options.seclabel = (const char *const *)seclabel;
    options.grant = (const char *const *)grant;
    options.xml = (const char *const *)xml;
    options.allow = (const char *const *)allow;
    options.profile = (const char *const *)profile;
    return &options;
}

static gboolean
run(VpCli *cli, char **operands, GError **error)
{
    vp_import_options_take(cli, operands[0]);
    VpObserver observer = vp_output_observer(cli);
    g_autoptr(VpImportResult) result = NULL;
    gboolean done = vp_import(&options, &observer, cli->cancellable, &result, error);
    vp_output_end_progress(cli);
    cli->changed = done && !options.dry_run;
    if (done)
        print_result(cli, result);
    else if (result && options.dry_run)
        print_failed_dry_run(cli, result);
    return done;
}

const VpCommand vp_command_import = {
    .name = "import",
    .operands = "PACKAGE",
    .summary = "turn a package into a new domain, as often as you like",
    .options = vp_import_options,
    .least = 1,
    .most = 1,
    .run = run,
};
