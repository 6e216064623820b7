/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/files.h"
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define LOCK_MS 10000
#define POLL_MS 10

/* Room for one record of the user or group database: groups may have thousands of
 * members. Only what is used of it is ever touched. */
#define RECORD_SIZE (4 * 1024 * 1024)

gboolean
vp_user_find(const char *name, uid_t *ret_uid, gid_t *ret_gid)
{
    g_autofree char *buffer = g_malloc(RECORD_SIZE);
    struct passwd record, *found = NULL;

    if (getpwnam_r(name, &record, buffer, RECORD_SIZE, &found) != 0 || found == NULL)
        return FALSE;
    *ret_uid = record.pw_uid;
    *ret_gid = record.pw_gid;
    return TRUE;
}

gboolean
vp_group_find(const char *name, gid_t *ret_gid)
{
    g_autofree char *buffer = g_malloc(RECORD_SIZE);
    struct group record, *found = NULL;

    if (getgrnam_r(name, &record, buffer, RECORD_SIZE, &found) != 0 || found == NULL)
        return FALSE;
    *ret_gid = record.gr_gid;
    return TRUE;
}

/* Login name and login group of @uid; FALSE, nothing set, when there is no such user. */
static gboolean
find_login(uid_t uid, char **ret_name, gid_t *ret_gid)
{
    g_autofree char *buffer = g_malloc(RECORD_SIZE);
    struct passwd record, *found = NULL;

    if (getpwuid_r(uid, &record, buffer, RECORD_SIZE, &found) != 0 || found == NULL)
        return FALSE;
    *ret_name = g_strdup(record.pw_name);
    *ret_gid = record.pw_gid;
    return TRUE;
}

/* "+N". The greatest number is the one that means "keep". */
static gboolean
parse_number(const char *text, guint32 *ret_number)
{
    guint64 number;

    if (!g_ascii_string_to_unsigned(text + 1, 10, 0, G_MAXUINT32 - 1, &number, NULL))
        return FALSE;
    *ret_number = number;
    return TRUE;
}

static gboolean
parse_user(const char *text, VpOwner *owner, gid_t *ret_login_gid, gboolean *ret_unknown)
{
    g_autofree char *name = NULL;

    if (*text != '+') {
        *ret_unknown = !vp_user_find(text, &owner->uid, ret_login_gid);
        return TRUE;
    }
    if (!parse_number(text, &owner->uid))
        return FALSE;
    *ret_unknown = FALSE;
    find_login(owner->uid, &name, ret_login_gid);
    return TRUE;
}

static gboolean
parse_group(const char *text, VpOwner *owner, gboolean *ret_unknown)
{
    if (*text == '+')
        return parse_number(text, &owner->gid);
    *ret_unknown = !vp_group_find(text, &owner->gid);
    return TRUE;
}

/* Both halves may be empty, but not together; @unknown is the half that this host
 * does not know. */
static gboolean
parse_halves(const char *user, const char *group, VpOwner *owner, const char **unknown)
{
    gid_t login_gid = -1;
    gboolean user_unknown = FALSE, group_unknown = FALSE;

    if (*user == '\0' && (group == NULL || *group == '\0'))
        return FALSE;
    if (*user != '\0' && !parse_user(user, owner, &login_gid, &user_unknown))
        return FALSE;
    if (group != NULL && *group != '\0' && !parse_group(group, owner, &group_unknown))
        return FALSE;
    if (group != NULL && *group == '\0') {
        owner->gid = login_gid;
        user_unknown = user_unknown || login_gid == (gid_t)-1;
    }
    *unknown = user_unknown ? user : group_unknown ? group : NULL;
    return TRUE;
}

gboolean
vp_owner_parse(const char *text, const char *where, VpOwner *ret_owner, char **ret_unknown,
               GError **error)
{
    g_auto(GStrv) halves = g_strsplit(text, ":", -1);
    VpOwner owner = {.uid = -1, .gid = -1};
    const char *unknown = NULL;

    if (g_strv_length(halves) < 1 || g_strv_length(halves) > 2 ||
        !parse_halves(halves[0], halves[1], &owner, &unknown)) {
        vp_error_set(
            error, VP_ERROR_USAGE,
            "%s: “%s” is malformed: give USER, USER:, USER:GROUP or :GROUP, a number as +N", where,
            text);
        return FALSE;
    }
    *ret_owner = owner;
    *ret_unknown = g_strdup(unknown);
    return TRUE;
}

gboolean
vp_mode_parse(const char *text, const char *what, mode_t *ret_mode, GError **error)
{
    guint64 mode;

    if (!g_ascii_string_to_unsigned(text, 8, 0, 0777, &mode, NULL)) {
        vp_error_set(error, VP_ERROR_USAGE,
                     "%s '%s': not a file mode: write octal digits, 0 to 0777, such as 0640", what,
                     text);
        return FALSE;
    }
    *ret_mode = mode;
    return TRUE;
}

gboolean
vp_space_free(const char *folder, guint64 *ret_bytes, guint64 *ret_filesystem, GError **error)
{
    struct statvfs space;
    struct stat status;

    if (statvfs(folder, &space) < 0 || stat(folder, &status) < 0) {
        vp_error_set_errno(error, errno, "%s: cannot read its free space", folder);
        return FALSE;
    }
    *ret_bytes = (guint64)space.f_bavail * space.f_frsize;
    *ret_filesystem = status.st_dev;
    return TRUE;
}

gboolean
vp_file_check_readable(const char *path, const char *what, GError **error)
{
    if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0 || errno != EACCES)
        return TRUE;
    vp_error_set(error, VP_ERROR_FAILED,
                 "%s: you may not read %s: export as root, or as a user who may", path, what);
    return FALSE;
}

char *
vp_file_identify_status(const struct stat *status)
{
    if (S_ISBLK(status->st_mode))
        return g_strdup_printf("device %" G_GUINT64_FORMAT, (guint64)status->st_rdev);
    return g_strdup_printf("file %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, (guint64)status->st_dev,
                           (guint64)status->st_ino);
}

char *
vp_file_identify(const char *path)
{
    struct stat status;

    return stat(path, &status) < 0 ? NULL : vp_file_identify_status(&status);
}

static gint64
get_time(const char *path, guint which)
{
    struct statx status;
    if (statx(AT_FDCWD, path, 0, which, &status) < 0 || !(status.stx_mask & which))
        return 0;
    const struct statx_timestamp *time =
        which == STATX_BTIME ? &status.stx_btime : &status.stx_mtime;
    gint64 seconds = CLAMP(time->tv_sec, 0, G_MAXUINT32); /* others overflow as nanoseconds */
    return MAX(seconds * VP_NS_PER_S + time->tv_nsec, 1);
}

gint64
vp_file_get_birth(const char *path)
{
    return get_time(path, STATX_BTIME);
}

gint64
vp_file_get_written(const char *path)
{
    return get_time(path, STATX_MTIME);
}

int
vp_folder_lock(const char *folder)
{
    vp_autofd int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (guint waited = 0; fd >= 0 && waited < LOCK_MS; waited += POLL_MS) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return g_steal_fd(&fd);
        g_usleep(POLL_MS * 1000);
    }
    return -1;
}

gboolean
vp_folder_is_writable(const char *folder)
{
    return g_file_test(folder, G_FILE_TEST_IS_DIR) &&
           faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0;
}

/* The user that sudo or pkexec was called by; NULL when neither was. Both speak
 * through the environment, which anybody can write: good for a trail, no proof. */
static char *
find_caller_behind(void)
{
    const char *sudo_user = g_getenv("SUDO_USER");
    const char *pkexec_uid = g_getenv("PKEXEC_UID");
    char *name = NULL;
    guint64 number;
    uid_t uid;
    gid_t gid;

    if (sudo_user != NULL && vp_user_find(sudo_user, &uid, &gid))
        return g_strdup(sudo_user);
    if (pkexec_uid != NULL &&
        g_ascii_string_to_unsigned(pkexec_uid, 10, 0, G_MAXUINT32 - 1, &number, NULL))
        find_login(number, &name, &gid);
    return name;
}

char *
vp_caller_name(void)
{
    uid_t uid = geteuid();
    g_autofree char *name = NULL;
    gid_t gid;

    if (!find_login(uid, &name, &gid))
        name = g_strdup_printf("+%u", uid);
    g_autofree char *behind = find_caller_behind();
    if (behind == NULL || g_str_equal(behind, name))
        return g_steal_pointer(&name);
    return g_strdup_printf("%s (%s)", behind, name);
}
