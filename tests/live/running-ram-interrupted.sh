#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# Interrupted at any point of an export with RAM, the domain runs on and nothing is left.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
make_guest "$g"
must virsh -q start "$g"
must_listen "$g" 2
whole=
for delay in 0.05 0.1 0.15 0.2 0.3 0.4 0.5 0.6 0.8; do
    (
        trap - INT
        exec env --default-signal=INT "$VP_PREFIX/bin/virt-porter" export "$g" g.vpkg --ram --force
    ) > "$OUT" 2> "$ERR" < /dev/null &
    pid=$!
    sleep "$delay"
    kill -INT "$pid" 2> /dev/null
    wait "$pid"
    STATUS=$?
    if [ "$STATUS" = 0 ]; then
        whole=1
    elif [ "$STATUS" != 130 ]; then
        not_ok "interrupted after $delay s: exit status $STATUS"
        diag_last
    fi
    is "$(v domstate "$g")" running "after $delay s: the domain runs on"
    no_job_left "$g"
    is "$(find . -name '.g.vpkg*')" "" "no part of a package is left"
done
true_that "a package is there only when the export was whole" test "${whole:-0}" = "$([ -e g.vpkg ] &&
    echo 1 || echo 0)"
must_listen "$g" $((F[vda] + 2))
ok "and counts on"
