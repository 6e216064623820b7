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

# cut_after SECONDS
cut_after() {
    env --default-signal=INT timeout --preserve-status -s INT "$1" "$VP_PREFIX/bin/virt-porter" \
        import g.vpkg --name "$TEST-new" --allow ram > "$OUT" 2> "$ERR" < /dev/null
    STATUS=$?
}

before=$(state)
cuts=0
for seconds in 0.05 0.1 0.15 0.2 0.25 0.3 0.4 0.5 0.6 0.8 1 1.5 2 3 4 6 9 15; do
    cut_after "$seconds"
    if [ "$STATUS" = 0 ]; then
        break
    fi
    cuts=$((cuts + 1))
    if [ "$STATUS" != 130 ] || [ "$(state)" != "$before" ]; then
        not_ok "cut after $seconds s"
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
