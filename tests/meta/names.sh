#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Nothing of the tree names the machine it was written on.
. "$(dirname "$0")/tap.sh"
cd "$VP_SRCDIR" || exit 1
if git ls-files --error-unmatch configure.ac > /dev/null 2>&1; then
    git ls-files -z > "$T/files"
else
    find plugin docs schemas tests bootstrap configure.ac Makefile.am README.md HACKING.md NEWS -type f -print0 > "$T/files"
fi

# in_files PATTERN: "FILE:LINE:TEXT" of all text files that have it.
in_files() {
    xargs -0 grep -InE -e "$1" < "$T/files" 2> /dev/null | cut -c 1-200
}

slash=/
none "no path of the working place" "$(in_files "(^|[^a-zA-Z0-9._-])${slash}work${slash}[a-z]")"
none "no home but in test data" \
    "$(in_files "(^|[^a-zA-Z0-9._-])${slash}(home|root)${slash}[a-z.]" | grep -vE '^tests/(xml|unit|bad)/')"
none "no temporary folder of somebody" "$(in_files "${slash}tmp${slash}(h-|brief)")"
none "no name of a host but for examples" \
    "$(in_files '\<[a-z0-9-]+\.(internal|intra|corp|lan)\>')"
none "no mirror of packages" \
    "$(in_files '\<(artifactory|nexus|mirror|pypi|registry)[a-z0-9-]*\.[a-z]+\.' | grep -v 'example\.')"
none "no address but for examples" \
    "$(in_files '\<(10|172\.(1[6-9]|2[0-9]|3[01]))\.[0-9]+\.[0-9]+\.?[0-9]*\>' |
        grep -vE '^tests/(xml|unit|live)/')"
none "no document that is not in the tree" "$(in_files '\<(DESI''GN|STY''LE|FAC''TS|TE''CH|PEE''RS)\.md')"
finish
