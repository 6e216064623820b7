/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/identity.h"

#include <string.h>

#define NAME_LIMIT 200 /* bytes: "NAME-TARGET.qcow2" and a temporary name fit NAME_MAX */

gboolean
vp_uuid_parse(const char *text, char **ret_uuid)
{
    /* libvirt reads a UUID without dashes too. */
    g_autoptr(GString) digits = g_string_new(NULL);
    for (const char *c = text; *c; c++) {
        if (g_ascii_isxdigit(*c))
            g_string_append_c(digits, g_ascii_tolower(*c));
        else if (*c != '-')
            return FALSE;
    }
    if (digits->len != 32)
        return FALSE;
    static const gsize dashes[] = {20, 16, 12, 8};
    for (gsize i = 0; i < G_N_ELEMENTS(dashes); i++)
        g_string_insert_c(digits, (gssize)dashes[i], '-');
    if (ret_uuid)
        *ret_uuid = g_strdup(digits->str);
    return TRUE;
}

char *
vp_uuid_new(void)
{
    return g_uuid_string_random();
}

gboolean
vp_mac_parse(const char *text, char **ret_mac)
{
    if (strlen(text) != 17)
        return FALSE;
    for (int i = 0; i < 17; i++) {
        if (i % 3 == 2 ? text[i] != ':' : !g_ascii_isxdigit(text[i]))
            return FALSE;
    }
    gboolean multicast = g_ascii_xdigit_value(text[1]) & 1;
    gboolean zero = strspn(text, "0:") == 17;
    if (multicast || zero)
        return FALSE;
    if (ret_mac)
        *ret_mac = g_ascii_strdown(text, -1);
    return TRUE;
}

gboolean
vp_mac_prefix_check(const char *text)
{
    static const char tail[] = ":11:11:11:11:11";
    gsize length = strlen(text);
    if (length > 14 || length % 3 != 2)
        return FALSE;
    g_autofree char *whole = g_strconcat(text, tail + length - 2, NULL);
    return vp_mac_parse(whole, NULL);
}

char *
vp_mac_new(const char *prefix)
{
    GString *mac = g_string_new(prefix);
    while (mac->len < 17)
        g_string_append_printf(mac, ":%02x", g_random_int_range(0, 256));
    g_string_ascii_down(mac);
    return g_string_free(mac, FALSE);
}

static gboolean
has_control_character(const char *text)
{
    for (const char *c = text; *c; c = g_utf8_next_char(c)) {
        if (g_unichar_iscntrl(g_utf8_get_char(c)))
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_blank(const char *text)
{
    while (*text && g_unichar_isspace(g_utf8_get_char(text)))
        text = g_utf8_next_char(text);
    return !*text;
}

gboolean
vp_name_check(const char *name, const char *what, GError **error)
{
    const char *fault = NULL;
    if (!*name)
        fault = "is empty";
    else if (!g_utf8_validate(name, -1, NULL))
        fault = "is not UTF-8";
    else if (is_blank(name))
        fault = "has nothing but spaces";
    else if (has_control_character(name))
        fault = "has a control character";
    else if (strchr(name, '/'))
        fault = "has a slash";
    else if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        fault = "is a folder's";
    else if (strlen(name) > NAME_LIMIT)
        fault = "is longer than 200 bytes";
    if (!fault)
        return TRUE;
    g_autofree char *shown = vp_escape(name);
    vp_error_set(error, VP_ERROR_USAGE, "%s: the name “%.80s” %s: give another", what, shown,
                 fault);
    return FALSE;
}

/* What a terminal acts on, or what makes text read other than it is (Unicode
 * Standard Annex #9, the explicit directional formatting characters). */
static gboolean
is_harmful(gunichar c)
{
    return g_unichar_iscntrl(c) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
           c == 0x200e || c == 0x200f || c == 0x061c || c == 0x2028 || c == 0x2029;
}

char *
vp_escape(const char *text)
{
    g_autoptr(GString) out = g_string_new(NULL);
    while (*text) {
        gunichar c = g_utf8_get_char_validated(text, -1);
        if (c == (gunichar)-1 || c == (gunichar)-2) {
            g_string_append_printf(out, "\\x%02x", (guint8)*text++);
            continue;
        }
        if (!is_harmful(c))
            g_string_append_unichar(out, c);
        else if (c < 0x80)
            g_string_append_printf(out, "\\x%02x", c);
        else
            g_string_append_printf(out, "\\u{%x}", c);
        text = g_utf8_next_char(text);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}
