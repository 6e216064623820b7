/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* strings: lists of strings. */
#pragma once

#include <glib.h>

/* TRUE when @list (may be NULL) holds @text. */
gboolean vp_strv_has(GStrv list, const char *text);

/* The strings of @array, which is freed, as a NULL-terminated list; caller frees. */
GStrv vp_strv_take(GPtrArray *array);

/* The keys of @table, which are strings, sorted by their bytes; caller frees. */
GStrv vp_strv_from_keys(GHashTable *table);

/* Sorts an array of char * by their bytes. */
void vp_strings_sort(GPtrArray *array);
