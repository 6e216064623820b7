#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# The disk files get the owner and the mode that the importer names.
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
mkdir new
disk_of() {
    stat -c '%U:%G %a' "new/$1-vda.qcow2"
}
succeeds "import" vp import g.vpkg --name "$TEST-a" --dir "$T/new"
is "$(disk_of "$TEST-a")" "root:root 600" "by default the caller's, 0600"
succeeds "--owner USER:GROUP --file-mode" vp import g.vpkg --name "$TEST-b" --dir "$T/new" \
    --owner daemon:adm --file-mode 640
is "$(disk_of "$TEST-b")" "daemon:adm 640" "as named"
succeeds "--owner USER keeps the group" vp import g.vpkg --name "$TEST-c" --dir "$T/new" --owner daemon
is "$(disk_of "$TEST-c")" "daemon:root 600" "as named"
succeeds "--owner USER: takes the login group" vp import g.vpkg --name "$TEST-d" --dir "$T/new" --owner games:
is "$(disk_of "$TEST-d")" "games:$(id -gn games) 600" "as named"
succeeds "--owner +N:+N" vp import g.vpkg --name "$TEST-e" --dir "$T/new" --owner +12345:+54321
is "$(stat -c '%u:%g' "new/$TEST-e-vda.qcow2")" 12345:54321 "as named"
try vp import g.vpkg --name "$TEST-f" --dir "$T/new" --owner no-such-user
true_that "a user who is not here is refused" test "$STATUS" = 2 -o "$STATUS" = 3
says no-such-user "and named"
fails 2 "a malformed mode" vp import g.vpkg --name "$TEST-f" --dir "$T/new" --file-mode 9z
fails 3 "a mode that keeps QEMU from writing" vp import g.vpkg --name "$TEST-f" --dir "$T/new" \
    --file-mode 440
says 'path-unreachable: .*may not read and write' "is told"
says '^ *--file-mode 0640$' "with one that lets it"
succeeds "which does" vp import g.vpkg --name "$TEST-f" --dir "$T/new" --file-mode 0640 --start
