/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* grant: who may do what with a domain. How a host is told stands in host/polkit.h. */
#pragma once

#include "base/error.h"

/* Each has what those before it have. */
typedef enum {
    VP_ROLE_VIEW,
    VP_ROLE_OPERATE,
    VP_ROLE_MANAGE,
} VpRole;

typedef struct {
    char *subject; /* "alice", or "@ops": a group */
    VpRole role;
} VpGrant;

/* "view", "operate", "manage"; parse: FALSE, nothing set, for another word. */
const char *vp_role_to_string(VpRole role);
gboolean vp_role_parse(const char *text, VpRole *ret_role);

VpGrant *vp_grant_new(const char *subject, VpRole role);
void vp_grant_free(VpGrant *grant);

/* TRUE when @subject can be the name of a user, or after "@" of a group: up to 255 bytes of
 * UTF-8 without control characters, colons and slashes, not beginning with a dash. */
gboolean vp_grant_subject_check(const char *subject);

/* "SUBJECT=ROLE", as --grant has it; caller frees. */
char *vp_grant_format(const VpGrant *grant);

/* Adds @text, "SUBJECT=ROLE", to @grants, in the place of what was said of the subject before.
 * VP_ERROR_USAGE, naming @where, for one that is malformed. */
gboolean vp_grants_add(GPtrArray *grants, const char *text, const char *where, GError **error);

/* The place of @subject among @grants, or -1. */
int vp_grants_find(GPtrArray *grants, const char *subject);

/* @grants as strings, NULL-terminated; caller frees. */
GStrv vp_grants_format(GPtrArray *grants);
