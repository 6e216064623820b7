/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For the shell's completion: names, one a line; a fault is silence. */
#include "cli/command.h"

#include <stdio.h>

static gboolean
run(VpCli *cli, char **operands, GError **error)
{
    g_auto(GStrv) names = vp_complete(cli->uri, operands[0], operands[1], NULL);
    for (char **name = names; name && *name; name++)
        puts(*name);
    return TRUE;
}

const VpCommand vp_command_complete = {
    .name = "complete",
    .operands = "domains|networks|pools|profiles|snapshots [DOMAIN]",
    .summary = "names for the shell's completion",
    .least = 1,
    .most = 2,
    .hidden = TRUE,
    .run = run,
};
