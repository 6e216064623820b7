/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/process.h"

#include <string.h>

/* The last line with text of what a tool said: the reason, by every tool's habit. */
static char *
last_line(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
    for (guint i = g_strv_length(lines); i > 0; i--) {
        const char *line = g_strstrip(lines[i - 1]);
        if (*line)
            return g_strdup(line);
    }
    return NULL;
}

static GSubprocess *
start(const char *const *argv, GError **error)
{
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
    g_subprocess_launcher_setenv(launcher, "LC_ALL", "C", TRUE);

    g_autoptr(GError) local = NULL;
    GSubprocess *process = g_subprocess_launcher_spawnv(launcher, argv, &local);
    if (process)
        return process;
    if (g_error_matches(local, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT)) {
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: no such program in PATH: install it (Debian: qemu-utils)", argv[0]);
        vp_error_add_fix(error, "apt-get install qemu-utils");
    } else {
        vp_error_set(error, VP_ERROR_FAILED, "%s: %s", argv[0], local->message);
    }
    return NULL;
}

static gboolean
check_end(GSubprocess *process, const char *tool, const char *messages, GError **error)
{
    if (g_subprocess_get_successful(process))
        return TRUE;
    g_autofree char *line = last_line(messages);
    if (line && g_str_has_prefix(line, tool))
        vp_error_set(error, VP_ERROR_FAILED, "%s", line);
    else if (line)
        vp_error_set(error, VP_ERROR_FAILED, "%s: %s", tool, line);
    else if (g_subprocess_get_if_signaled(process))
        vp_error_set(error, VP_ERROR_FAILED, "%s: ended by signal %d", tool,
                     g_subprocess_get_term_sig(process));
    else
        vp_error_set(error, VP_ERROR_FAILED, "%s: exit status %d", tool,
                     g_subprocess_get_exit_status(process));
    return FALSE;
}

/* In another thread, mostly. */
static void
end_process(GCancellable *cancellable, gpointer process)
{
    g_subprocess_force_exit(process);
}

/* GLib is not given the cancellable: after the process' end it takes the watch on it from a main
 * context that the thread which read the pipes may just have freed (seen in 2.74), and then waits
 * for ever, or what that thread's memory holds is damaged. */
static gboolean
hear(GSubprocess *process, GCancellable *cancellable, char **ret_out, char **ret_messages,
     GError **error)
{
    gulong watch = cancellable
                       ? g_cancellable_connect(cancellable, G_CALLBACK(end_process), process, NULL)
                       : 0;
    gboolean heard =
        g_subprocess_communicate_utf8(process, NULL, NULL, ret_out, ret_messages, error);
    g_cancellable_disconnect(cancellable, watch);
    return heard;
}

gboolean
vp_process_run(const char *const *argv, GCancellable *cancellable, char **ret_stdout,
               GError **error)
{
    g_autoptr(GSubprocess) process = start(argv, error);
    if (!process)
        return FALSE;

    g_autofree char *out = NULL;
    g_autofree char *messages = NULL;
    g_autoptr(GError) local = NULL;
    gboolean heard = hear(process, cancellable, &out, &messages, &local);
    if (!heard) {
        g_subprocess_force_exit(process);
        g_subprocess_wait(process, NULL, NULL);
    }
    if (!vp_check_cancelled(cancellable, error))
        return FALSE;
    if (!heard) {
        vp_error_set(error, VP_ERROR_FAILED, "%s: %s", argv[0], local->message);
        return FALSE;
    }
    if (!check_end(process, argv[0], messages, error))
        return FALSE;
    if (ret_stdout)
        *ret_stdout = g_steal_pointer(&out);
    return TRUE;
}
