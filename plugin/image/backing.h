/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* backing: what an image of this host lies on, by its header alone. */
#pragma once

#include <glib.h>

/* The absolute path that the header of the qcow2 file at @path names, and its format (NULL where
 * it says none); NULL for nothing, for what is no file, and for what is no qcow2 file or cannot
 * be read. No tool is asked, and no lock looked at. Caller frees both. */
char *vp_image_find_backing(const char *path, char **ret_format);
