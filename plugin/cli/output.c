/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static gboolean line_stands; /* a progress line is on the terminal */

JsonBuilder *
vp_json_new(void)
{
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    return builder;
}

void
vp_json_text(JsonBuilder *builder, const char *name, const char *text)
{
    json_builder_set_member_name(builder, name);
    if (!text) {
        json_builder_add_null_value(builder);
        return;
    }
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    json_builder_add_string_value(builder, valid);
}

void
vp_json_number(JsonBuilder *builder, const char *name, gint64 number)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_int_value(builder, number);
}

void
vp_json_flag(JsonBuilder *builder, const char *name, gboolean flag)
{
    json_builder_set_member_name(builder, name);
    json_builder_add_boolean_value(builder, flag);
}

void
vp_json_open_array(JsonBuilder *builder, const char *name)
{
    json_builder_set_member_name(builder, name);
    json_builder_begin_array(builder);
}

void
vp_json_list(JsonBuilder *builder, const char *name, const char *const *list)
{
    vp_json_open_array(builder, name);
    for (; list && *list; list++)
        json_builder_add_string_value(builder, *list);
    json_builder_end_array(builder);
}

void
vp_json_left_out(JsonBuilder *builder, GPtrArray *left_out)
{
    vp_json_open_array(builder, "left_out");
    for (guint i = 0; i < left_out->len; i++) {
        const VpLeftOut *entry = left_out->pdata[i];
        json_builder_begin_object(builder);
        vp_json_text(builder, "resource", entry->resource);
        vp_json_text(builder, "reason", entry->reason);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
}

void
vp_output_object(const char *kind, JsonBuilder *builder)
{
    json_builder_end_object(builder);
    g_autoptr(JsonBuilder) line = json_builder_new();
    json_builder_begin_object(line);
    json_builder_set_member_name(line, kind);
    json_builder_add_value(line, json_builder_get_root(builder));
    json_builder_end_object(line);
    g_autoptr(JsonNode) root = json_builder_get_root(line);
    g_autofree char *text = json_to_string(root, FALSE);
    puts(text);
    fflush(stdout);
    g_object_unref(builder);
}

void
vp_output_line(VpCli *cli, const char *format, ...)
{
    if (cli->quiet)
        return;
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *shown = vp_escape(text);
    puts(shown);
}

void
vp_output_blank(VpCli *cli)
{
    if (!cli->quiet)
        putchar('\n');
}

char *
vp_format_size(guint64 bytes)
{
    return g_format_size_full(bytes, G_FORMAT_SIZE_IEC_UNITS);
}

char *
vp_format_time(gint64 seconds)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(seconds);
    return time ? g_date_time_format(time, "%Y-%m-%d %H:%M UTC") : g_strdup("unknown");
}

static void
json_progress(const VpProgress *progress)
{
    JsonBuilder *builder = vp_json_new();
    vp_json_text(builder, "phase", progress->phase);
    vp_json_text(builder, "resource", progress->resource);
    vp_json_number(builder, "done", (gint64)progress->done);
    vp_json_number(builder, "total", (gint64)progress->total);
    vp_json_number(builder, "bytes_per_second", (gint64)progress->bytes_per_second);
    if (progress->seconds_left >= 0)
        vp_json_number(builder, "seconds_left", progress->seconds_left);
    else
        vp_json_text(builder, "seconds_left", NULL);
    vp_output_object("progress", builder);
}

/* ", 3 min left": as much as it is good for. */
static char *
format_left(gint64 seconds)
{
    if (seconds < 0)
        return g_strdup("");
    if (seconds < 120)
        return g_strdup_printf(", %" G_GINT64_FORMAT " s left", seconds);
    gint64 minutes = (seconds + 59) / 60;
    if (minutes < 120)
        return g_strdup_printf(", %" G_GINT64_FORMAT " min left", minutes);
    return g_strdup_printf(", %" G_GINT64_FORMAT " h %" G_GINT64_FORMAT " min left", minutes / 60,
                           minutes % 60);
}

/* A line that wraps could not be written over. */
static void
put_progress(const char *line)
{
    struct winsize window = {0};
    glong columns =
        ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 ? window.ws_col : 80;
    g_autofree char *valid = g_utf8_make_valid(line, -1);
    g_autofree char *cut = g_utf8_substring(valid, 0, MIN(columns - 1, g_utf8_strlen(valid, -1)));
    fprintf(stderr, "\r\033[K%s", cut);
    fflush(stderr);
    line_stands = TRUE;
}

static void
show_progress(const VpProgress *progress, gpointer data)
{
    VpCli *cli = data;
    if (cli->json) {
        json_progress(progress);
        return;
    }
    if (cli->quiet || !isatty(STDERR_FILENO))
        return;
    g_autofree char *resource = vp_escape(progress->resource);
    g_autofree char *done = vp_format_size(progress->done);
    g_autofree char *total = vp_format_size(progress->total);
    g_autofree char *rate = vp_format_size(progress->bytes_per_second);
    g_autofree char *left = format_left(progress->seconds_left);
    g_autofree char *line = g_strdup_printf("%s %s: %s of %s, %s/s%s", progress->phase, resource,
                                            done, total, rate, left);
    put_progress(line);
}

void
vp_output_end_progress(VpCli *cli)
{
    if (line_stands)
        fputs("\r\033[K", stderr);
    line_stands = FALSE;
}

static const char *const level_words[] = {
    [VP_LEVEL_NOTE] = "note",
    [VP_LEVEL_WARNING] = "warning",
    [VP_LEVEL_ERROR] = "error",
};

static void
json_finding(const VpFinding *finding)
{
    JsonBuilder *builder = vp_json_new();
    vp_json_text(builder, "code", finding->code);
    vp_json_text(builder, "level", level_words[finding->level]);
    vp_json_text(builder, "resource", finding->resource);
    vp_json_text(builder, "place", finding->place);
    vp_json_text(builder, "message", finding->message);
    vp_json_list(builder, "fix", finding->fix);
    vp_output_object("finding", builder);
}

static void
print_fix(FILE *out, const char *const *fix)
{
    for (; fix && *fix; fix++) {
        g_autofree char *shown = vp_escape(*fix);
        fprintf(out, "    %s\n", shown);
    }
}

static void
show_finding(const VpFinding *finding, gpointer data)
{
    VpCli *cli = data;
    if (cli->json) {
        json_finding(finding);
        return;
    }
    if (cli->quiet && finding->level != VP_LEVEL_ERROR)
        return;
    vp_output_end_progress(cli);
    FILE *out = cli->report_on_stdout ? stdout : stderr;
    g_autofree char *resource =
        cli->report_on_stdout ? g_strconcat(finding->resource, ": ", NULL) : g_strdup("");
    g_autofree char *text = g_strconcat(resource, finding->message, NULL);
    g_autofree char *message = vp_escape(text);
    fprintf(out, "%s: %s: %s\n", level_words[finding->level], finding->code, message);
    print_fix(out, finding->fix);
}

VpObserver
vp_output_observer(VpCli *cli)
{
    VpObserver observer = {show_progress, show_finding, cli};
    return observer;
}

void
vp_output_error(VpCli *cli, int status, const GError *error)
{
    const char *const *fix = vp_error_get_fix(error);
    if (cli->json) {
        JsonBuilder *builder = vp_json_new();
        vp_json_number(builder, "status", status);
        vp_json_text(builder, "message", error->message);
        vp_json_list(builder, "fix", fix);
        if (cli->domain_xml)
            vp_json_text(builder, "domain_xml", cli->domain_xml);
        vp_output_object("error", builder);
        return;
    }
    vp_output_end_progress(cli);
    g_autofree char *message = vp_escape(error->message);
    fprintf(stderr, "virt-porter: %s\n", message);
    /* What settles a finding stood below it. */
    if (!g_error_matches(error, VP_ERROR, VP_ERROR_FINDINGS))
        print_fix(stderr, fix);
}
