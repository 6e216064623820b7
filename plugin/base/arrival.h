/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * arrival: a file or folder that is made under a temporary name beside its final
 * one, and gets that only when it is whole and on stable storage.
 */
#pragma once

#include "base/error.h"
#include <sys/types.h>

typedef struct _VpArrival VpArrival;

/* Makes an empty file of @mode (umask not applied) beside @path: ".NAME.vp-XXXXXX".
 * VP_ERROR_FAILED when the folder is missing or not writable. */
VpArrival *vp_arrival_new_file(const char *path, mode_t mode, GError **error);

/* Makes an empty folder of mode 0700 beside @path. */
VpArrival *vp_arrival_new_folder(const char *path, GError **error);

/* The temporary path; the final one. Owned by the arrival. */
const char *vp_arrival_get_temporary(const VpArrival *arrival);
const char *vp_arrival_get_final(const VpArrival *arrival);

/* Fills the file with @length bytes of @data. VP_ERROR_FAILED when that cannot be written. */
gboolean vp_arrival_fill(VpArrival *arrival, gconstpointer data, gsize length, GError **error);

/* Syncs and renames. Without @replace an existing final name is an error
 * (VP_ERROR_FAILED) and stays untouched; with it the two names are exchanged in
 * one step and what was there is removed afterwards. */
gboolean vp_arrival_commit(VpArrival *arrival, gboolean replace, GError **error);

/* As vp_arrival_commit() without @replace, after vp_hand_over(). */
gboolean
vp_arrival_commit_as(VpArrival *arrival, uid_t uid, gid_t gid, mode_t mode, GError **error);

/* Removes what was not committed, a folder with all it holds. Where that fails *@error, of what
 * failed before, says so. */
void vp_arrival_abandon(VpArrival *arrival, GError **error);

/* Abandons, and frees. */
void vp_arrival_free(VpArrival *arrival);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpArrival, vp_arrival_free)

/* Removes @path, a folder with all it holds; nothing there is no error. Never
 * follows a symbolic link. */
gboolean vp_remove_tree(const char *path, GError **error);

/* Hands the file @path to @uid and @gid ((uid_t)-1 keeps) with @mode. VP_ERROR_FAILED where that
 * is not allowed, in words that go behind a name of the file. */
gboolean vp_hand_over(const char *path, uid_t uid, gid_t gid, mode_t mode, GError **error);

/* fsyncs the folder that holds @path. */
gboolean vp_sync_folder_of(const char *path, GError **error);
