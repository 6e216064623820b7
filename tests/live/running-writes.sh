#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A guest that writes all the time goes on doing so; its export is of one instant all the same.
. "$(dirname "$0")/lib.sh"

# rounds IMAGE: the number of the round in each of its 64 blocks of 32 KiB, one a line.
rounds() {
    qemu-img convert -O raw "$1" blocks.raw
    od -An -v -tu4 -w32768 -j2M -N2M blocks.raw | awk '{ print $1 }'
}

# The guest writes block after block, round after round: how many in all; 0 when torn.
instant() {
    rounds "$1" | awk 'NR == 1 { top = $1 }
        $1 == top && !ended { n++; next }
        { ended = 1 }
        $1 != top - 1 { torn = 1 }
        END { print torn || NR != 64 ? 0 : top * 64 + n }'
}

mkdir new
export HEAVY=1
for mode in pull push; do
    g=$TEST-$mode
    mkdir "$g"
    make_disk "$g/vda.qcow2" qcow2 320M 300 8   # vdb is read a while after vda
    make_disk "$g/vdb.qcow2" qcow2 16M
    iothread=
    if [ "$mode" = push ]; then
        iothread="iothread='1'"
    fi
    define "$g" "$({ disk vda "$T/$g/vda.qcow2" qcow2; disk vdb "$T/$g/vdb.qcow2" qcow2; } |
        sed "s|<driver |&$iothread |")" "<iothreads>1</iothreads>"
    must virsh -q start "$g"
    must_listen "$g" 10
    succeeds "export in $mode mode" vp -v export "$g" "$mode.vpkg"
    says "\($mode\)" "it is that mode"
    is "$(v domstate "$g")" running "the domain runs on"
    must_listen "$g" $((${F[vda]} + 5))
    ok "and counts on"
    no_job_left "$g"
    a=$(instant "$mode.vpkg/disks/vda.qcow2")
    b=$(instant "$mode.vpkg/disks/vdb.qcow2")
    true_that "both disks are of one instant: $a, $b" test "$a" -gt 0 -a $((a - b)) -ge 0 -a $((a - b)) -le 1
    must virsh -q destroy "$g"
    true_that "its own disks are in order" qemu-img check "$g/vda.qcow2"
    succeeds "import" vp import "$mode.vpkg" --name "$g-new" --dir "$T/new" --allow resource
    run_until "$g-new" $(($(count "$mode.vpkg/disks/vda.qcow2" qcow2) + 2))
    ok "the copy boots and counts on"
    rm -r "$mode.vpkg" new/*
done
