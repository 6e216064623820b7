/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * polkit: the rule files by which users are let to a domain, one a domain, named by its UUID,
 * for libvirt's access driver "polkit" (https://libvirt.org/aclpolkit.html).
 */
#pragma once

#include "base/error.h"

typedef struct {
    char *uuid;
    char *name;        /* of the domain when it was imported, for people */
    GPtrArray *grants; /* of VpGrant */
} VpPolkitRule;

VpPolkitRule *vp_polkit_rule_new(const char *uuid, const char *name);
void vp_polkit_rule_free(VpPolkitRule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpPolkitRule, vp_polkit_rule_free)

/* The rule as JavaScript; caller frees. */
char *vp_polkit_rule_format(const VpPolkitRule *rule);

/* The rule that @text, as formatted above, is; NULL for any other text. */
VpPolkitRule *vp_polkit_rule_parse(const char *text);

/* Folder of the rules, and the file in it of the domain with @uuid; caller frees the latter. */
const char *vp_polkit_folder(void);
char *vp_polkit_path(const char *uuid);

/* UUIDs of the domains that have a rule file, sorted, caller frees; NULL where the folder
 * cannot be read, VP_ERROR_FAILED; no folder is no rules. */
GStrv vp_polkit_list(GError **error);

/* The rule of the domain with @uuid; VP_ERROR_NOT_FOUND for none, VP_ERROR_FAILED for a file
 * that cannot be read, or is not as vp_polkit_rule_format() writes it. */
VpPolkitRule *vp_polkit_rule_load(const char *uuid, GError **error);

/* Writes the file, mode 0644; one that is there is replaced in one step, or fails it. */
gboolean vp_polkit_rule_save(const VpPolkitRule *rule, gboolean replace, GError **error);

/* Whether the system's libvirt asks polkit, for its configuration says so. */
typedef enum {
    VP_POLKIT_UNKNOWN, /* the file cannot be read */
    VP_POLKIT_IGNORED, /* each who reaches the daemon may do all */
    VP_POLKIT_ASKED,
} VpPolkitUse;

/* @ret_conf gets the path of the file, caller frees; @ret_login TRUE when a user is let to the
 * daemon only after polkit has allowed that as well. */
VpPolkitUse vp_polkit_use(char **ret_conf, gboolean *ret_login);

/* The same of the text of a file. */
VpPolkitUse vp_polkit_use_parse(const char *conf, gboolean *ret_login);
