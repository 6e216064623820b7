/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output.h"

static gboolean
run(VpCli *cli, char **operands, GError **error)
{
    VpObserver observer = vp_output_observer(cli);
    guint64 bytes = 0;
    gboolean whole = vp_verify(operands[0], &observer, cli->cancellable, &bytes, error);
    vp_output_end_progress(cli);
    if (!whole)
        return FALSE;
    if (cli->json) {
        JsonBuilder *builder = vp_json_new();
        vp_json_text(builder, "command", "verify");
        vp_json_text(builder, "package", operands[0]);
        vp_json_number(builder, "bytes", (gint64)bytes);
        vp_output_object("result", builder);
        return TRUE;
    }
    g_autofree char *size = vp_format_size(bytes);
    vp_output_line(cli, "%s: whole, %s proved", operands[0], size);
    return TRUE;
}

const VpCommand vp_command_verify = {
    .name = "verify",
    .operands = "PACKAGE",
    .summary = "prove every digest: nothing damaged, nothing missing, nothing extra",
    .least = 1,
    .most = 1,
    .run = run,
};
