/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* command: a command is a row: its name, its words, its options and a small handler. */
#pragma once

#include "virt-porter.h"

/* What every command is given. */
typedef struct {
    char *uri;
    gboolean json;
    gboolean quiet;
    gboolean verbose;
    gboolean version;
    gboolean report_on_stdout; /* the findings are the result */
    gboolean changed;          /* it is done, and left more than a result */
    char *domain_xml;          /* of a dry run that failed: goes along with the error */
    GCancellable *cancellable; /* cancelled by SIGINT, SIGTERM and SIGHUP */
} VpCli;

typedef struct {
    const char *name;
    const char *operands; /* "DOMAIN [PACKAGE]" */
    const char *summary;  /* a line */
    const GOptionEntry *options;
    int least, most; /* operands; most -1: any number */
    gboolean hidden;
    /* FALSE and @error when it failed; results are printed, the error is not. */
    gboolean (*run)(VpCli *cli, char **operands, GError **error);
} VpCommand;

extern const VpCommand vp_command_check;
extern const VpCommand vp_command_export;
extern const VpCommand vp_command_import;
extern const VpCommand vp_command_info;
extern const VpCommand vp_command_list;
extern const VpCommand vp_command_plan;
extern const VpCommand vp_command_revoke;
extern const VpCommand vp_command_verify;
extern const VpCommand vp_command_complete;

/* All of them, NULL-terminated, in the order of the help. */
extern const VpCommand *const vp_commands[];
extern const GOptionEntry vp_global_options[];

/* The command of this name, or NULL. */
const VpCommand *vp_command_find(const char *name);

/* The help of the program, of one command, to stdout, at most 80 columns. */
void vp_help_print(void);
void vp_help_print_command(const VpCommand *command);
