#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# A commit that is broken off has written to the image below: that is seen even where it was right
# after the snapshot.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g"
must qemu-img create -q -f qcow2 "$g/base" 16M
define "$g" "$(disk vda "$T/$g/base" qcow2)"

# snapshot NAME [OPTION …]: on an image that holds 1, which $below is.
snapshot() {
    below=$(image_of "$g" vda)
    must qemu-io -f qcow2 -c "write -P 1 2M 64k" "$below"
    must virsh -q snapshot-create-as "$g" "$1" --disk-only --diskspec "vda,file=$T/$g/$1" "${@:2}"
}

# break_off NAME: the first MiB of eight, which hold 2, is in $below.
break_off() {
    must qemu-io -f qcow2 -c "write -P 2 2M 8M" "$g/$1"
    qemu-img commit -q -d -r 8M "$g/$1" &
    until qemu-io -r -U -f qcow2 -c "read -P 2 2M 64k" "$below" > read; ! grep -q failed read ||
        ! kill -0 $! 2> /dev/null; do
        sleep 0.01
    done
    kill -9 $! 2> /dev/null
    wait $! 2> /dev/null
}

# refused NAME WHAT
refused() {
    fails 1 "$2 is refused once a commit was broken off" vp export "$g" "$1.vpkg" --snapshot "$1" --force
    says "$below: it was written to [0-9]+\.[0-9] s after the snapshot" "naming the file"
}

snapshot o1
succeeds "a snapshot" vp export "$g" o1.vpkg --snapshot o1
true_that "with the bytes of its moment" pattern_is 1 o1.vpkg/disks/vda.qcow2
break_off o1
refused o1 "it"

must qemu-img create -q -f qcow2 -b "$T/$g/o1" -F qcow2 "$g/o2"
wait_past "$(date +%s)"
snapshot o2 --reuse-external
succeeds "one whose overlay was there before" vp export "$g" o2.vpkg --snapshot o2
true_that "with the bytes of its moment" pattern_is 1 o2.vpkg/disks/vda.qcow2
break_off o2
refused o2 "it"

# One that was made since is no witness, whenever that was.
snapshot o3
wait_past $(($(date +%s) + 2))
must qemu-io -f qcow2 -c "write -P 2 2M 64k" "$below"
must cp "$g/o3" "$g/copy"
must mv "$g/copy" "$g/o3"
refused o3 "one whose overlay was copied"

# A guest that writes all the time, and a host that does nothing between.
v undefine "$g" --snapshots-metadata
export HEAVY=1
make_disk "$g/heavy" qcow2 16M
define "$g" "$(disk vda "$T/$g/heavy" qcow2)"
must virsh -q start "$g"
F[vda]=0
must_listen "$g" 3
must virsh -q snapshot-create-as "$g" o5 --disk-only --diskspec "vda,file=$T/$g/o5"
succeeds "one of a guest that wrote until it" vp export "$g" o5.vpkg --snapshot o5
must virsh -q "snapshot-create-as $g o6 --disk-only --diskspec vda,file=$T/$g/o6
    blockcommit $g vda --active --shallow
    blockjob $g vda --abort"
must virsh -q destroy "$g"
below=$T/$g/o5
refused o6 "that"
succeeds "the one before is not concerned" vp export "$g" o5.vpkg --snapshot o5 --force
