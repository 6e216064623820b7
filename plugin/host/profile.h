/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* profile: where profiles lie, and plan files and profiles as text. */
#pragma once

#include "base/error.h"

/* The path of the profile @name: with a slash or ".xml" at its end that of a file, else of
 * NAME.xml in the caller's folder of profiles, then the system's. VP_ERROR_USAGE lists those
 * there are. Caller frees. */
char *vp_profile_find(const char *name, GError **error);

/* Reads the plan or the profile at @path, which may be a pipe; VP_ERROR_USAGE for one that is
 * larger than any. @ret_length gets its bytes. Caller frees. */
char *vp_profile_load(const char *path, gsize *ret_length, GError **error);

/* The names of the profiles there are, sorted; caller frees. */
GStrv vp_profile_list(void);
