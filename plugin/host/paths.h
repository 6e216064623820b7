/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * paths: where libvirt's QEMU driver keeps what it has no API for. Sources:
 * libvirt src/qemu/qemu_conf.c (folders of system and session), qemu_domain.c
 * (snapshots), qemu_tpm.c (swtpm). The only file that spells them.
 */
#pragma once

#include "base/error.h"
#include <sys/types.h>

/* Which daemon: the system's or the caller's own. */
typedef enum {
    VP_SCOPE_SYSTEM,
    VP_SCOPE_SESSION,
} VpScope;

/* NVRAM file that libvirt gives a domain called @name; caller frees. */
char *vp_path_nvram(VpScope scope, const char *name);

/* Folder of the swtpm state of the domain with @uuid, the one that holds tpm2/;
 * caller frees. */
char *vp_path_tpm(VpScope scope, const char *uuid);

/* The managed save image of the domain called @name; caller frees. */
char *vp_path_managed_save(VpScope scope, const char *name);

/* What libvirt notes of the snapshot called @snapshot of the domain called @name, written when that
 * has been made; caller frees. */
char *vp_path_snapshot(VpScope scope, const char *name, const char *snapshot);

/* Folder where disk images go without a word from the importer; caller frees. */
char *vp_path_images(VpScope scope);

/* Folder that holds a folder for each run of a domain, "domain-ID-NAME"; caller frees. */
char *vp_path_runs(VpScope scope);

/* libvirt's RELAX NG schema of a domain, or NULL where it is not installed. */
const char *vp_path_domain_schema(void);

/* Value of the setting @key in the text of one of libvirt's configuration files,
 * without quotes, or NULL; the last one counts. Caller frees. */
char *vp_path_parse_setting(const char *conf, const char *key);

/* Owner of swtpm's files under @scope: the swtpm_user and swtpm_group of qemu.conf,
 * its default else; (uid_t)-1 in a session (the caller's own). */
gboolean vp_path_tpm_owner(VpScope scope, uid_t *ret_uid, gid_t *ret_gid, GError **error);

/* FALSE when qemu.conf says that libvirt leaves the owners of disk files alone: then
 * they must be QEMU's from the start. TRUE, libvirt's default, also with @error. */
gboolean vp_path_dynamic_ownership(VpScope scope, GError **error);
