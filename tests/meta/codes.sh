#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Each code of the report is made to happen by a live script, which asserts it.
. "$(dirname "$0")/tap.sh"
cd "$VP_SRCDIR" || exit 1

sed -nE 's/^ *\[VP_FINDING_[A-Z_]+\] = "([a-z-]+)",$/\1/p' plugin/model/report.c > "$T/codes"
is "each code of the table is understood" "$(wc -l < "$T/codes")" \
    "$(grep -cE '^    VP_FINDING_[A-Z_]+,$' plugin/model/report.h | awk '{ print $1 - 1 }')"
none "a live script asserts each" "$(
    grep -hE '^ *(says|says_only|finds) |grep|code' tests/live/*.sh > "$T/claims"
    while read -r code; do
        grep -qwF -e "$code" "$T/claims" || echo "$code"
    done < "$T/codes")"
finish
