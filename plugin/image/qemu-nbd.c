/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/qemu-nbd.h"
#include "base/fd.h"

#include <sys/socket.h>
#include <sys/un.h>

#define LEAVE_SECONDS 10 /* that it may take, at most */

/* A value of QEMU's option lists: its commas doubled. */
static char *
escape_commas(const char *value)
{
    g_auto(GStrv) parts = g_strsplit(value, ",", -1);

    return g_strjoinv(",,", parts);
}

char **
vp_qemu_nbd_format_argv(const VpQemuNbdSpec *spec)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(argv, g_strdup("qemu-nbd"));
    if (spec->read_only)
        g_ptr_array_add(argv, g_strdup("--read-only"));
    else
        g_ptr_array_add(argv, g_strdup("--discard=unmap"));
    if (spec->snapshot) {
        g_autofree char *name = escape_commas(spec->snapshot);

        g_ptr_array_add(argv, g_strdup_printf("--load-snapshot=snapshot.name=%s", name));
    }
    g_ptr_array_add(argv, g_strdup("--"));
    g_ptr_array_add(argv, g_strdup(spec->image));
    g_ptr_array_add(argv, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&argv), FALSE);
}

/* A folder below TMPDIR, or /tmp where that is too long for a socket's address. */
static char *
make_private_folder(GError **error)
{
    struct sockaddr_un address;
    g_autofree char *folder = g_build_filename(g_get_tmp_dir(), "vp-XXXXXX", NULL);

    if (strlen(folder) + strlen("/s") >= sizeof(address.sun_path)) {
        g_free(folder);
        folder = g_strdup("/tmp/vp-XXXXXX");
    }
    if (g_mkdtemp_full(folder, 0700))
        return g_steal_pointer(&folder);
    int code = errno;
    g_autofree char *above = g_path_get_dirname(folder);
    vp_error_set_errno(error, code,
                       "no folder for a socket can be made in %s: set TMPDIR to another", above);
    return NULL;
}

static gboolean
meet(const char *path, int listener, int client)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
    return listener >= 0 && client >= 0 &&
           bind(listener, (struct sockaddr *)&address, sizeof(address)) == 0 &&
           listen(listener, 1) == 0 &&
           connect(client, (struct sockaddr *)&address, sizeof(address)) == 0;
}

/* A listening socket with our connection waiting in it. Its name is gone before
 * anybody is started: nobody else ever connects. */
static gboolean
make_sockets(int *ret_listener, int *ret_client, GError **error)
{
    vp_autofd int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    vp_autofd int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_autofree char *folder = make_private_folder(error);

    if (!folder)
        return FALSE;

    g_autofree char *path = g_build_filename(folder, "s", NULL);
    gboolean met = meet(path, listener, client);
    int saved_errno = errno;

    g_unlink(path);
    g_rmdir(folder);
    if (!met) {
        vp_error_set_errno(error, saved_errno, "%s", path);
        return FALSE;
    }
    *ret_listener = g_steal_fd(&listener);
    *ret_client = g_steal_fd(&client);
    return TRUE;
}

/* Starts the tool with the only copy of the listening socket: when it ends before
 * it serves, our connection breaks and nothing waits for ever. */
static VpTool *
start_tool(const VpQemuNbdSpec *spec, int *ret_client, GError **error)
{
    g_auto(GStrv) argv = vp_qemu_nbd_format_argv(spec);
    vp_autofd int listener = -1;
    vp_autofd int client = -1;

    if (!make_sockets(&listener, &client, error))
        return NULL;

    VpTool *tool = vp_tool_start(&(VpToolSpec){.argv = (const char *const *)argv,
                                               .listener = listener,
                                               .images = spec->descriptors,
                                               .n_images = spec->n_descriptors,
                                               .run_as = spec->run_as},
                                 error);

    if (tool)
        *ret_client = g_steal_fd(&client);
    return tool;
}

VpQemuNbd *
vp_qemu_nbd_start(const VpQemuNbdSpec *spec, GError **error)
{
    g_autoptr(VpQemuNbd) server = g_new0(VpQemuNbd, 1);
    int client = -1;

    server->what = g_strdup(spec->what);
    server->takes_leave = spec->takes_leave;
    server->tool = start_tool(spec, &client, error);
    if (!server->tool)
        return NULL;
    server->nbd = vp_nbd_new(client, "", spec->what, error);
    if (server->nbd)
        return g_steal_pointer(&server);
    if (!g_cancellable_is_cancelled(g_cancellable_get_current())) /* else it may never end */
        vp_tool_blame(server->tool, spec->what, error);
    return NULL;
}

gboolean
vp_qemu_nbd_finish(VpQemuNbd *server, GError **error)
{
    vp_nbd_shutdown(server->nbd);
    return vp_tool_wait(server->tool, server->what, error);
}

void
vp_qemu_nbd_free(VpQemuNbd *server)
{
    if (!server)
        return;
    vp_nbd_free(server->nbd);
    if (server->takes_leave && server->tool)
        vp_tool_end(server->tool, LEAVE_SECONDS);
    vp_tool_free(server->tool);
    g_free(server->what);
    g_free(server);
}
