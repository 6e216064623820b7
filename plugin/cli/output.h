/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * output: how things are told: results on stdout, all else on stderr; with --json
 * stdout holds objects only, one a line.
 */
#pragma once

#include "cli/command.h"

#include <json-glib/json-glib.h>

/* An observer that shows progress (on a terminal, unless quiet) and findings. */
VpObserver vp_output_observer(VpCli *cli);

/* Ends the progress line, if one stands. */
void vp_output_end_progress(VpCli *cli);

/* The error, once, with what settles it. */
void vp_output_error(VpCli *cli, int status, const GError *error);

/* {"KIND":{…}} as one line on stdout; @builder holds the inner object, still open,
 * and is freed. */
void vp_output_object(const char *kind, JsonBuilder *builder);

/* A builder with an object open; what goes into it. A NULL @text is null. */
JsonBuilder *vp_json_new(void);
void vp_json_text(JsonBuilder *builder, const char *name, const char *text);
void vp_json_number(JsonBuilder *builder, const char *name, gint64 number);
void vp_json_flag(JsonBuilder *builder, const char *name, gboolean flag);
void vp_json_list(JsonBuilder *builder, const char *name, const char *const *list);
/* "left_out": what of the machine is not there, and why; an array of VpLeftOut. */
void vp_json_left_out(JsonBuilder *builder, GPtrArray *left_out);
void vp_json_open_array(JsonBuilder *builder, const char *name);

/* A line of text on stdout, escaped for the terminal; nothing with --quiet. */
void vp_output_line(VpCli *cli, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* An empty line on stdout; nothing with --quiet. */
void vp_output_blank(VpCli *cli);

/* "1.5 GiB"; caller frees. */
char *vp_format_size(guint64 bytes);
/* "2026-11-22 20:29 UTC"; caller frees. */
char *vp_format_time(gint64 seconds);
