/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * connection: the way to a libvirt daemon, and what its host is. libvirt's last
 * error becomes a GError here, in one place, and nothing is printed by libvirt.
 */
#pragma once

#include "base/error.h"
#include <libvirt/libvirt.h>
#include <sys/types.h>

typedef struct _VpConnection VpConnection;

/* Opens @uri, NULL for libvirt's own default. VP_ERROR_FAILED says how to reach the
 * daemon; the embedded driver is VP_ERROR_USAGE. */
VpConnection *vp_connection_open(const char *uri, GError **error);
void vp_connection_close(VpConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpConnection, vp_connection_close)

/* TRUE when the daemon is there, which it may be anew, as after an update: *@ret_anew (may
 * be NULL). Waits for that for a while, but once only where it does not come. */
gboolean vp_connection_reach(VpConnection *connection, gboolean *ret_anew);

/* Owned by the connection. */
const char *vp_connection_get_uri(VpConnection *connection);    /* "qemu:///system" */
const char *vp_connection_get_driver(VpConnection *connection); /* "QEMU", "TEST" */
const char *vp_connection_get_hostname(VpConnection *connection);
guint64 vp_connection_get_version(VpConnection *connection);         /* hypervisor's; 0 unknown */
guint64 vp_connection_get_libvirt_version(VpConnection *connection); /* the daemon's */

/* FALSE when the daemon is on another machine: its paths are not ours. */
gboolean vp_connection_is_local(VpConnection *connection);

/* TRUE when the daemon belongs to one user (qemu:///session, not as root). */
gboolean vp_connection_is_session(VpConnection *connection);

/* The user that QEMU runs as, from the DAC baselabel of the host's capabilities;
 * FALSE, nothing set, where there is none (session, test driver). */
gboolean vp_connection_get_qemu_user(VpConnection *connection, uid_t *ret_uid, gid_t *ret_gid);

/* XML of the host's capabilities and of the domain capabilities for these (each
 * may be NULL); caller frees. */
char *vp_connection_get_capabilities(VpConnection *connection, GError **error);
char *
vp_connection_get_domain_capabilities(VpConnection *connection, const char *arch,
                                      const char *machine, const char *virt_type, GError **error);

/* For files of virt/ only. */
virConnectPtr vp_connection_peer(VpConnection *connection);

/* Sets @error to libvirt's last error as @code: a printf-style message that names the
 * thing, then ": " and libvirt's text. VP_ERROR_NOT_FOUND for libvirt's "no such …"
 * codes, whatever @code. Call it beside the call that failed: nearly every other
 * function of libvirt, the ones that free or give a name too, forgets the error. */
void
vp_error_set_libvirt(GError **error, VpErrorCode code, const char *format, ...) G_GNUC_PRINTF(3, 4);
