/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#define WIDTH  80 /* columns */
#define INDENT 30

/* @text from column INDENT on, broken at blanks. @column is where the line stands; a blank
 * at least comes between. */
static void
print_wrapped(const char *text, int column)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    if (column >= INDENT - 1) {
        putchar('\n');
        column = 0;
    }
    printf("%*s", INDENT - column, "");
    column = INDENT;
    for (char **word = words; *word; word++) {
        int length = (int)g_utf8_strlen(*word, -1);
        if (column > INDENT && column + 1 + length > WIDTH) {
            printf("\n%*s", INDENT, "");
            column = INDENT;
        }
        column += printf("%s%s", column > INDENT ? " " : "", *word) > 0 ? length : 0;
        column += word != words;
    }
    putchar('\n');
}

static void
print_options(const GOptionEntry *entries)
{
    for (const GOptionEntry *entry = entries; entry && entry->long_name; entry++) {
        g_autofree char *name = g_strdup_printf(
            "  %c%c%s--%s%s%s", entry->short_name ? '-' : ' ',
            entry->short_name ? entry->short_name : ' ', entry->short_name ? ", " : "  ",
            entry->long_name, entry->arg_description ? " " : "",
            entry->arg_description ? entry->arg_description : "");
        fputs(name, stdout);
        print_wrapped(entry->description, (int)g_utf8_strlen(name, -1));
    }
}

void
vp_help_print(void)
{
    puts("Usage: virt-porter [OPTION]… COMMAND …\n"
         "\n"
         "Turns libvirt domains and their snapshots into portable packages, and packages\n"
         "into domains.\n"
         "\n"
         "Commands:");
    for (gsize i = 0; vp_commands[i]; i++) {
        const VpCommand *command = vp_commands[i];
        if (command->hidden)
            continue;
        int column =
            printf("  %s%s%s", command->name, *command->operands ? " " : "", command->operands);
        print_wrapped(command->summary, column);
    }
    puts("\nOptions, before or after the command:");
    print_options(vp_global_options);
    puts("\nvirt-porter COMMAND --help tells of a command's own options.");
}

void
vp_help_print_command(const VpCommand *command)
{
    printf("Usage: virt-porter %s%s%s%s\n\n%s\n", command->name,
           command->options ? " [OPTION]…" : "", *command->operands ? " " : "", command->operands,
           command->summary);
    if (command->options) {
        puts("\nOptions:");
        print_options(command->options);
    }
    puts("\nOptions of every command:");
    print_options(vp_global_options);
}
