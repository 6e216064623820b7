/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* identity: what tells one machine from another: name, UUID, MAC address. */
#pragma once

#include "base/error.h"

/* TRUE when @text is a UUID; @ret_uuid, may be NULL, gets it in libvirt's spelling
 * (lower case with dashes), caller frees. */
gboolean vp_uuid_parse(const char *text, char **ret_uuid);

/* A new random UUID (version 4, RFC 4122 §4.4); caller frees. */
char *vp_uuid_new(void);

/* TRUE when @text is a unicast MAC address, six pairs of hexadecimal digits with
 * colons; @ret_mac gets it in lower case, caller frees. */
gboolean vp_mac_parse(const char *text, char **ret_mac);

/* TRUE when unicast MAC addresses can begin with @text: one to five pairs of hexadecimal
 * digits with colons. */
gboolean vp_mac_prefix_check(const char *text);

/* A new random MAC address that begins with @prefix; caller frees. */
char *vp_mac_new(const char *prefix);

/* FALSE with VP_ERROR_USAGE when @name cannot be a domain's: empty or blank, with a
 * slash or a control character, "." or "..", longer than 200 bytes, not UTF-8. */
gboolean vp_name_check(const char *name, const char *what, GError **error);
