/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* base/process.h: tools, what they say, and that none is left running. */
#include "base/process.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#define RUN(out, error, ...) \
    vp_process_run((const char *const[]){__VA_ARGS__, NULL}, NULL, out, error)

static void
test_output(void)
{
    g_autofree char *out = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_true(RUN(&out, &error, "printf", "%s|", "a b", "$HOME", "'\"*", ""));
    g_assert_no_error(error);
    g_assert_cmpstr(out, ==, "a b|$HOME|'\"*||");
}

static void
test_surroundings(void)
{
    g_autofree char *out = NULL;
    g_setenv("LC_ALL", "fr_FR.UTF-8", TRUE);
    g_assert_true(RUN(&out, NULL, "sh", "-c", "echo $LC_ALL; cat"));
    g_unsetenv("LC_ALL");
    g_assert_cmpstr(out, ==, "C\n");
}

static const struct {
    const char *script, *message;
} failures[] = {
    {"echo first >&2; echo last >&2; echo >&2; exit 3", "sh: last"},
    {"echo 'sh: it says so itself' >&2; exit 1", "sh: it says so itself"},
    {"exit 42", "sh: exit status 42"},
    {"kill -9 $$", "sh: ended by signal 9"},
};

static void
test_failure(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(failures); i++) {
        char *out = NULL;
        g_autoptr(GError) error = NULL;
        g_assert_false(RUN(&out, &error, "sh", "-c", failures[i].script));
        g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
        g_assert_cmpstr(error->message, ==, failures[i].message);
        g_assert_null(out);
    }
}

static void
test_missing(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(RUN(NULL, &error, "vp-no-such-tool"));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    g_assert_true(g_str_has_prefix(error->message, "vp-no-such-tool: no such program"));
}

/* More than a pipe holds, on both of them. */
static void
test_much_output(void)
{
    g_autofree char *out = NULL;
    g_assert_true(RUN(&out, NULL, "sh", "-c", "yes | head -c 300000 >&2; yes | head -c 300000"));
    g_assert_cmpuint(strlen(out), ==, 300000);
}

typedef struct {
    GCancellable *cancellable;
    char *path;
} Cancel;

/* Once the process has written its id. */
static gpointer
cancel_when_it_runs(gpointer data)
{
    Cancel *cancel = data;
    for (;;) {
        g_autofree char *pid = NULL;
        if (g_file_get_contents(cancel->path, &pid, NULL, NULL) && strchr(pid, '\n'))
            break;
        g_usleep(10000);
    }
    g_cancellable_cancel(cancel->cancellable);
    return NULL;
}

static void
test_cancelled(void)
{
    g_autofree char *folder = g_dir_make_tmp("vp-process-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "pid", NULL);
    g_autofree char *script = g_strdup_printf("echo $$ > %s; exec sleep 600", path);
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    Cancel cancel = {cancellable, path};
    gint64 start = g_get_monotonic_time();
    GThread *thread = g_thread_new("cancel", cancel_when_it_runs, &cancel);
    g_assert_false(
        vp_process_run((const char *const[]){"sh", "-c", script, NULL}, cancellable, NULL, &error));
    g_thread_join(thread);
    g_assert_error(error, VP_ERROR, VP_ERROR_INTERRUPTED);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 500 * G_USEC_PER_SEC);

    g_autofree char *pid = NULL;
    g_assert_true(g_file_get_contents(path, &pid, NULL, NULL));
    g_assert_cmpint(kill((pid_t)g_ascii_strtoll(pid, NULL, 10), 0), ==, -1);
    g_unlink(path);
    g_rmdir(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/process/output", test_output);
    g_test_add_func("/process/surroundings", test_surroundings);
    g_test_add_func("/process/failure", test_failure);
    g_test_add_func("/process/missing", test_missing);
    g_test_add_func("/process/much-output", test_much_output);
    g_test_add_func("/process/cancelled", test_cancelled);
    return g_test_run();
}
