/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/import-options.h"
#include "cli/output.h"

#include <stdio.h>

static void
print_json(const char *xml)
{
    JsonBuilder *builder = vp_json_new();
    vp_json_text(builder, "command", "plan");
    vp_json_text(builder, "plan_xml", xml);
    vp_output_object("result", builder);
}

static gboolean
run(VpCli *cli, char **operands, GError **error)
{
    const VpImportOptions *options = vp_import_options_take(cli, operands[0]);
    VpObserver observer = vp_output_observer(cli);
    g_autofree char *xml = vp_plan(options, &observer, cli->cancellable, error);
    if (!xml)
        return FALSE;
    if (cli->json)
        print_json(xml);
    else
        fputs(xml, stdout);
    return TRUE;
}

const VpCommand vp_command_plan = {
    .name = "plan",
    .operands = "PACKAGE",
    .summary = "print what would become of the package, as XML to edit and to give to import",
    .options = vp_import_options,
    .least = 1,
    .most = 1,
    .run = run,
};
