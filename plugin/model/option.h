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
