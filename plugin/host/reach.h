/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* reach: what a user can get at, as the kernel decides it. */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* The first folder on the way to @path that the user @uid, in @gid and the groups of his
 * login, cannot pass; NULL where he gets to it. Asked as that user where the caller is root,
 * else read from the modes, and a folder with an access list is passed. Caller frees. */
char *vp_find_barrier(const char *path, uid_t uid, gid_t gid);
