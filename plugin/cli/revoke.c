/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output.h"

static void
print_json(const VpRevokeResult *result)
{
    JsonBuilder *builder = vp_json_new();
    vp_json_text(builder, "command", "revoke");
    vp_json_text(builder, "name", result->domain);
    vp_json_text(builder, "uuid", result->uuid);
    vp_json_list(builder, "grants", (const char *const *)result->grants);
    vp_output_object("result", builder);
}

static gboolean
run(VpCli *cli, char **operands, GError **error)
{
    g_autoptr(VpRevokeResult) result = NULL;
    if (!vp_revoke(cli->uri, operands[0], operands[1], &result, error))
        return FALSE;
    cli->changed = TRUE;
    if (cli->json) {
        print_json(result);
        return TRUE;
    }
    g_autofree char *grants = g_strjoinv(", ", result->grants);
    vp_output_line(cli, "Revoked %s on %s (%s)", *grants ? grants : "all",
                   result->domain ? result->domain : "a domain that is gone", result->uuid);
    return TRUE;
}

const VpCommand vp_command_revoke = {
    .name = "revoke",
    .operands = "DOMAIN [SUBJECT]",
    .summary = "take back what import --grant gave, all or one user's or @group's",
    .least = 1,
    .most = 2,
    .run = run,
};
