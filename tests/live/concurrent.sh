#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Two imports under one name at the same time: one gets it, the other nothing.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g" new
make_disk "$g/vda.raw" raw 104M
must random_data 100 "$g/vda.raw"
define "$g" "$(disk vda "$T/$g/vda.raw" raw)"
must vp export "$g" g.vpkg
for run in 1 2 3; do
    vp import g.vpkg --name "$TEST-new" --dir "$T/new" > $run.out 2>&1 < /dev/null &
    declare "pid_$run=$!"
done
good=0
for run in 1 2 3; do
    pid=pid_$run
    if wait "${!pid}"; then
        good=$((good + 1))
    else
        sed "s/^/# run $run: /" $run.out
    fi
done
is $good 1 "one of three succeeds"
is "$(ls -A new)" "$TEST-new-vda.qcow2" "its file is there, no other"
true_that "and whole" qemu-img compare "$g/vda.raw" "new/$TEST-new-vda.qcow2"

# Of one name and UUID libvirt itself would take the second for a change of the first.
small=$TEST-s
mkdir "$small"
make_disk "$small/vda.qcow2" qcow2 1M
define "$small" "$(disk vda "$T/$small/vda.qcow2" qcow2)"
must vp export "$small" s.vpkg
good=0
for round in 1 2 3 4 5; do
    for run in 1 2 3 4; do
        mkdir "$round.$run"
        vp -q import s.vpkg --name "$TEST-new$round" --uuid "0ba0ba00-1111-4222-8333-44444444ab0$round" \
            --dir "$T/$round.$run" > "$run.out" 2>&1 < /dev/null &
        declare "pid_$run=$!"
    done
    for run in 1 2 3 4; do
        pid=pid_$run
        if wait "${!pid}"; then
            good=$((good + 1))
        fi
    done
done
is $good 5 "of several of one name and UUID one succeeds each time"
is "$(find ?.? -type f | wc -l)" 5 "the others left no file"
