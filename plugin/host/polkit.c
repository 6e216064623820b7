/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/polkit.h"
#include "base/arrival.h"
#include "base/strings.h"
#include "model/grant.h"
#include "model/identity.h"

#include <string.h>

/* Rules are asked in the order of their names: those of the site that come before, with a
 * smaller number, have the last word. */
#define FOLDER "/etc/polkit-1/rules.d"
#define PREFIX "70-virt-porter-"
#define SUFFIX ".rules"

#define CONNECT "org.libvirt.api.connect."
#define DOMAIN  "org.libvirt.api.domain."

/* What each role may do beside what those before it may. All else of libvirt's actions on a
 * domain is a way to root. */
static const char *const actions[][10] = {
    [VP_ROLE_VIEW] = {"getattr", "read"},
    [VP_ROLE_OPERATE] = {"start", "stop", "suspend", "reset", "init-control", "pm-control",
                         "send-input", "screenshot", "open-graphics"},
    [VP_ROLE_MANAGE] = {"open-device", "read-secure", "set-password", "set-time"},
};

static const char head[] = "// Written by virt-porter: who may use the libvirt domain ";
static const char user_test[] = "    if (subject.user == ";
static const char group_test[] = "    if (subject.isInGroup(";

VpPolkitRule *
vp_polkit_rule_new(const char *uuid, const char *name)
{
    VpPolkitRule *rule = g_new0(VpPolkitRule, 1);
    rule->uuid = g_strdup(uuid);
    rule->name = g_strdup(name);
    rule->grants = g_ptr_array_new_with_free_func((GDestroyNotify)vp_grant_free);
    return rule;
}

void
vp_polkit_rule_free(VpPolkitRule *rule)
{
    if (!rule)
        return;
    g_free(rule->uuid);
    g_free(rule->name);
    g_ptr_array_unref(rule->grants);
    g_free(rule);
}

/* A string of JavaScript. All but the plainest characters are written as their number: what is
 * left can neither end the string nor the comment that it may stand in. */
static void
append_string(GString *text, const char *value)
{
    g_autofree gunichar2 *units = g_utf8_to_utf16(value, -1, NULL, NULL, NULL);
    g_string_append_c(text, '"');
    for (const gunichar2 *u = units; u && *u; u++) {
        if (*u < 128 && (g_ascii_isalnum((char)*u) || strchr(" -_.@$+", (char)*u)))
            g_string_append_c(text, (char)*u);
        else
            g_string_append_printf(text, "\\u%04x", *u);
    }
    g_string_append_c(text, '"');
}

/* Reads such a string at *@text and moves that behind it; NULL for no such string. */
static char *
read_string(const char **text)
{
    g_autoptr(GArray) units = g_array_new(TRUE, FALSE, sizeof(gunichar2));
    const char *c = *text;
    if (*c++ != '"')
        return NULL;
    while (*c && *c != '"') {
        gunichar2 unit = (guchar)*c++;
        if (unit == '\\') {
            g_autofree char *digits = g_strndup(c, 5);
            guint64 number;
            if (*digits != 'u' || strlen(digits) != 5 ||
                !g_ascii_string_to_unsigned(digits + 1, 16, 1, G_MAXUINT16, &number, NULL))
                return NULL;
            unit = (gunichar2)number;
            c += strlen(digits);
        }
        g_array_append_val(units, unit);
    }
    if (*c != '"')
        return NULL;
    *text = c + 1;
    return g_utf16_to_utf8((const gunichar2 *)units->data, units->len, NULL, NULL, NULL);
}

static void
append_role(GString *text, VpRole role)
{
    if (role == VP_ROLE_VIEW)
        g_string_append(text, "    var view = [");
    else
        g_string_append_printf(text, "    var %s = %s.concat([", vp_role_to_string(role),
                               vp_role_to_string(role - 1));
    for (gsize i = 0; i < G_N_ELEMENTS(actions[role]) && actions[role][i]; i++)
        g_string_append_printf(text, "%s\n        \"" DOMAIN "%s\"", i ? "," : "",
                               actions[role][i]);
    g_string_append(text, role == VP_ROLE_VIEW ? "\n    ];\n" : "\n    ]);\n");
}

static void
append_grant(GString *text, const VpGrant *grant)
{
    gboolean group = *grant->subject == '@';
    g_string_append(text, group ? group_test : user_test);
    append_string(text, grant->subject + group);
    g_string_append_printf(text, "%s) may = may.concat(%s);\n", group ? ")" : "",
                           vp_role_to_string(grant->role));
}

char *
vp_polkit_rule_format(const VpPolkitRule *rule)
{
    GString *text = g_string_new(head);
    append_string(text, rule->name);
    g_string_append_printf(text,
                           ".\n"
                           "// To take it back: virt-porter revoke %s [SUBJECT]\n"
                           "polkit.addRule(function (action, subject) {\n"
                           "    if (action.id.indexOf(\"org.libvirt.api.\") != 0 ||\n"
                           "        action.lookup(\"connect_driver\") != \"QEMU\")\n"
                           "        return polkit.Result.NOT_HANDLED;\n\n",
                           rule->uuid);
    VpRole highest = VP_ROLE_VIEW;
    for (guint i = 0; i < rule->grants->len; i++)
        highest = MAX(highest, ((const VpGrant *)rule->grants->pdata[i])->role);
    for (VpRole role = VP_ROLE_VIEW; role <= highest; role++)
        append_role(text, role);
    g_string_append(text, "\n    var may = [];\n");
    for (guint i = 0; i < rule->grants->len; i++)
        append_grant(text, rule->grants->pdata[i]);
    g_string_append_printf(text,
                           "\n"
                           "    if (may.length > 0 && (action.id == \"" CONNECT "getattr\" ||\n"
                           "                           action.id == \"" CONNECT
                           "search-domains\"))\n"
                           "        return polkit.Result.YES;\n"
                           "    if (action.lookup(\"domain_uuid\") == \"%s\" &&\n"
                           "        may.indexOf(action.id) >= 0)\n"
                           "        return polkit.Result.YES;\n"
                           "    return polkit.Result.NOT_HANDLED;\n"
                           "});\n",
                           rule->uuid);
    return g_string_free(text, FALSE);
}

/* FALSE for a line that begins as one about a subject and is none. */
static gboolean
read_grant(const char *line, GPtrArray *grants)
{
    gboolean group = g_str_has_prefix(line, group_test);
    if (!group && !g_str_has_prefix(line, user_test))
        return TRUE;
    line += strlen(group ? group_test : user_test);
    g_autofree char *name = read_string(&line);
    const char *open = name ? strrchr(line, '(') : NULL;
    if (!open)
        return FALSE;
    g_autofree char *word = g_strndup(open + 1, strcspn(open + 1, ")"));
    g_autofree char *subject = g_strconcat(group ? "@" : "", name, NULL);
    VpRole role;
    if (!vp_role_parse(word, &role))
        return FALSE;
    g_ptr_array_add(grants, vp_grant_new(subject, role));
    return TRUE;
}

/* The UUID in "// To take it back: virt-porter revoke UUID [SUBJECT]". */
static char *
read_uuid(const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    guint count = g_strv_length(words);
    return count >= 2 ? g_strdup(words[count - 2]) : NULL;
}

VpPolkitRule *
vp_polkit_rule_parse(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    if (g_strv_length(lines) < 2 || !g_str_has_prefix(lines[0], head))
        return NULL;
    const char *at = lines[0] + strlen(head);
    g_autofree char *name = read_string(&at);
    g_autofree char *uuid = read_uuid(lines[1]);
    if (!name || !uuid)
        return NULL;
    g_autoptr(VpPolkitRule) rule = vp_polkit_rule_new(uuid, name);
    for (char **line = lines + 2; *line; line++) {
        if (!read_grant(*line, rule->grants))
            return NULL;
    }
    g_autofree char *again = vp_polkit_rule_format(rule);
    return strcmp(again, text) == 0 ? g_steal_pointer(&rule) : NULL;
}

const char *
vp_polkit_folder(void)
{
    return FOLDER;
}

char *
vp_polkit_path(const char *uuid)
{
    return g_strconcat(FOLDER "/" PREFIX, uuid, SUFFIX, NULL);
}

GStrv
vp_polkit_list(GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(GDir) dir = g_dir_open(FOLDER, 0, &cause);
    if (!dir && !g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
        vp_error_set(error, VP_ERROR_FAILED, "%s: only root can see and change grants",
                     cause->message);
        return NULL;
    }
    GPtrArray *uuids = g_ptr_array_new();
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        if (!g_str_has_prefix(name, PREFIX) || !g_str_has_suffix(name, SUFFIX))
            continue;
        gsize length = strlen(name) - strlen(PREFIX SUFFIX);
        g_autofree char *text = g_strndup(name + strlen(PREFIX), length);
        char *uuid = NULL;
        if (vp_uuid_parse(text, &uuid))
            g_ptr_array_add(uuids, uuid);
    }
    vp_strings_sort(uuids);
    return vp_strv_take(uuids);
}

VpPolkitRule *
vp_polkit_rule_load(const char *uuid, GError **error)
{
    g_autofree char *path = vp_polkit_path(uuid);
    g_autofree char *text = NULL;
    g_autoptr(GError) cause = NULL;
    if (!g_file_get_contents(path, &text, NULL, &cause)) {
        gboolean none = g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT);
        vp_error_set(error, none ? VP_ERROR_NOT_FOUND : VP_ERROR_FAILED, "%s%s", cause->message,
                     none ? "" : ": only root can see and change grants");
        return NULL;
    }
    VpPolkitRule *rule = vp_polkit_rule_parse(text);
    if (rule && strcmp(rule->uuid, uuid) == 0)
        return rule;
    vp_polkit_rule_free(rule);
    vp_error_set(error, VP_ERROR_FAILED,
                 "%s is no longer as virt-porter wrote it: edit it, or take all of it back", path);
    return NULL;
}

gboolean
vp_polkit_rule_save(const VpPolkitRule *rule, gboolean replace, GError **error)
{
    g_autofree char *path = vp_polkit_path(rule->uuid);
    g_autofree char *text = vp_polkit_rule_format(rule);
    g_autoptr(VpArrival) arrival = vp_arrival_new_file(path, 0644, error);
    return arrival && vp_arrival_fill(arrival, text, strlen(text), error) &&
           vp_arrival_commit(arrival, replace, error);
}
