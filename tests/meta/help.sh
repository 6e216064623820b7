#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the program says of itself, the manual and the completion agree.
. "$(dirname "$0")/tap.sh"
cd "$VP_SRCDIR" || exit 1
manual=docs/virt-porter.1.rst
completion=docs/completion/virt-porter

# Option words in a help: those of the table only.
options_of_help() {
    sed -n 's/^  \(-., \|    \)\(--[a-z-]*\).*/\2/p' | sort
}

# section NAME: the manual from this heading to the next of its kind.
section() {
    awk -v name="$1" '
        /^=+$/ { inside = before == name }
        inside && before !~ /^=+$/ { print before }
        { before = $0 }' "$manual"
}

# The terms of its definitions: lines before an indented one.
options_of_section() {
    section "$1" | awk '/^    / && before ~ /^\*\*-/ { print before } { before = $0 }' |
        grep -oE '\*\*--[a-z-]+' | tr -d '*' | sort
}

exits 0 "--help" "$VIRT_PORTER" --help
none "says nothing on stderr" "$(cat "$T/err")"
none "is at most 80 columns wide" "$(grep -E '^.{81,}$' "$T/out")"
none "explains all in one column" "$(sed -n 's/^\(  .*[^ ]   *\)[^ ].*/\1/p' "$T/out" | awk 'length != 30')"
cp "$T/out" "$T/help"
commands=$(sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p' "$T/help")
for command in export import info verify list; do
    grep -qw "$command" <<< "$commands" || not_ok "$command is among the commands"
done
global=$(options_of_help < "$T/help")
is "the manual has the options of every command, and no others" \
    "$(options_of_section 'OPTIONS OF EVERY COMMAND' | grep -v '^--help$')" "$global"

. "$completion"
for command in $commands; do
    exits 0 "$command --help" "$VIRT_PORTER" "$command" --help
    none "says nothing on stderr" "$(cat "$T/err")"
    none "is at most 80 columns wide" "$(grep -E '^.{81,}$' "$T/out")"
    none "ends no line with a blank" "$(grep ' $' "$T/out")"
    grep -q "^Usage: virt-porter $command" "$T/out" || not_ok "names its usage"
    own=$(options_of_help < "$T/out" | comm -23 - <(echo "$global"))
    section=$command
    case $command in
        check | plan) section=import ;;
    esac
    is "the manual has the options of $command, and no others" \
        "$(options_of_section "${section^^}")" "$own"
    is "the completion has the options of $command, and no others" \
        "$(_virt_porter_options "$command" | tr -s ' \n' '\n' | sort)" "$own"
    for option in $own; do
        value=$(grep -cE -- "$option [^ ]" <(sed -n 's/^ \{6\}\(--[a-z-]* [^ ]\).*/\1/p' "$T/out"))
        _virt_porter_takes_value "$option" && knows=1 || knows=0
        [ "$value" = "$knows" ] || not_ok "the completion knows whether $option takes a value"
    done
done
is "the completion has the commands, and no others" "$(tr ' ' '\n' <<< "$_virt_porter_commands")" \
    "$commands"
is "the completion has the options of every command" \
    "$(tr ' ' '\n' <<< "$_virt_porter_global" | grep '^--' | grep -v '^--help$' | sort)" "$global"
exits 0 "complete --help, the hidden one" "$VIRT_PORTER" complete --help

known=$( (cat "$T/help"; for command in $commands; do "$VIRT_PORTER" "$command" --help; done) |
    options_of_help | sort -u; echo --help)
none "the manual names no option that does not exist" \
    "$(grep -oE -- '--[a-z][a-z-]+' "$manual" | sort -u | comm -23 - <(sort -u <<< "$known"))"

# The words that the code knows, against those that the manual lists.
listed() {
    section "$1" | grep -E '^[a-z][a-z-]*$' | sort
}
powers=$(sed -n '/power_names\[\]/,/^};/p' plugin/model/powers.c | grep -oE '"[a-z]+"' | tr -d '"')
is "the manual lists the powers" "$(listed POWERS)" "$(sort <<< "$powers")"
is "the completion lists the powers" "$(tr -s ' \n' '\n' <<< "$_virt_porter_powers" | sort)" \
    "$(sort <<< "$powers")"
codes=$(sed -n '/code_names\[VP_/,/^};/s/.*= //p' plugin/model/report.c | grep -oE '"[a-z-]+"' | tr -d '"')
is "the manual lists the codes of findings" "$(listed REPORT)" "$(sort <<< "$codes")"
none "the manual names every member of the JSON objects" "$(
    grep -ohE 'vp_json_[a-z_]+\(builder, "[a-z_]+"' plugin/cli/*.c | grep -oE '"[a-z_]+"' |
        tr -d '"' | sort -u | while read -r name; do
        section OUTPUT | grep -qE "\*$name\*" || echo "$name"
    done)"
statuses=$(sed -n '/^vp_error_exit_status/,/^}/s/.*return \([0-9]*\);.*/\1/p' plugin/base/error.c | sort -u)
none "the manual has every exit status" "$(for status in 0 $statuses 129 143; do
    section 'EXIT STATUS' | grep -qE "^([0-9]+, )*$status(,|$)" || echo "$status"
done)"

exits 0 "--version" "$VIRT_PORTER" --version
exits 2 "no command" "$VIRT_PORTER"
exits 2 "an unknown command" "$VIRT_PORTER" no-such
exits 2 "an unknown option" "$VIRT_PORTER" list --no-such
exits 2 "too many operands" "$VIRT_PORTER" info a b
none "are counted" "$(grep -v 'info: takes PACKAGE, given: 2;' "$T/err")"
exits 2 "too few operands" "$VIRT_PORTER" import
exits 0 "options and operands mix, in both forms" \
    "$VIRT_PORTER" list --connect=test:///default -q --json
exits 1 "-- ends the options" "$VIRT_PORTER" info -- --json
finish
