/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "virt/connection.h"

#include "base/xml.h"
#include <errno.h>
#include <libvirt/virterror.h>
#include <string.h>
#include <unistd.h>

#define REACH_MS 30000 /* what a busy host may take to start the daemon anew */
#define POLL_MS  200

struct _VpConnection {
    virConnectPtr peer;
    gboolean lost; /* the daemon was waited for in vain */
    char *uri;
    char *hostname;
    guint64 version;
    guint64 libvirt_version;
    gboolean local;
    gboolean session;
};

static gboolean
is_not_found(int code)
{
    switch (code) {
    case VIR_ERR_NO_DOMAIN:
    case VIR_ERR_NO_DOMAIN_SNAPSHOT:
    case VIR_ERR_NO_NETWORK:
    case VIR_ERR_NO_STORAGE_POOL:
    case VIR_ERR_NO_STORAGE_VOL:
        return TRUE;
    default:
        return FALSE;
    }
}

static gboolean
is_denied(const virError *cause)
{
    switch (cause->code) {
    case VIR_ERR_ACCESS_DENIED:
    case VIR_ERR_AUTH_CANCELLED:
    case VIR_ERR_AUTH_FAILED:
    case VIR_ERR_AUTH_UNAVAILABLE:
    case VIR_ERR_OPERATION_DENIED:
        return TRUE;
    case VIR_ERR_SYSTEM_ERROR: /* libvirt keeps errno in the first integer */
        return cause->int1 == EACCES && cause->domain == VIR_FROM_RPC;
    default:
        return FALSE;
    }
}

void
vp_error_set_libvirt(GError **error, VpErrorCode code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *thing = g_strdup_vprintf(format, args);
    va_end(args);

    const virError *cause = virGetLastError();
    if (cause == NULL || cause->code == VIR_ERR_OK) {
        vp_error_set(error, code, "%s: libvirt does not say why", thing);
        return;
    }
    g_autofree char *text = g_strchomp(g_strdup(cause->message ? cause->message : "unknown"));
    if (is_denied(cause))
        vp_error_set(error, code,
                     "%s: %s: this user may not do that: become a member of the group libvirt, or "
                     "have it granted through polkit",
                     thing, text);
    else
        vp_error_set(error, is_not_found(cause->code) ? VP_ERROR_NOT_FOUND : code, "%s: %s", thing,
                     text);
}

static void
ignore_error(void *data, virErrorPtr cause)
{
}

static void
silence(void)
{
    static gsize done = 0;

    if (g_once_init_enter(&done)) {
        virInitialize();
        virSetErrorFunc(NULL, ignore_error);
        g_once_init_leave(&done, 1);
    }
}

/* A host part is another machine even where it is our own name: what lies behind
 * a forwarded port or another mount namespace cannot be told. */
static gboolean
uri_is_local(GUri *uri)
{
    const char *host = g_uri_get_host(uri);
    const char *transport = strchr(g_uri_get_scheme(uri), '+');

    if (host != NULL && *host != '\0')
        return FALSE;
    return transport == NULL || g_str_equal(transport, "+unix");
}

/* The embedded driver lives and dies with its program, and keeps its files under a
 * root of its own: what was imported there would be nowhere a moment later. */
static gboolean
refuse_embedded(const char *uri, GError **error)
{
    if (uri == NULL || strstr(uri, ":///embed") == NULL)
        return TRUE;
    vp_error_set(error, VP_ERROR_USAGE,
                 "%s: the embedded driver ends with its program: name a daemon, such as "
                 "qemu:///system or qemu:///session",
                 uri);
    vp_error_add_fix(error, "--connect qemu:///session");
    return FALSE;
}

static void
set_open_error(GError **error, const char *uri)
{
    const char *thing = uri ? uri : "libvirt's default connection";
    const virError *cause = virGetLastError();

    if (cause != NULL && is_denied(cause)) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot connect", thing);
        return;
    }
    g_autofree char *text = g_strchomp(g_strdup(virGetLastErrorMessage()));
    vp_error_set(error, VP_ERROR_FAILED,
                 "%s: cannot connect: %s: start libvirtd (or virtqemud), or name another daemon "
                 "with --connect",
                 thing, text);
    vp_error_add_fix(error, "--connect URI");
}

/* Root's qemu:///session is the system's daemon: libvirt's privileged driver has
 * no other. */
static gboolean
uri_is_session(GUri *uri)
{
    return g_str_equal(g_uri_get_path(uri), "/session") && !(uri_is_local(uri) && geteuid() == 0);
}

static gboolean
read_identity(VpConnection *connection, GError **error)
{
    connection->uri = virConnectGetURI(connection->peer);
    if (connection->uri == NULL) {
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "libvirt: cannot tell its URI");
        return FALSE;
    }
    g_autoptr(GUri) uri = g_uri_parse(connection->uri, G_URI_FLAGS_PARSE_RELAXED, error);
    if (uri == NULL)
        return FALSE;
    connection->local = uri_is_local(uri);
    connection->session = uri_is_session(uri);

    unsigned long version = 0;
    if (virConnectGetVersion(connection->peer, &version) == 0)
        connection->version = version;
    if (virConnectGetLibVersion(connection->peer, &version) == 0)
        connection->libvirt_version = version;

    g_autofree char *hostname = virConnectGetHostname(connection->peer);
    const char *fallback = connection->local ? g_get_host_name() : g_uri_get_host(uri);
    connection->hostname = g_strdup(hostname ? hostname : fallback);
    return TRUE;
}

VpConnection *
vp_connection_open(const char *uri, GError **error)
{
    if (!refuse_embedded(uri, error))
        return NULL;
    silence();

    g_autoptr(VpConnection) connection = g_new0(VpConnection, 1);
    connection->peer = virConnectOpen(uri);
    if (connection->peer == NULL) {
        set_open_error(error, uri);
        return NULL;
    }
    if (!read_identity(connection, error) || !refuse_embedded(connection->uri, error))
        return NULL;
    return g_steal_pointer(&connection);
}

void
vp_connection_close(VpConnection *connection)
{
    if (connection == NULL)
        return;
    if (connection->peer != NULL)
        virConnectClose(connection->peer);
    g_free(connection->uri);
    g_free(connection->hostname);
    g_free(connection);
}

/* Only a call that goes there shows that the daemon has gone. */
static gboolean
is_reached(VpConnection *connection)
{
    unsigned long version;
    virConnectGetLibVersion(connection->peer, &version);
    return virConnectIsAlive(connection->peer) == 1;
}

gboolean
vp_connection_reach(VpConnection *connection, gboolean *ret_anew)
{
    gboolean gone = !is_reached(connection);
    if (ret_anew)
        *ret_anew = gone;
    for (guint waited = 0; gone; waited += POLL_MS) {
        virConnectPtr peer = virConnectOpen(connection->uri);
        if (peer) {
            virConnectClose(connection->peer);
            connection->peer = peer;
            connection->lost = FALSE;
            return TRUE;
        }
        if (connection->lost || waited >= REACH_MS) {
            connection->lost = TRUE;
            return FALSE;
        }
        g_usleep(POLL_MS * 1000);
    }
    return TRUE;
}

const char *
vp_connection_get_uri(VpConnection *connection)
{
    return connection->uri;
}

const char *
vp_connection_get_driver(VpConnection *connection)
{
    const char *driver = virConnectGetType(connection->peer);
    return driver ? driver : "unknown";
}

const char *
vp_connection_get_hostname(VpConnection *connection)
{
    return connection->hostname;
}

guint64
vp_connection_get_version(VpConnection *connection)
{
    return connection->version;
}

guint64
vp_connection_get_libvirt_version(VpConnection *connection)
{
    return connection->libvirt_version;
}

gboolean
vp_connection_is_local(VpConnection *connection)
{
    return connection->local;
}

gboolean
vp_connection_is_session(VpConnection *connection)
{
    return connection->session;
}

virConnectPtr
vp_connection_peer(VpConnection *connection)
{
    return connection->peer;
}

char *
vp_connection_get_capabilities(VpConnection *connection, GError **error)
{
    char *xml = virConnectGetCapabilities(connection->peer);
    if (xml == NULL)
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot read the host's capabilities",
                             connection->uri);
    return xml;
}

char *
vp_connection_get_domain_capabilities(VpConnection *connection, const char *arch,
                                      const char *machine, const char *virt_type, GError **error)
{
    char *xml =
        virConnectGetDomainCapabilities(connection->peer, NULL, arch, machine, virt_type, 0);
    if (xml == NULL)
        vp_error_set_libvirt(error, VP_ERROR_FAILED, "%s: cannot read the domain capabilities",
                             connection->uri);
    return xml;
}

/* libvirt writes the label of a user as "+UID:+GID". */
static gboolean
parse_dac_label(const char *label, uid_t *ret_uid, gid_t *ret_gid)
{
    g_auto(GStrv) ids = g_strsplit(label, ":", -1);
    guint64 uid, gid;

    if (g_strv_length(ids) != 2 || ids[0][0] != '+' || ids[1][0] != '+' ||
        !g_ascii_string_to_unsigned(ids[0] + 1, 10, 0, G_MAXUINT32 - 1, &uid, NULL) ||
        !g_ascii_string_to_unsigned(ids[1] + 1, 10, 0, G_MAXUINT32 - 1, &gid, NULL))
        return FALSE;
    *ret_uid = uid;
    *ret_gid = gid;
    return TRUE;
}

static gboolean
find_dac_label(const xmlNode *secmodel, uid_t *ret_uid, gid_t *ret_gid)
{
    g_autofree char *model = vp_xml_get_text(vp_xml_find(secmodel, "model"));
    if (g_strcmp0(model, "dac") != 0)
        return FALSE;

    for (xmlNode *node = vp_xml_find(secmodel, "baselabel"); node != NULL;
         node = vp_xml_find_next(node, "baselabel")) {
        if (!vp_xml_has(node, "type", "kvm") && !vp_xml_has(node, "type", "qemu"))
            continue;
        g_autofree char *label = vp_xml_get_text(node);
        if (label != NULL && parse_dac_label(label, ret_uid, ret_gid))
            return TRUE;
    }
    return FALSE;
}

gboolean
vp_connection_get_qemu_user(VpConnection *connection, uid_t *ret_uid, gid_t *ret_gid)
{
    g_autofree char *xml = vp_connection_get_capabilities(connection, NULL);
    if (xml == NULL)
        return FALSE;
    g_autoptr(xmlDoc) doc = vp_xml_parse(xml, strlen(xml), "capabilities", NULL);
    if (doc == NULL)
        return FALSE;

    const xmlNode *host = vp_xml_find(xmlDocGetRootElement(doc), "host");
    for (xmlNode *node = vp_xml_find(host, "secmodel"); node != NULL;
         node = vp_xml_find_next(node, "secmodel")) {
        if (find_dac_label(node, ret_uid, ret_gid))
            return TRUE;
    }
    return FALSE;
}
