/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/option.h"
#include "base/strings.h"

#include <string.h>

GStrv
vp_option_split(const char *text)
{
    g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) field = g_string_new(NULL);
    for (const char *c = text; *c; c++) {
        if (*c != ',') {
            g_string_append_c(field, *c);
        } else if (c[1] == ',') {
            g_string_append_c(field, *c++);
        } else {
            g_ptr_array_add(fields, g_strdup(field->str));
            g_string_truncate(field, 0);
        }
    }
    g_ptr_array_add(fields, g_strdup(field->str));
    return vp_strv_take(g_steal_pointer(&fields));
}

gboolean
vp_option_pair(const char *text, const char *option, const char *form, char **ret_key,
               char **ret_value, GError **error)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text) {
        vp_error_set(error, VP_ERROR_USAGE, "%s: “%s” is malformed: give %s", option, text, form);
        return FALSE;
    }
    *ret_key = g_strndup(text, (gsize)(equals - text));
    *ret_value = g_strdup(equals + 1);
    return TRUE;
}
