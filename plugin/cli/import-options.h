/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* import-options: the options of import, which plan and check share. */
#pragma once

#include "cli/command.h"

extern const GOptionEntry vp_import_options[];

/* What was given for them, for the package at @package; static. */
const VpImportOptions *vp_import_options_take(const VpCli *cli, const char *package);
