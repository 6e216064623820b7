/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* taken: a package whose files became those of a domain. */
#pragma once

#include "base/error.h"

/* Takes the package in the folder @path: its manifest gets another name, so that it is no
 * package any more. One that is taken already is VP_ERROR_FAILED. */
gboolean vp_package_take(const char *path, GError **error);

/* Makes it a package again. */
gboolean vp_package_give_back(const char *path, GError **error);

/* TRUE, with VP_ERROR_DAMAGED, when the folder @path, open at @fd, holds a package that was
 * taken. */
gboolean vp_package_is_taken(int fd, const char *path, GError **error);
