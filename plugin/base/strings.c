/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/strings.h"

#include <stdlib.h>
#include <string.h>

gboolean
vp_strv_has(GStrv list, const char *text)
{
    return list && text && g_strv_contains((const char *const *)list, text);
}

GStrv
vp_strv_take(GPtrArray *array)
{
    g_ptr_array_set_free_func(array, NULL);
    g_ptr_array_add(array, NULL);
    return (GStrv)g_ptr_array_free(array, FALSE);
}

static gint
compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
vp_strings_sort(GPtrArray *array)
{
    g_ptr_array_sort(array, compare);
}

GStrv
vp_strv_from_keys(GHashTable *table)
{
    guint length;
    g_autofree gpointer *keys = g_hash_table_get_keys_as_array(table, &length);
    qsort(keys, length, sizeof(*keys), compare);
    return g_strdupv((GStrv)keys);
}
