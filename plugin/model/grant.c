/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/grant.h"
#include "base/strings.h"

#include <string.h>

#define MAX_NAME 255 /* bytes */

static const char *const roles[] = {
    [VP_ROLE_VIEW] = "view",
    [VP_ROLE_OPERATE] = "operate",
    [VP_ROLE_MANAGE] = "manage",
    NULL,
};

const char *
vp_role_to_string(VpRole role)
{
    return roles[role];
}

gboolean
vp_role_parse(const char *text, VpRole *ret_role)
{
    for (int role = VP_ROLE_VIEW; roles[role]; role++) {
        if (strcmp(roles[role], text) == 0) {
            *ret_role = (VpRole)role;
            return TRUE;
        }
    }
    return FALSE;
}

VpGrant *
vp_grant_new(const char *subject, VpRole role)
{
    VpGrant *grant = g_new0(VpGrant, 1);
    grant->subject = g_strdup(subject);
    grant->role = role;
    return grant;
}

void
vp_grant_free(VpGrant *grant)
{
    if (!grant)
        return;
    g_free(grant->subject);
    g_free(grant);
}

gboolean
vp_grant_subject_check(const char *subject)
{
    const char *name = *subject == '@' ? subject + 1 : subject;
    if (!*name || *name == '-' || strlen(name) > MAX_NAME || strpbrk(name, ":/") ||
        !g_utf8_validate(name, -1, NULL))
        return FALSE;
    for (const char *c = name; *c; c = g_utf8_next_char(c)) {
        gunichar character = g_utf8_get_char(c);
        if (!g_unichar_isprint(character) || (g_unichar_isspace(character) && character != ' '))
            return FALSE;
    }
    return TRUE;
}

char *
vp_grant_format(const VpGrant *grant)
{
    return g_strdup_printf("%s=%s", grant->subject, vp_role_to_string(grant->role));
}

/* Divided at the last "=". */
gboolean
vp_grants_add(GPtrArray *grants, const char *text, const char *where, GError **error)
{
    const char *equals = strrchr(text, '=');
    g_autofree char *subject = equals ? g_strndup(text, (gsize)(equals - text)) : NULL;
    if (!subject || !vp_grant_subject_check(subject)) {
        vp_error_set(error, VP_ERROR_USAGE, "%s: “%s” is malformed: give USER=ROLE or @GROUP=ROLE",
                     where, text);
        return FALSE;
    }
    VpRole role;
    if (!vp_role_parse(equals + 1, &role)) {
        g_autofree char *all = g_strjoinv(", ", (char **)roles);
        vp_error_set(error, VP_ERROR_USAGE, "%s: “%s” is not one of: %s", where, equals + 1, all);
        return FALSE;
    }
    int before = vp_grants_find(grants, subject);
    if (before >= 0)
        g_ptr_array_remove_index(grants, (guint)before);
    g_ptr_array_add(grants, vp_grant_new(subject, role));
    return TRUE;
}

int
vp_grants_find(GPtrArray *grants, const char *subject)
{
    for (guint i = 0; i < grants->len; i++) {
        if (strcmp(((const VpGrant *)grants->pdata[i])->subject, subject) == 0)
            return (int)i;
    }
    return -1;
}

GStrv
vp_grants_format(GPtrArray *grants)
{
    GPtrArray *texts = g_ptr_array_new();
    for (guint i = 0; i < grants->len; i++)
        g_ptr_array_add(texts, vp_grant_format(grants->pdata[i]));
    return vp_strv_take(texts);
}
