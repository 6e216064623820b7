/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/paths.h"
#include "host/polkit.h"

#include <string.h>

#define RUN "/run/libvirt"
#define ETC "/etc/libvirt"

/* The configuration without its comments, on one line. */
static char *
without_comments(const char *conf)
{
    GString *text = g_string_new(NULL);
    char quote = 0;
    for (const char *c = conf; *c; c++) {
        if (quote ? *c == quote : *c == '"' || *c == '\'')
            quote = quote ? 0 : *c;
        else if (!quote && *c == '#')
            c += strcspn(c, "\n") - 1;
        else if (*c == '\n')
            g_string_append_c(text, ' ');
        if (*c != '\n')
            g_string_append_c(text, *c);
    }
    return g_string_free(text, FALSE);
}

/* Is @word in the list that @key is? The last of a key counts. */
static gboolean
list_has(const char *conf, const char *key, const char *word)
{
    g_autofree char *text = without_comments(conf);
    g_autofree char *start = g_strdup_printf("\\b%s\\s*=\\s*\\[([^\\]]*)\\]", key);
    g_autofree char *item = g_strdup_printf("[\"']%s[\"']", word);
    g_autoptr(GRegex) list = g_regex_new(start, 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    gboolean has = FALSE;
    for (g_regex_match(list, text, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
        g_autofree char *items = g_match_info_fetch(match, 1);
        has = g_regex_match_simple(item, items, 0, 0);
    }
    return has;
}

VpPolkitUse
vp_polkit_use_parse(const char *conf, gboolean *ret_login)
{
    g_autofree char *login = vp_path_parse_setting(conf, "auth_unix_rw");
    *ret_login = !login || strcmp(login, "polkit") == 0;
    return list_has(conf, "access_drivers", "polkit") ? VP_POLKIT_ASKED : VP_POLKIT_IGNORED;
}

/* libvirt's clients prefer the daemon of the QEMU driver alone, where its socket is. */
VpPolkitUse
vp_polkit_use(char **ret_conf, gboolean *ret_login)
{
    gboolean modular = g_file_test(RUN "/virtqemud-sock", G_FILE_TEST_EXISTS);
    const char *conf = modular ? ETC "/virtqemud.conf" : ETC "/libvirtd.conf";
    g_autofree char *text = NULL;
    g_autoptr(GError) cause = NULL;
    *ret_conf = g_strdup(conf);
    *ret_login = FALSE;
    if (!g_file_get_contents(conf, &text, NULL, &cause) &&
        !g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return VP_POLKIT_UNKNOWN;
    return vp_polkit_use_parse(text ? text : "", ret_login);
}
