/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* powers: lines of contexts.pl in, each with the powers that its domain asks for in place of
 * the XML; "-" where it asks for none. */
#include "model/powers.h"

#include <stdio.h>
#include <string.h>

static char *
list_powers(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(xmlDoc) doc = vp_xml_parse(text, strlen(text), "domain", &error);
    if (!doc)
        g_error("%s: %s", error->message, text);
    g_autoptr(GPtrArray) uses = vp_powers_find(doc, NULL);
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < uses->len; i++) {
        const VpPowerUse *use = g_ptr_array_index(uses, i);
        g_string_append_printf(list, "%s%s", i > 0 ? "," : "", vp_power_to_string(use->power));
    }
    return g_strdup(list->len > 0 ? list->str : "-");
}

int
main(void)
{
    char *line = NULL;
    size_t size = 0;
    for (ssize_t n = getline(&line, &size, stdin); n > 0; n = getline(&line, &size, stdin)) {
        line[n - 1] = '\0';
        char *text = strrchr(line, '\t');
        if (!text)
            g_error("not a line of contexts.pl: %s", line);
        g_autofree char *powers = list_powers(text + 1);
        printf("%.*s\t%s\n", (int)(text - line), line, powers);
    }
    free(line);
    return 0;
}
