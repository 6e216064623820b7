/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/import-options.h"
#include "cli/output.h"

static void
print_json(void)
{
    JsonBuilder *builder = vp_json_new();
    vp_json_text(builder, "command", "check");
    vp_output_object("result", builder);
}

static gboolean
run(VpCli *cli, char **operands, GError **error)
{
    const VpImportOptions *options = vp_import_options_take(cli, operands[0]);
    cli->report_on_stdout = TRUE;
    VpObserver observer = vp_output_observer(cli);
    if (!vp_check(options, &observer, cli->cancellable, error))
        return FALSE;
    if (cli->json)
        print_json();
    return TRUE;
}

const VpCommand vp_command_check = {
    .name = "check",
    .operands = "PACKAGE",
    .summary = "say what an import would find: what cannot or should not work here",
    .options = vp_import_options,
    .least = 1,
    .most = 1,
    .run = run,
};
