#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# Ctrl-C at any point of an import with RAM: 130, nothing runs, is defined, saved or left.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
ram_guest "$g"
must vp export "$g" g.vpkg --snapshot s
must virsh -q destroy "$g"

state() {
    host_state "$T" "$(images_folder)"
    find "$(nvram_folder)/../save" -type f 2> /dev/null
}

# cut_after SECONDS: its exit status.
cut_after() {
    env --default-signal=INT timeout --preserve-status -s INT "$1" "$VP_PREFIX/bin/virt-porter" \
        import g.vpkg --name "$TEST-new" --allow ram > "$OUT" 2> "$ERR" < /dev/null
    STATUS=$?
}

before=$(state)
cuts=0
for tenths in 1 3 6 10 15 20 30 40 60 90 150; do
    cut_after "$((tenths / 10)).$((tenths % 10))"
    if [ "$STATUS" = 0 ]; then
        break
    fi
    cuts=$((cuts + 1))
    if [ "$STATUS" != 130 ] || [ "$(state)" != "$before" ]; then
        not_ok "cut after $tenths tenths of a second"
        diag_last
        diff <(echo "$before") <(state) | diag
        exit
    fi
done
if [ "$STATUS" != 0 ]; then
    try vp import g.vpkg --name "$TEST-new" --allow ram
fi
is "$STATUS" 0 "in the end it has the time that it takes"
true_that "it was cut often enough before ($cuts)" test "$cuts" -ge 3
no_tools_left
true_that "and stands as saved" grep -q 'Managed save: *yes' <(v dominfo "$TEST-new")
