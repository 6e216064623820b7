/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/magic.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#define GROUPS_MAX  256
#define PARTS_MAX   200
#define RECORD_SIZE (64 * 1024)
#define ISO9660     0x9660

/* "/", "/srv", "/srv/x": the folders above @path and @path itself. */
static GPtrArray *
list_parts(const char *path)
{
    GPtrArray *parts = g_ptr_array_new_with_free_func(g_free);

    for (char *part = g_strdup(path);; part = g_path_get_dirname(part)) {
        g_ptr_array_insert(parts, 0, part);
        if (strcmp(part, "/") == 0 || strcmp(part, ".") == 0)
            return parts;
    }
}

/* What nobody writes to, whatever its modes say. */
static gboolean
is_fixed(const char *path)
{
    struct statfs system;

    return statfs(path, &system) == 0 &&
           (system.f_type == SQUASHFS_MAGIC || system.f_type == ISO9660);
}

static gboolean
is_writable_by_others(const char *path, uid_t user, gboolean *ret_owned)
{
    struct stat status;

    if (stat(path, &status) < 0 || is_fixed(path))
        return FALSE;
    *ret_owned = status.st_uid != 0 && status.st_uid != user;
    if (*ret_owned)
        return TRUE;
    return (status.st_mode & (S_IWGRP | S_IWOTH)) != 0 &&
           !(S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX));
}

char *
vp_find_writer(const char *path, uid_t user, gboolean *ret_owned)
{
    g_autoptr(GPtrArray) parts = list_parts(path);
    gboolean owned = FALSE;

    for (guint i = 0; i < parts->len; i++) {
        if (is_writable_by_others(parts->pdata[i], user, &owned)) {
            *ret_owned = owned;
            return g_strdup(parts->pdata[i]);
        }
    }
    return NULL;
}

/* In the child: the number of the first part that cannot be passed, counted from 1; 0 for
 * none. Only system calls: other threads may hold locks. */
static int
look_as(const GPtrArray *parts, gboolean read, uid_t uid, gid_t gid, const gid_t *groups,
        int n_groups)
{
    if (setgroups((size_t)n_groups, groups) < 0 || setresgid(gid, gid, gid) < 0 ||
        setresuid(uid, uid, uid) < 0)
        return 0;
    for (guint i = 0; i < parts->len; i++) {
        gboolean last = i + 1 == parts->len;

        if (last && !read)
            break;
        if (faccessat(AT_FDCWD, parts->pdata[i], last ? R_OK : X_OK, 0) < 0 && errno == EACCES)
            return (int)i + 1;
    }
    return 0;
}

static int
list_groups(uid_t uid, gid_t gid, gid_t *groups)
{
    g_autofree char *buffer = g_malloc(RECORD_SIZE);
    struct passwd record, *found = NULL;
    int n_groups = GROUPS_MAX;

    if (getpwuid_r(uid, &record, buffer, RECORD_SIZE, &found) == 0 && found &&
        getgrouplist(record.pw_name, gid, groups, &n_groups) >= 0)
        return n_groups;
    groups[0] = gid;
    return 1;
}

char *
vp_find_barrier(const char *path, gboolean read, uid_t uid, gid_t gid)
{
    g_autoptr(GPtrArray) parts = list_parts(path);
    gid_t groups[GROUPS_MAX];
    int status = 0;

    if (geteuid() != 0 || uid == 0 || parts->len > PARTS_MAX)
        return NULL;

    int n_groups = list_groups(uid, gid, groups);
    pid_t child = fork();

    if (child == 0)
        _exit(look_as(parts, read, uid, gid, groups, n_groups));
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (child < 0 || !WIFEXITED(status) || WEXITSTATUS(status) == 0)
        return NULL;
    return g_strdup(parts->pdata[WEXITSTATUS(status) - 1]);
}
