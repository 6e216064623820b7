/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* files: owners, modes, free space, and what stands where on this host. */
#pragma once

#include "base/error.h"
#include <sys/stat.h>
#include <sys/types.h>

typedef struct {
    uid_t uid; /* (uid_t)-1: keep */
    gid_t gid; /* (gid_t)-1: keep */
} VpOwner;

/* User or group of this name; FALSE, nothing set, when this host has none. */
gboolean vp_user_find(const char *name, uid_t *ret_uid, gid_t *ret_gid);
gboolean vp_group_find(const char *name, gid_t *ret_gid);

/* "USER" (group kept), "USER:" (its login group), "USER:GROUP", ":GROUP"; "+N" is
 * numeric. Malformed is VP_ERROR_USAGE, naming @where it was said; a name this host does not know
 * sets *@ret_unknown to it (caller frees; NULL when all is known) and is no error. */
gboolean vp_owner_parse(const char *text, const char *where, VpOwner *ret_owner, char **ret_unknown,
                        GError **error);

/* Octal digits, 0 to 0777, into @ret_mode; else VP_ERROR_USAGE. @what names the option. */
gboolean vp_mode_parse(const char *text, const char *what, mode_t *ret_mode, GError **error);

/* Bytes free for the caller on the file system of @folder, and a number that tells
 * file systems apart. */
gboolean
vp_space_free(const char *folder, guint64 *ret_bytes, guint64 *ret_filesystem, GError **error);

/* FALSE, and what to do, where the caller may not read @path, which is @what for people; TRUE
 * also where nothing is there. */
gboolean vp_file_check_readable(const char *path, const char *what, GError **error);

/* A descriptor that holds @folder against all others who ask for the same, for the caller to close;
 * waits for them, but not for ever. -1 where it cannot be had. */
int vp_folder_lock(const char *folder);

/* TRUE when the caller may make files in @folder. */
gboolean vp_folder_is_writable(const char *folder);

/* What stands for the file or the device at @path whatever path leads to it, links, mounts and
 * other nodes of a device; NULL where there is none. Caller frees. */
char *vp_file_identify(const char *path);

/* The same of a file that was looked at. */
char *vp_file_identify_status(const struct stat *status);

#define VP_NS_PER_S G_GINT64_CONSTANT(1000000000)

/* When the file at @path was made, and last written to, in nanoseconds since the epoch, cut to what
 * 32 bits of seconds count; 0 where that cannot be told. */
gint64 vp_file_get_birth(const char *path);
gint64 vp_file_get_written(const char *path);

/* The login name of the caller, with who stands behind sudo or pkexec: "root",
 * "alice (root)"; caller frees. */
char *vp_caller_name(void);
