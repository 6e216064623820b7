#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# How the code reads, as far as a grep can tell; the layout is make check-format's.
. "$(dirname "$0")/tap.sh"
cd "$VP_SRCDIR" || exit 1
shopt -s nullglob
sources=(plugin/*.h plugin/*/*.[ch] tests/*/*.[ch])
scripts=(bootstrap .ci/* docs/completion/* tests/*/*.sh tests/*/run tests/meta/*.awk)
build=(configure.ac Makefile.am m4/virt-porter.m4 */local.mk */*/local.mk)
awk -f tests/meta/c-words.awk "${sources[@]}" > "$T/words"
awk -f tests/meta/functions.awk "${sources[@]}" > "$T/functions"

code() {
    grep -E "^[^:]*:[0-9]*:code:.*($1)" "$T/words"
}

none "no goto: autoptr makes it needless" "$(code '\<goto\>')"
none "no strcpy, sprintf, strtok, system or alloca in plugin/" \
    "$(code '\<(strcpy|strcat|sprintf|vsprintf|strtok|system|popen|alloca)\(' |
        grep -v '^tests/\|tool.c.*strcpy(blank, PID_VARIABLE)')"
none "no function over 80 lines" "$(awk '$1 > 80' "$T/functions")"
is "nine functions in ten under 40 lines" \
    "$(awk '{ n++; long += $1 >= 40 } END { print long * 10 <= n ? "yes" : long " of " n }' "$T/functions")" yes
none "no file over 500 lines, of the tests over 700" \
    "$(wc -l "${sources[@]}" | awk '$1 > ($2 ~ /^tests/ ? 700 : 500) && $2 != "total"')"
none "no line of plugin/ over 100 columns" \
    "$(grep -nE '^.{101,}$' plugin/*.h plugin/*/*.[ch] | cut -c 1-60)"
none "an SPDX line on top of each file" \
    "$(awk 'FNR == 1 { if (file && !told) print file; file = FILENAME; told = 0 }
        FNR <= 3 && /SPDX-License-Identifier: LGPL-2.1-or-later/ { told = 1 }
        END { if (!told) print file }' \
        "${sources[@]}" "${scripts[@]}" "${build[@]}" schemas/*.rng docs/*.rst)"
none "nothing left to do in comments" \
    "$(grep -nE '\<(TO''DO|FIX''ME|X''XX)\>' "${sources[@]}" "${scripts[@]}" "${build[@]}")"
none "no banners, no headings: a file that asks for them is two" \
    "$(grep -nE '[*=#/~]{5}[*=#/~ -]*$|^ *(/\*|//|#) *-{3}' "${sources[@]}")"

# A verb that means one thing everywhere needs no sentence; a paragraph shares one.
none "a sentence over each function of a header" "$(awk '
    /^$/ { told = 0 }
    /^ ?\/?\*/ { told = 1 }
    /^[a-z_A-Z].*\(/ && !/^(typedef|struct|G_DEFINE|G_BEGIN|G_END)/ && !told {
        name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name)
        if (name !~ /_(new|free|close|quark|clear|count)$|_(new|find|get|set)_?[a-z_]*$/)
            print FILENAME ":" FNR ": " name
    }' plugin/*.h plugin/*/*.h)"
none "static functions drop the prefix vp_, but where GLib names them" \
    "$(awk '/^vp_[a-z0-9_]+\(/ && before ~ /^static [^;(]*$/ && !/^vp_error_private_/ {
        print FILENAME ":" FNR ": " $0 }
    { before = $0 }' plugin/*/*.c)"
finish
