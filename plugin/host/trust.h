/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* trust: who can write to a path, and who can reach it. */
#pragma once

#include "base/error.h"
#include <sys/types.h>

/* The first of the absolute @path and the folders above it that another than root and @user can
 * write to; NULL for none. A folder with the sticky bit protects what others own.
 * @ret_owned: whether he can since it is his. Caller frees. */
char *vp_find_writer(const char *path, uid_t user, gboolean *ret_owned);

/* The first of the folders above the absolute @path that the user @uid, with his groups and
 * @gid, cannot pass through; with @read @path itself where he cannot read it. NULL for none, and
 * where the caller cannot look with the eyes of others. Caller frees. */
char *vp_find_barrier(const char *path, gboolean read, uid_t uid, gid_t gid);
