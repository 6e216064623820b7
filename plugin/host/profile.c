/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/profile.h"
#include "base/fd.h"
#include "base/strings.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#define FOLDER   "virt-porter/profiles"
#define SUFFIX   ".xml"
#define MAX_SIZE (1024 * 1024)

/* Root's own is that of its account: the environment may be another user's, behind sudo. */
static char *
own_folder(void)
{
    const struct passwd *root = geteuid() == 0 ? getpwuid(0) : NULL;
    if (root)
        return g_build_filename(root->pw_dir, ".config", FOLDER, NULL);
    return g_build_filename(g_get_user_config_dir(), FOLDER, NULL);
}

static char *
system_folder(void)
{
    return g_build_filename(VP_SYSCONFDIR, FOLDER, NULL);
}

static void
list_folder(GHashTable *names, const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *file; dir && (file = g_dir_read_name(dir));) {
        if (g_str_has_suffix(file, SUFFIX))
            g_hash_table_add(names, g_strndup(file, strlen(file) - strlen(SUFFIX)));
    }
}

GStrv
vp_profile_list(void)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *own = own_folder();
    g_autofree char *common = system_folder();
    list_folder(names, own);
    list_folder(names, common);
    return vp_strv_from_keys(names);
}

char *
vp_profile_find(const char *name, GError **error)
{
    if (strchr(name, '/') || g_str_has_suffix(name, SUFFIX))
        return g_strdup(name);
    g_autofree char *own = own_folder();
    g_autofree char *common = system_folder();
    const char *const folders[] = {own, common};
    g_autofree char *file = g_strconcat(name, SUFFIX, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path = g_build_filename(folders[i], file, NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&path);
    }
    g_auto(GStrv) there = vp_profile_list();
    g_autofree char *list = g_strjoinv(", ", there);
    vp_error_set(error, VP_ERROR_USAGE,
                 "--profile: there is no profile “%s” in %s or %s; there are: %s (a file is named "
                 "with its path)",
                 name, own, common, *list ? list : "none");
    return NULL;
}

/* A pipe has no size to ask for. */
char *
vp_profile_load(const char *path, gsize *ret_length, GError **error)
{
    vp_autofd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        vp_error_set_errno(error, errno, "%s", path);
        return NULL;
    }
    g_autofree char *text = g_malloc(MAX_SIZE + 1);
    gsize length = 0;
    while (length <= MAX_SIZE) {
        gssize count = read(fd, text + length, MAX_SIZE + 1 - length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0) {
            vp_error_set_errno(error, errno, "%s", path);
            return NULL;
        }
        if (count == 0) {
            *ret_length = length;
            return g_steal_pointer(&text);
        }
        length += (gsize)count;
    }
    vp_error_set(error, VP_ERROR_USAGE, "%s: larger than any plan: 1 MiB", path);
    return NULL;
}
