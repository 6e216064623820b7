/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* option: the forms that values of command-line options have. */
#pragma once

#include "base/error.h"

/* Splits "A,b=C,d=E" at its commas, a doubled comma being one of a value; caller
 * frees with g_strfreev(). */
GStrv vp_option_split(const char *text);

/* Splits @text at its first "=" into *@ret_key and *@ret_value (caller frees both).
 * VP_ERROR_USAGE names @option and shows @form when there is no "=" or no key. */
gboolean vp_option_pair(const char *text, const char *option, const char *form, char **ret_key,
                        char **ret_value, GError **error);

/* The value of "KEY=…" among @fields, from the second on; NULL for none. Any other
 * key there is VP_ERROR_USAGE (FALSE). */
gboolean vp_option_suboption(GStrv fields, const char *key, const char *option,
                             const char **ret_value, GError **error);

/* Index of @text (NULL: @fallback) in the NULL-terminated @words; VP_ERROR_USAGE, and
 * -1, lists them. */
int vp_option_word(const char *text, const char *const *words, int fallback, const char *option,
                   GError **error);
