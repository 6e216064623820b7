/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST_SPARE   (VP_TOOL_IMAGE + VP_TOOL_IMAGES_MAX) /* above every number a tool gets */
#define MEMORY_MAX    (4 * G_GUINT64_CONSTANT(1) << 30)    /* bytes */
#define CPU_MAX       3600                                 /* seconds */
#define OPEN_MAX      (FIRST_SPARE + 64)
#define MESSAGES_MAX  (64 * 1024) /* what a pipe holds: the rest is dropped */
#define PID_DIGITS    20
#define PID_VARIABLE  "LISTEN_PID="
#define EXIT_NO_START 127
#define PAUSE_MIN     250 /* microseconds */
#define PAUSE_MAX     20000

struct _VpTool {
    char *name;
    GPid pid; /* 0 once waited for */
    int status;
    int messages; /* read end of its stderr */
};

/* All that the child needs, made before the fork: after it no memory may be taken. */
typedef struct {
    char *program;
    char **environment;
    char *pid_digits; /* within environment */
    const VpToolSpec *spec;
    int null;
    int messages;
} Child;

static void
child_clear(Child *child)
{
    g_free(child->program);
    g_strfreev(child->environment);
    if (child->null >= 0)
        close(child->null);
    if (child->messages >= 0)
        close(child->messages);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Child, child_clear)

static void G_GNUC_NORETURN
child_fail(const char *message)
{
    /* Nothing can be done about a message that cannot be written. */
    (void)!write(STDERR_FILENO, message, strlen(message));
    _exit(EXIT_NO_START);
}

/* Gives @fd the number @wanted; all sources lie above FIRST_SPARE by now. */
static void
child_place(int fd, int wanted)
{
    if (dup2(fd, wanted) < 0)
        child_fail("cannot pass a descriptor");
}

static void
child_close_above(int last)
{
#ifdef SYS_close_range
    if (syscall(SYS_close_range, (unsigned int)last + 1, ~0U, 0) == 0)
        return;
#endif
    for (int fd = last + 1; fd < 1024; fd++)
        close(fd);
}

static void
child_take_descriptors(const Child *child)
{
    const VpToolSpec *spec = child->spec;
    int images[VP_TOOL_IMAGES_MAX];
    int listener = spec->listener < 0 ? child->null : spec->listener;

    listener = fcntl(listener, F_DUPFD, FIRST_SPARE);
    for (guint i = 0; i < spec->n_images; i++)
        images[i] = fcntl(spec->images[i], F_DUPFD, FIRST_SPARE);
    child_place(child->messages, STDERR_FILENO);
    child_place(child->null, STDIN_FILENO);
    child_place(child->null, STDOUT_FILENO);
    child_place(listener, VP_TOOL_LISTENER);
    for (guint i = 0; i < spec->n_images; i++)
        child_place(images[i], VP_TOOL_IMAGE + (int)i);
    child_close_above(VP_TOOL_LISTENER + (int)spec->n_images);
}

static void
child_limit(int resource, guint64 value)
{
    struct rlimit limit;

    /* A lower limit of the host's own stays. */
    if (getrlimit(resource, &limit) == 0 && limit.rlim_max < value)
        value = limit.rlim_max;
    limit = (struct rlimit){.rlim_cur = value, .rlim_max = value};
    if (setrlimit(resource, &limit) < 0)
        child_fail("cannot limit the tool");
}

/* The order matters: groups need the rights that setting the user gives up. */
static void
child_drop(const VpRunAs *run_as)
{
    if (!run_as || !run_as->drop)
        return;
    if (setgroups(0, NULL) < 0 || setresgid(run_as->gid, run_as->gid, run_as->gid) < 0 ||
        setresuid(run_as->uid, run_as->uid, run_as->uid) < 0)
        child_fail("cannot become QEMU's user");
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        child_fail("cannot give up new privileges");
    child_limit(RLIMIT_AS, MEMORY_MAX);
    child_limit(RLIMIT_CPU, CPU_MAX);
    child_limit(RLIMIT_NOFILE, OPEN_MAX);
    child_limit(RLIMIT_FSIZE, 0);
    child_limit(RLIMIT_CORE, 0);
}

static void
child_write_pid(char *digits)
{
    char reversed[PID_DIGITS];
    gsize n = 0;

    for (pid_t pid = getpid(); pid > 0; pid /= 10)
        reversed[n++] = (char)('0' + pid % 10);
    while (n > 0)
        *digits++ = reversed[--n];
    *digits = '\0';
}

/* A session of its own: Ctrl-C is for us, who then end the tool in good order. */
static void G_GNUC_NORETURN
child_run(const Child *child)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setsid();
    child_take_descriptors(child);
    if (chdir("/") < 0)
        child_fail("cannot leave the current folder");
    child_drop(child->spec->run_as);
    child_write_pid(child->pid_digits);
    execve(child->program, (char *const *)child->spec->argv, child->environment);
    child_fail("cannot be run");
}

/* Ours with messages in English and the variables of socket activation; the
 * process number is filled in by the child. QEMU takes a buffer for each request:
 * glibc would map and unmap each one, and every page of it would be faulted in. */
static void
child_set_environment(Child *child)
{
    g_auto(GStrv) environment = g_get_environ();
    char *blank = g_strnfill(strlen(PID_VARIABLE) + PID_DIGITS, '\0');

    environment = g_environ_setenv(environment, "LC_ALL", "C", TRUE);
    environment = g_environ_setenv(environment, "MALLOC_MMAP_THRESHOLD_", "33554432", TRUE);
    environment = g_environ_setenv(environment, "MALLOC_TRIM_THRESHOLD_", "134217728", TRUE);
    environment = g_environ_setenv(environment, "LISTEN_FDS", "1", TRUE);
    environment = g_environ_unsetenv(environment, "LISTEN_FDNAMES");
    environment = g_environ_unsetenv(environment, "LISTEN_PID");

    guint n = g_strv_length(environment);

    strcpy(blank, PID_VARIABLE);
    child->environment = g_renew(char *, g_steal_pointer(&environment), n + 2);
    child->environment[n] = blank;
    child->environment[n + 1] = NULL;
    child->pid_digits = blank + strlen(PID_VARIABLE);
}

static gboolean
child_init(Child *child, const VpToolSpec *spec, GError **error)
{
    g_assert(spec->n_images <= VP_TOOL_IMAGES_MAX);
    child->spec = spec;
    child->program = g_find_program_in_path(spec->argv[0]);
    if (!child->program) {
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: no such program in PATH: install it (Debian: qemu-utils)", spec->argv[0]);
        vp_error_add_fix(error, "apt-get install qemu-utils");
        return FALSE;
    }
    child->null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (child->null < 0) {
        vp_error_set_errno(error, errno, "/dev/null");
        return FALSE;
    }
    child_set_environment(child);
    return TRUE;
}

/* A tool that says more than the pipe holds is not held up: the rest is dropped. */
static gboolean
open_messages(int *ret_read, int *ret_write, GError **error)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) {
        vp_error_set_errno(error, errno, "pipe");
        return FALSE;
    }
    *ret_read = ends[0];
    *ret_write = ends[1];
    return TRUE;
}

VpTool *
vp_tool_start(const VpToolSpec *spec, GError **error)
{
    g_autoptr(VpTool) tool = g_new0(VpTool, 1);
    g_auto(Child) child = {.null = -1, .messages = -1};

    tool->messages = -1;
    tool->name = g_strdup(spec->argv[0]);
    if (!child_init(&child, spec, error) || !open_messages(&tool->messages, &child.messages, error))
        return NULL;

    pid_t pid = fork();

    if (pid == 0)
        child_run(&child);
    if (pid < 0) {
        vp_error_set_errno(error, errno, "%s", spec->argv[0]);
        return NULL;
    }
    tool->pid = pid;
    return g_steal_pointer(&tool);
}

static void
reap(VpTool *tool)
{
    if (tool->pid == 0)
        return;
    while (waitpid(tool->pid, &tool->status, 0) < 0 && errno == EINTR)
        ;
    tool->pid = 0;
}

/* A tool may wait for a file system that stalls. FALSE when it is not to be waited for
 * any longer. */
static gboolean
await(VpTool *tool)
{
    GCancellable *cancellable = g_cancellable_get_current();
    gulong pause = PAUSE_MIN;

    if (!cancellable)
        reap(tool);
    while (tool->pid != 0 && !g_cancellable_is_cancelled(cancellable)) {
        if (waitpid(tool->pid, &tool->status, WNOHANG) == tool->pid)
            tool->pid = 0;
        else
            g_usleep(pause);
        pause = MIN(pause * 2, PAUSE_MAX);
    }
    return tool->pid == 0;
}

int
vp_tool_wait_status(VpTool *tool)
{
    if (!await(tool))
        return -1;
    return WIFEXITED(tool->status) ? WEXITSTATUS(tool->status) : -1;
}

static char *
read_messages(VpTool *tool)
{
    g_autofree char *text = g_malloc0(MESSAGES_MAX + 1);
    gsize used = 0;
    gssize got;

    while ((got = read(tool->messages, text + used, MESSAGES_MAX - used)) > 0)
        used += (gsize)got;
    return g_utf8_make_valid(text, -1);
}

/* A line less the json: name in it, which is ours and no help to anybody. */
static const char *
skip_json_name(const char *line)
{
    const char *name = strstr(line, "'json:");
    const char *end = name ? g_strrstr(name, "}': ") : NULL;

    return end ? end + strlen("}': ") : line;
}

char *
vp_tool_summarize(const char *messages)
{
    g_auto(GStrv) lines = g_strsplit(messages, "\n", -1);

    if (strstr(messages, "Is another process using the image"))
        return g_strdup("in use by a running domain: shut it off first");
    for (guint i = g_strv_length(lines); i > 0; i--) {
        const char *line = g_strstrip(lines[i - 1]);

        if (*line)
            return g_strdup(skip_json_name(line));
    }
    return NULL;
}

gboolean
vp_tool_wait(VpTool *tool, const char *what, GError **error)
{
    if (!await(tool))
        return vp_check_cancelled(g_cancellable_get_current(), error);
    if (WIFEXITED(tool->status) && WEXITSTATUS(tool->status) == 0)
        return TRUE;

    g_autofree char *messages = read_messages(tool);
    g_autofree char *summary = vp_tool_summarize(messages);

    if (summary)
        vp_error_set(error, VP_ERROR_FAILED, "%s: %s", what, summary);
    else if (WIFSIGNALED(tool->status))
        vp_error_set(error, VP_ERROR_FAILED, "%s: %s: ended by signal %d", what, tool->name,
                     WTERMSIG(tool->status));
    else
        vp_error_set(error, VP_ERROR_FAILED, "%s: %s: exit status %d", what, tool->name,
                     WEXITSTATUS(tool->status));
    return FALSE;
}

void
vp_tool_blame(VpTool *tool, const char *what, GError **error)
{
    if (tool->pid != 0)
        kill(tool->pid, SIGTERM);

    g_autoptr(GError) own = NULL;

    if (!error || vp_tool_wait(tool, what, &own))
        return;
    g_clear_error(error);
    g_propagate_error(error, g_steal_pointer(&own));
}

GPid
vp_tool_get_pid(const VpTool *tool)
{
    return tool->pid;
}

void
vp_tool_end(VpTool *tool, guint seconds)
{
    gint64 until = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;

    if (tool->pid != 0)
        kill(tool->pid, SIGTERM);
    while (tool->pid != 0 && g_get_monotonic_time() < until) {
        if (waitpid(tool->pid, &tool->status, WNOHANG) == tool->pid)
            tool->pid = 0;
        else
            g_usleep(2000);
    }
}

void
vp_tool_free(VpTool *tool)
{
    if (!tool)
        return;
    if (tool->pid != 0)
        kill(tool->pid, SIGKILL);
    reap(tool);
    if (tool->messages >= 0)
        close(tool->messages);
    g_free(tool->name);
    g_free(tool);
}
