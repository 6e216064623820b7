/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/reach.h"
#include "base/strings.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#define MAX_GROUPS  64
#define MAX_FOLDERS 250 /* what an exit status can count */
#define RECORD_SIZE (64 * 1024)

typedef struct {
    uid_t uid;
    gid_t groups[MAX_GROUPS];
    int count;
} User;

/* In the groups that libvirt gives QEMU, too. */
static void
user_init(User *user, uid_t uid, gid_t gid)
{
    g_autofree char *buffer = g_malloc(RECORD_SIZE);
    struct passwd record, *found = NULL;
    user->uid = uid;
    user->groups[0] = gid;
    user->count = 1;
    int count = MAX_GROUPS;
    if (getpwuid_r(uid, &record, buffer, RECORD_SIZE, &found) == 0 && found &&
        getgrouplist(record.pw_name, gid, user->groups, &count) >= 0)
        user->count = count;
}

/* "/", "/a", "/a/b" for "/a/b". */
static void
add_folders(GPtrArray *folders, const char *path)
{
    g_ptr_array_add(folders, g_strdup("/"));
    for (const char *c = path + 1; *path && *c; c++) {
        if (c[1] == '/' || c[1] == '\0')
            g_ptr_array_add(folders, g_strndup(path, (gsize)(c + 1 - path)));
    }
}

/* In a process of its own, which calls nothing that a fork of a program with threads must not. */
static guint
ask_as(const User *user, char **folders)
{
    pid_t child = fork();
    if (child == 0) {
        if (setgroups((size_t)user->count, user->groups) < 0 ||
            setresgid(user->groups[0], user->groups[0], user->groups[0]) < 0 ||
            setresuid(user->uid, user->uid, user->uid) < 0)
            _exit(0);
        for (int i = 0; folders[i] && i < MAX_FOLDERS; i++) {
            if (access(folders[i], X_OK) < 0 && errno == EACCES)
                _exit(i + 1);
        }
        _exit(0);
    }
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return child > 0 && WIFEXITED(status) ? (guint)WEXITSTATUS(status) : 0;
}

static gboolean
is_member(const User *user, gid_t gid)
{
    for (int i = 0; i < user->count; i++) {
        if (user->groups[i] == gid)
            return TRUE;
    }
    return FALSE;
}

static gboolean
modes_let_pass(const User *user, const char *folder)
{
    struct stat status;
    if (stat(folder, &status) < 0 || getxattr(folder, "system.posix_acl_access", NULL, 0) > 0)
        return TRUE;
    mode_t bit = status.st_uid == user->uid       ? S_IXUSR
                 : is_member(user, status.st_gid) ? S_IXGRP
                                                  : S_IXOTH;
    return (status.st_mode & bit) != 0;
}

static guint
read_modes(const User *user, char **folders)
{
    for (guint i = 0; folders[i]; i++) {
        if (!modes_let_pass(user, folders[i]))
            return i + 1;
    }
    return 0;
}

char *
vp_find_barrier(const char *path, uid_t uid, gid_t gid)
{
    if (uid == 0)
        return NULL;
    User user;
    user_init(&user, uid, gid);
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *real = realpath(folder, NULL);
    GPtrArray *list = g_ptr_array_new();
    if (real)
        add_folders(list, real);
    add_folders(list, folder);
    g_auto(GStrv) folders = vp_strv_take(list);
    guint found = geteuid() == 0 ? ask_as(&user, folders) : read_modes(&user, folders);
    return found > 0 ? g_strdup(folders[found - 1]) : NULL;
}
