/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/command.h"
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static VpCli cli;
static volatile sig_atomic_t last_signal;
static int signal_pipe[2];

const GOptionEntry vp_global_options[] = {
    {"connect", 'c', 0, G_OPTION_ARG_STRING, &cli.uri, "the libvirt daemon; default: libvirt's own",
     "URI"},
    {"json", 0, 0, G_OPTION_ARG_NONE, &cli.json, "objects on stdout, one a line, for scripts",
     NULL},
    {"quiet", 'q', 0, G_OPTION_ARG_NONE, &cli.quiet, "errors only", NULL},
    {"verbose", 'v', 0, G_OPTION_ARG_NONE, &cli.verbose, "say more", NULL},
    {"version", 0, 0, G_OPTION_ARG_NONE, &cli.version, "print the version", NULL},
    {NULL},
};

const VpCommand *const vp_commands[] = {
    &vp_command_export,   &vp_command_import,
    &vp_command_check,    &vp_command_plan,
    &vp_command_info,     &vp_command_verify,
    &vp_command_list,     &vp_command_revoke,
    &vp_command_complete, NULL,
};

const VpCommand *
vp_command_find(const char *name)
{
    for (gsize i = 0; vp_commands[i]; i++) {
        if (strcmp(vp_commands[i]->name, name) == 0)
            return vp_commands[i];
    }
    return NULL;
}

static void
on_signal(int number)
{
    last_signal = number;
    /* What is async-signal-safe; a thread does the rest. */
    if (write(signal_pipe[1], "", 1) < 0)
        return;
}

static gpointer
wait_for_signal(gpointer data)
{
    char byte;
    while (read(signal_pipe[0], &byte, 1) == 1)
        g_cancellable_cancel(cli.cancellable);
    return NULL;
}

/* What the caller ignores, as nohup does, stays ignored. */
static void
watch_signal(int number, const struct sigaction *action)
{
    struct sigaction before;
    if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(number, action, NULL);
}

static void
watch_signals(void)
{
    cli.cancellable = g_cancellable_new();
    if (!g_unix_open_pipe(signal_pipe, FD_CLOEXEC, NULL))
        return;
    g_thread_unref(g_thread_new("signals", wait_for_signal, NULL));
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    watch_signal(SIGINT, &action);
    watch_signal(SIGTERM, &action);
    watch_signal(SIGHUP, &action);
    signal(SIGPIPE, SIG_IGN);
    /* A limit of file sizes is an error of the write, after which all is undone. */
    signal(SIGXFSZ, SIG_IGN);
}

/* Else the next file that is opened would be taken for one of these. The wrong way round, so that
 * what is printed fails and is not lost unseen. */
static void
open_standard_files(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            _exit(1);
    }
}

/* The first word that is neither an option nor the value of a global one. */
static const char *
find_command_word(char **argv)
{
    for (char **word = argv + 1; *word; word++) {
        if (strcmp(*word, "-c") == 0 || strcmp(*word, "--connect") == 0) {
            if (!*++word)
                return NULL;
        } else if (strcmp(*word, "--") == 0) {
            return word[1];
        } else if (**word != '-') {
            return *word;
        }
    }
    return NULL;
}

static gboolean
asks_for_help(char **argv)
{
    for (char **word = argv + 1; *word && strcmp(*word, "--") != 0; word++) {
        if (strcmp(*word, "--help") == 0 || strcmp(*word, "-h") == 0)
            return TRUE;
    }
    return FALSE;
}

/* The option without a value that @word, "--force=no", gives one, or NULL: GLib would
 * take it for "--force". */
static const char *
find_valued_flag(const GOptionEntry *entries, const char *word)
{
    for (const GOptionEntry *entry = entries; entry && entry->long_name; entry++) {
        gsize length = strlen(entry->long_name);
        if (entry->arg == G_OPTION_ARG_NONE && strncmp(word, entry->long_name, length) == 0 &&
            word[length] == '=')
            return entry->long_name;
    }
    return NULL;
}

static gboolean
check_flags(const VpCommand *command, char **argv, GError **error)
{
    for (char **word = argv + 1; *word && strcmp(*word, "--") != 0; word++) {
        if (!g_str_has_prefix(*word, "--"))
            continue;
        const char *flag = find_valued_flag(vp_global_options, *word + 2);
        if (!flag && command)
            flag = find_valued_flag(command->options, *word + 2);
        if (!flag)
            continue;
        g_set_error(error, VP_ERROR, VP_ERROR_USAGE, "--%s takes no value: leave “%s” out", flag,
                    strchr(*word, '='));
        return FALSE;
    }
    return TRUE;
}

/* All words but options: the command's name and its operands. */
static GStrv
parse_words(const VpCommand *command, char **argv, GError **error)
{
    static char **words;
    static const GOptionEntry rest[] = {
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words, NULL, NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, vp_global_options, NULL);
    if (command && command->options)
        g_option_context_add_main_entries(context, command->options, NULL);
    g_option_context_add_main_entries(context, rest, NULL);

    g_auto(GStrv) copy = g_strdupv(argv);
    g_autoptr(GError) local = NULL;
    if (!g_option_context_parse_strv(context, &copy, &local)) {
        g_set_error(error, VP_ERROR, VP_ERROR_USAGE,
                    "%s (a name that begins with a dash goes after --); see virt-porter %s%s--help",
                    local->message, command ? command->name : "", command ? " " : "");
        return NULL;
    }
    return words ? g_steal_pointer(&words) : g_new0(char *, 1);
}

static gboolean
check_operands(const VpCommand *command, char **operands, GError **error)
{
    int count = (int)g_strv_length(operands);
    if (count > 0 && g_strv_contains((const char *const *)operands, "")) {
        g_set_error(error, VP_ERROR, VP_ERROR_USAGE,
                    "%s: one of %s is an empty word: give a name or a path", command->name,
                    command->operands);
        return FALSE;
    }
    if (count >= command->least && (command->most < 0 || count <= command->most))
        return TRUE;
    g_set_error(error, VP_ERROR, VP_ERROR_USAGE,
                "%s: takes %s, given: %d; see virt-porter %s --help", command->name,
                *command->operands ? command->operands : "no operand", count, command->name);
    return FALSE;
}

/* Paths would count from the root then. */
static gboolean
check_folder(GError **error)
{
    g_autofree char *folder = getcwd(NULL, 0);
    if (folder)
        return TRUE;
    g_set_error(error, VP_ERROR, VP_ERROR_FAILED,
                "the folder that you are in cannot be had (%s): go to another with cd",
                g_strerror(errno));
    return FALSE;
}

static gboolean
run(char **argv, GError **error)
{
    const char *word = find_command_word(argv);
    const VpCommand *command = word ? vp_command_find(word) : NULL;
    if (asks_for_help(argv)) {
        if (command)
            vp_help_print_command(command);
        else
            vp_help_print();
        return TRUE;
    }
    if (!check_flags(command, argv, error))
        return FALSE;
    g_auto(GStrv) words = parse_words(command, argv, error);
    if (!words)
        return FALSE;
    if (cli.version) {
        puts(PACKAGE_STRING);
        return TRUE;
    }
    if (!command) {
        g_set_error(error, VP_ERROR, VP_ERROR_USAGE,
                    word ? "there is no command “%s”; see virt-porter --help"
                         : "give a command; see virt-porter --help%.0s",
                    word ? word : "");
        return FALSE;
    }
    return check_operands(command, words + 1, error) && check_folder(error) &&
           command->run(&cli, words + 1, error);
}

/* A tool that the terminal's Ctrl-C ended too makes an error of its own: the signal is
 * the reason all the same. */
static int
exit_status(const GError *error)
{
    int status = vp_error_exit_status(error);
    if (last_signal != 0 && status != 6)
        return 128 + last_signal;
    return status;
}

/* What was done stays done, and who waits for the result must learn that he has not all of it. */
static gboolean
check_printed(GError **error)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return TRUE;
    g_set_error(error, VP_ERROR, cli.changed ? VP_ERROR_PARTIAL : VP_ERROR_FAILED,
                "%sthe result cannot be written to standard output",
                cli.changed ? "all is done, but " : "");
    return FALSE;
}

int
main(int argc, char **argv)
{
    open_standard_files();
    setlocale(LC_ALL, "");
    watch_signals();
    g_autoptr(GError) error = NULL;
    if (run(argv, &error)) {
        vp_output_end_progress(&cli);
        if (check_printed(&error))
            return 0;
    }
    int status = exit_status(error);
    vp_output_error(&cli, status, error);
    return status;
}
