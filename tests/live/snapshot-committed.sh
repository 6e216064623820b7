#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Once images were committed, pulled or deleted, a snapshot's right bytes come out, or none.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
counts=()

# chain: a running domain on base <- o1 <- o2 <- o3, each on top of a snapshot s1, s2, s3.
chain() {
    v destroy "$g" 2> /dev/null
    v undefine "$g" --snapshots-metadata 2> /dev/null
    rm -rf "$g"
    mkdir "$g"
    make_disk "$g/base" qcow2 16M
    define "$g" "$(disk vda "$T/$g/base" qcow2)$(default_nic)"
    must virsh -q start "$g"
    F[vda]=0
    for i in 1 2 3; do
        must_listen "$g" $((F[vda] + 2))
        must virsh -q snapshot-create-as "$g" "s$i" --disk-only --diskspec "vda,file=$T/$g/o$i"
    done
    must_listen "$g" $((F[vda] + 2))
    counts=("" "$(count "$g/base" qcow2)" "$(count "$g/o1" qcow2)" "$(count "$g/o2" qcow2)")
}

# right N WHAT [OPTION …] / refused N WHAT FILE: what comes of exporting the snapshot sN.
right() {
    succeeds "s$1 $2" vp export "$g" "s$1.vpkg" --snapshot "s$1" --force "${@:3}"
    is "$(count "s$1.vpkg/disks/vda.qcow2" qcow2)" "${counts[$1]}" "with the bytes of its moment"
    rm -rf "s$1.vpkg"
}

refused() {
    fails 1 "s$1 $2 is refused" vp export "$g" "s$1.vpkg" --snapshot "s$1"
    says "$T/$g/$3" "naming the file"
    says "--exclude vda" "and the way out"
}

chain
for i in 1 2 3; do right "$i" "as it was made"; done

must virsh -q blockcommit "$g" vda --base "$T/$g/base" --top "$T/$g/o1" --wait
refused 1 "after o1 was committed to base" base
refused 3 "above, where the chain was written to," o2
says "--trust-images" "and the other way out"
right 3 "above, as that was a finished commit" --trust-images
says "warning.*o2: it was written to [0-9]+\.[0-9] s after the snapshot" "with a warning"
must rm "$g/o1"
refused 1 "when o1 is gone, too" base

chain
must virsh -q blockcommit "$g" vda --base "$T/$g/o1" --top "$T/$g/o2" --wait
right 1 "below a commit of o2 to o1"
refused 2 "after it" o1
must virsh -q destroy "$g"
refused 2 "after it, shut off," o1
right 1 "below it, shut off,"

chain
must virsh -q blockcommit "$g" vda --active --pivot --wait
refused 1 "after all was committed to base" base
says "its bytes of that moment are gone" "and not that the domain could be shut off for them"

chain
must virsh -q blockcommit "$g" vda --active --base "$T/$g/o1" --wait
must virsh -q blockjob "$g" vda --abort
isnt "$(count "$g/o1" qcow2)" "${counts[2]}" "a commit that was broken off has written to o1"
refused 2 "whose image that is, and QEMU keeps it open," o1
must virsh -q destroy "$g"
refused 2 "whose image that is, shut off," o1
refused 3 "which lies on that" o1
right 1 "below it"
fails 1 "all snapshots are refused" vp export "$g" all.vpkg --all-snapshots
says "$T/$g/o1: it was written to" "naming the file"
says "^ *--trust-images$" "and the way out"
succeeds "which takes them" vp export "$g" all.vpkg --all-snapshots --trust-images

chain
must virsh -q blockpull "$g" vda --wait
right 3 "after the top was filled"

chain
must virsh -q snapshot-delete "$g" s2
right 1 "after its child was deleted"
refused 3 "after its parent was deleted, and so committed," o1
right 3 "which is trusted" --trust-images
must virsh -q destroy "$g"
fails 1 "all are" vp export "$g" all.vpkg --all-snapshots --force
says "^ *--trust-images$" "and the way out"
succeeds "which takes them" vp export "$g" all.vpkg --all-snapshots --force --trust-images
must mv "$g/base" "$g/moved"
fails 1 "a snapshot whose image is gone is refused" vp export "$g" s1.vpkg --snapshot s1
says "$T/$g/base" "naming the file"

chain
must virsh -q blockpull "$g" vda --base "$T/$g/o1" --wait
must virsh -q snapshot-delete "$g" --metadata s2
must rm "$g/o2"
refused 3 "of which libvirt says that it was on o1" o1
says "libvirt changed what it says" "with what stands against that"
right 1 "below that"

chain
must virsh -q blockpull "$g" vda --base "$T/$g/base" --wait
must virsh -q "snapshot-delete '$g' --metadata s1; snapshot-delete '$g' --metadata s2"
must rm "$g/o1" "$g/o2"
refused 3 "of which libvirt says that it was on base" base
says "libvirt changed what it says" "with what stands against that"

# A domain that is started anew between its snapshots.
chain
must virsh -q destroy "$g"
must virsh -q start "$g"
F[vda]=0
must_listen "$g" $((counts[3] + 2))
must virsh -q snapshot-create-as "$g" s4 --disk-only --diskspec "vda,file=$T/$g/o4"
counts[4]=$(count "$g/o3" qcow2)
for i in 3 4; do right "$i" "of a domain that was started anew"; done
