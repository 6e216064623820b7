/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/paths.h"

#include "host/files.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define SYSTEM_STATE "/var/lib/libvirt"
#define QEMU_CONF    "/etc/libvirt/qemu.conf"

/* libvirt asks GLib for the folders of a session, too. */
static char *
build_config_path(VpScope scope, const char *below)
{
    if (scope == VP_SCOPE_SYSTEM)
        return g_build_filename(SYSTEM_STATE, "qemu", below, NULL);
    return g_build_filename(g_get_user_config_dir(), "libvirt", "qemu", below, NULL);
}

char *
vp_path_nvram(VpScope scope, const char *name)
{
    g_autofree char *folder = build_config_path(scope, "nvram");
    return g_strdup_printf("%s/%s_VARS.fd", folder, name);
}

char *
vp_path_managed_save(VpScope scope, const char *name)
{
    g_autofree char *folder = build_config_path(scope, "save");
    return g_strdup_printf("%s/%s.save", folder, name);
}

char *
vp_path_snapshot(VpScope scope, const char *name, const char *snapshot)
{
    g_autofree char *folder = build_config_path(scope, "snapshot");
    return g_strdup_printf("%s/%s/%s.xml", folder, name, snapshot);
}

char *
vp_path_tpm(VpScope scope, const char *uuid)
{
    if (scope == VP_SCOPE_SYSTEM)
        return g_build_filename(SYSTEM_STATE, "swtpm", uuid, NULL);
    return g_build_filename(g_get_user_config_dir(), "libvirt", "qemu", "swtpm", uuid, NULL);
}

char *
vp_path_images(VpScope scope)
{
    if (scope == VP_SCOPE_SYSTEM)
        return g_build_filename(SYSTEM_STATE, "images", NULL);
    return g_build_filename(g_get_user_data_dir(), "libvirt", "images", NULL);
}

char *
vp_path_runs(VpScope scope)
{
    return build_config_path(scope, scope == VP_SCOPE_SYSTEM ? NULL : "lib");
}

const char *
vp_path_domain_schema(void)
{
    static const char *const places[] = {
        "/usr/share/libvirt/schemas/domain.rng",
        "/usr/local/share/libvirt/schemas/domain.rng",
    };

    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        if (access(places[i], R_OK) == 0)
            return places[i];
    }
    return NULL;
}

/* The value in "KEY = VALUE # comment", quotes taken off; NULL for another key. */
static char *
parse_setting(const char *line, const char *key)
{
    line += strspn(line, " \t");
    gsize length = strcspn(line, " \t=");
    if (length != strlen(key) || strncmp(line, key, length) != 0)
        return NULL;
    line += length;
    line += strspn(line, " \t");
    if (*line != '=')
        return NULL;
    line++;
    line += strspn(line, " \t");

    if (*line == '"' || *line == '\'') {
        const char *end = strchr(line + 1, *line);
        return end ? g_strndup(line + 1, end - line - 1) : NULL;
    }
    return g_strndup(line, strcspn(line, " \t\r#"));
}

char *
vp_path_parse_setting(const char *conf, const char *key)
{
    g_auto(GStrv) lines = g_strsplit(conf, "\n", -1);
    char *value = NULL;

    for (guint i = 0; lines[i] != NULL; i++) {
        char *found = parse_setting(lines[i], key);
        if (found == NULL)
            continue;
        g_free(value);
        value = found;
    }
    return value;
}

/* Plain users may not read the file: to them it says nothing. */
static gboolean
load_conf(char **ret_conf, GError **error)
{
    g_autoptr(GError) cause = NULL;

    if (g_file_get_contents(QEMU_CONF, ret_conf, NULL, &cause))
        return TRUE;
    if (g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
        g_error_matches(cause, G_FILE_ERROR, G_FILE_ERROR_ACCES)) {
        *ret_conf = g_strdup("");
        return TRUE;
    }
    vp_error_set(error, VP_ERROR_FAILED, "%s", cause->message);
    return FALSE;
}

/* A name, "+N", or a number that is no name. */
static gboolean
find_id(const char *text, gboolean is_group, guint32 *ret_id)
{
    guint64 number;
    gid_t gid;

    if (*text != '+' && (is_group ? vp_group_find(text, ret_id) : vp_user_find(text, ret_id, &gid)))
        return TRUE;
    if (!g_ascii_string_to_unsigned(text + (*text == '+'), 10, 0, G_MAXUINT32 - 1, &number, NULL))
        return FALSE;
    *ret_id = number;
    return TRUE;
}

/* As libvirt does: a user that is named must exist; without one it is tss, and root
 * on a host that has no tss. */
static gboolean
read_id(const char *conf, const char *key, gboolean is_group, guint32 *ret_id, GError **error)
{
    g_autofree char *value = vp_path_parse_setting(conf, key);

    if (value == NULL) {
        if (!find_id("tss", is_group, ret_id))
            *ret_id = 0;
        return TRUE;
    }
    if (find_id(value, is_group, ret_id))
        return TRUE;
    vp_error_set(error, VP_ERROR_FAILED, "%s: %s: this host has no '%s': correct the setting",
                 QEMU_CONF, key, value);
    return FALSE;
}

gboolean
vp_path_tpm_owner(VpScope scope, uid_t *ret_uid, gid_t *ret_gid, GError **error)
{
    if (scope == VP_SCOPE_SESSION) {
        *ret_uid = -1;
        *ret_gid = -1;
        return TRUE;
    }
    g_autofree char *conf = NULL;
    guint32 uid, gid;
    if (!load_conf(&conf, error) || !read_id(conf, "swtpm_user", FALSE, &uid, error) ||
        !read_id(conf, "swtpm_group", TRUE, &gid, error))
        return FALSE;
    *ret_uid = uid;
    *ret_gid = gid;
    return TRUE;
}

gboolean
vp_path_dynamic_ownership(VpScope scope, GError **error)
{
    if (scope == VP_SCOPE_SESSION)
        return TRUE;
    g_autofree char *conf = NULL;
    if (!load_conf(&conf, error))
        return TRUE;
    g_autofree char *value = vp_path_parse_setting(conf, "dynamic_ownership");
    return g_strcmp0(value, "0") != 0;
}
