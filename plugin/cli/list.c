/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/output.h"

static void
print_json(GPtrArray *origins)
{
    JsonBuilder *builder = vp_json_new();
    vp_json_text(builder, "command", "list");
    vp_json_open_array(builder, "domains");
    for (guint i = 0; i < origins->len; i++) {
        const VpOrigin *origin = origins->pdata[i];
        json_builder_begin_object(builder);
        vp_json_text(builder, "name", origin->name);
        vp_json_text(builder, "uuid", origin->uuid);
        vp_json_text(builder, "package", origin->package);
        vp_json_text(builder, "identity", origin->identity);
        vp_json_number(builder, "time", origin->time);
        vp_json_text(builder, "user", origin->user);
        vp_json_text(builder, "moment", origin->moment);
        vp_json_text(builder, "origin_host", origin->origin_host);
        vp_json_text(builder, "origin_domain", origin->origin_domain);
        if (origin->grants)
            vp_json_list(builder, "grants", (const char *const *)origin->grants);
        else
            vp_json_text(builder, "grants", NULL);
        json_builder_end_object(builder);
    }
    json_builder_end_array(builder);
    vp_output_object("result", builder);
}

static const char *
or_unknown(const char *text)
{
    return text ? text : "unknown";
}

static gboolean
run(VpCli *cli, char **operands, GError **error)
{
    g_autoptr(GPtrArray) origins = vp_list(cli->uri, error);
    if (!origins)
        return FALSE;
    if (cli->json) {
        print_json(origins);
        return TRUE;
    }
    if (origins->len == 0) {
        vp_output_line(cli, "No domain here came from a package.");
        return TRUE;
    }
    vp_output_line(cli, "%-20s %-21s %-16s %-24s %s", "Domain", "Imported", "By", "From",
                   "Package");
    for (guint i = 0; i < origins->len; i++) {
        const VpOrigin *origin = origins->pdata[i];
        g_autofree char *time = vp_format_time(origin->time);
        g_autofree char *from =
            g_strdup_printf("%s@%s", or_unknown(origin->origin_domain), or_unknown(origin->moment));
        vp_output_line(cli, "%-20s %-21s %-16s %-24s %s (%.12s)", or_unknown(origin->name), time,
                       or_unknown(origin->user), from, or_unknown(origin->package),
                       or_unknown(origin->identity));
        for (char **grant = origin->grants; grant && *grant; grant++)
            vp_output_line(cli, "  granted: %s", *grant);
    }
    return TRUE;
}

const VpCommand vp_command_list = {
    .name = "list",
    .operands = "",
    .summary = "domains of this host that came from packages, with their origin",
    .least = 0,
    .most = 0,
    .run = run,
};
