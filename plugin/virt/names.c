/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/names.h"

#include "virt-porter.h"

#define NAMES_SHOWN 10

/* libvirt takes names with control characters in them. */
static void
append_escaped(GString *text, const char *name)
{
    g_autofree char *shown = vp_escape(name);
    g_string_append(text, shown);
}

char *
vp_names_describe(const char *const *names)
{
    guint n_names = g_strv_length((GStrv)names);
    if (n_names == 0)
        return g_strdup("there are none");

    GString *text = g_string_new("there are: ");
    for (guint i = 0; i < MIN(n_names, NAMES_SHOWN); i++) {
        if (i > 0)
            g_string_append(text, ", ");
        append_escaped(text, names[i]);
    }
    if (n_names > NAMES_SHOWN)
        g_string_append_printf(text, " and %u more", n_names - NAMES_SHOWN);
    return g_string_free(text, FALSE);
}
