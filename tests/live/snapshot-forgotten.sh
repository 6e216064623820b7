#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# libvirt forgets a snapshot, the overlay of which was pulled into the next one, and says that this
# one covered the image below both: it is refused, for that overlay is there still.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g"
must qemu-img create -q -f qcow2 "$g/base" 16M
define "$g" "$(disk vda "$T/$g/base" qcow2)"
for i in 1 2 3; do
    must qemu-io -f qcow2 -c "write -P $i 2M 64k" "$(image_of "$g" vda)"
    must virsh -q snapshot-create-as "$g" "e$i" --disk-only --diskspec "vda,file=$T/$g/o$i"
done

# right N WHAT [BYTE]
right() {
    succeeds "e$1 $2" vp export "$g" "e$1.vpkg" --snapshot "e$1" --force
    true_that "with the bytes of its moment" pattern_is "${3:-$1}" "e$1.vpkg/disks/vda.qcow2"
}

must qemu-img create -q -f qcow2 -b "$T/$g/o2" -F qcow2 "$g/later"
right 3 "with another overlay on its image, younger than its own,"
must qemu-img rebase -f qcow2 -b "$T/$g/o1" -F qcow2 "$g/o3"
must virsh -q snapshot-delete "$g" --metadata e2
is "$(v snapshot-dumpxml "$g" e3 | xmllint --xpath 'string(//domain//source/@file)' -)" "$T/$g/o1" \
    "libvirt says that e3 covered o1"
fails 1 "that is refused" vp export "$g" e3.vpkg --snapshot e3 --force
says "$T/$g/o1: $T/$g/o2 lies on it as well" "naming the overlay that speaks against it"
says "^ *--trust-images$" "and the way out"
fails 1 "and all snapshots are" vp export "$g" all.vpkg --all-snapshots
says "$T/$g/o2 lies on it as well" "for the same reason"
right 1 "is not concerned"

# The same of an image that holds an internal snapshot.
v undefine "$g" --snapshots-metadata
rm "$g"/*
must qemu-img create -q -f qcow2 "$g/base" 16M
define "$g" "$(disk vda "$T/$g/base" qcow2)"
for i in 1 2; do
    must qemu-io -f qcow2 -c "write -P $i 2M 64k" "$(image_of "$g" vda)"
    must virsh -q snapshot-create-as "$g" "e$i" --disk-only --diskspec "vda,file=$T/$g/o$i"
done
must virsh -q snapshot-create-as "$g" e3
right 3 "in the image on top" 2
must qemu-img rebase -f qcow2 -b "$T/$g/base" -F qcow2 "$g/o2"
must virsh -q snapshot-delete "$g" --metadata e1
fails 1 "once libvirt says that this was put on base, e3 is refused" \
    vp export "$g" e3.vpkg --snapshot e3 --force
says "$T/$g/base: $T/$g/o1 lies on it as well" "naming the overlay that speaks against it"
