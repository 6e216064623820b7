#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Internal snapshots in images that lie on others, and images whose names others took: what lay
# below may have changed, and then no bytes come out.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g"
make_disk "$g/base" qcow2 16M
define "$g" "$(disk vda "$T/$g/base" qcow2)$(default_nic)"

# pattern BYTE IMAGE: written as a guest would.
pattern() {
    must qemu-io -f qcow2 -c "write -P $1 2M 64k" "$2"
}

# right S BYTE WHAT / refused S FILE WHAT: what comes of exporting the snapshot S.
right() {
    succeeds "$1 $3" vp export "$g" "$1.vpkg" --snapshot "$1" --force --no-ram
    true_that "with the bytes of its moment" pattern_is "$2" "$1.vpkg/disks/vda.qcow2"
}

refused() {
    fails 1 "$1 $3 is refused" vp export "$g" "$1.vpkg" --snapshot "$1" --force --no-ram
    says "$T/$g/$2" "naming the file"
    says "--exclude vda" "and the way out"
}

pattern 1 "$g/base"
must virsh -q snapshot-create-as "$g" i0
pattern 2 "$g/base"
must virsh -q snapshot-create-as "$g" s1 --disk-only --diskspec "vda,file=$T/$g/o1"
must virsh -q snapshot-create-as "$g" i1
right i0 1 "below others"
right s1 2 "below an overlay"
right i1 2 "in an overlay"

must virsh -q snapshot-revert "$g" i0
pattern 3 "$g/base"
right i0 1 "that was reverted to"
refused s1 base "whose image is written to again"
refused i1 o1 "on an image that is written to again"
fails 1 "all of them together are refused" vp export "$g" all.vpkg --all-snapshots
says "snapshot i1|snapshot s1" "naming one that is lost"
must virsh -q snapshot-create-as "$g" s2 --disk-only --diskspec "vda,file=$T/$g/o2"
right s2 3 "beside what is lost"
refused s1 base "whose overlay is no longer in use"
refused i1 o1 "in an overlay that is no longer in use"

must mv "$g/base" "$g/moved"
must qemu-img rebase -u -b "$T/$g/moved" -F qcow2 "$g/o2"
make_disk "$g/base" qcow2 16M
refused s2 base "of whose image another took the name"
must mv "$g/moved" "$g/base"
must qemu-img rebase -u -b "$T/$g/base" -F qcow2 "$g/o2"

must virsh -q snapshot-create-as "$g" again
right again 3 "in the image of others"
wait_past $(($(date +%s) + 1))
must qemu-img snapshot -d again "$(image_of "$g" vda)"
must qemu-img snapshot -c again "$(image_of "$g" vda)"
refused again o2 "that was made anew"

v snapshot-dumpxml "$g" i0 | sed 's|<creationTime>[0-9]*|<creationTime>1600000000|' > i0.xml
must virsh -q snapshot-delete "$g" --metadata s1
must virsh -q snapshot-delete "$g" --metadata i1
must virsh -q snapshot-create "$g" i0.xml --redefine
refused i0 base "of another time than libvirt says"

# The name of an overlay is used twice, on different images.
v undefine "$g" --snapshots-metadata
rm "$g"/*
make_disk "$g/base" qcow2 16M
define "$g" "$(disk vda "$T/$g/base" qcow2)"
must virsh -q snapshot-create-as "$g" s1 --disk-only --diskspec "vda,file=$T/$g/o1"
must qemu-img commit -q "$g/o1"
must qemu-img create -q -f qcow2 -b "$T/$g/base" -F qcow2 "$g/o2"
define "$g" "$(disk vda "$T/$g/o2" qcow2)" "<uuid>$(v domuuid "$g")</uuid>"
pattern 4 "$g/o2"
rm "$g/o1"
must virsh -q snapshot-create-as "$g" s2 --disk-only --diskspec "vda,file=$T/$g/o1"
must virsh -q snapshot-create-as "$g" i2
right i2 4 "in an overlay with the name of another"
must qemu-img rebase -f qcow2 -b "$T/$g/base" -F qcow2 "$g/o1"
refused i2 o1 "once that lies on the image of the other"
