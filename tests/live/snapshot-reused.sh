#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Of a running domain: after images with internal snapshots were committed or filled, or the
# name of an overlay or of a file of RAM was used again, the right bytes come out, or none.
. "$(dirname "$0")/lib.sh"

g=$TEST-g

refused() {
    fails 1 "$1 $3 is refused" vp export "$g" "$1.vpkg" --snapshot "$1" --no-ram
    says "$T/$g/$2" "naming the file"
    says "--exclude vda" "and the way out"
}

make_guest "$g"
must virsh -q start "$g"
must_listen "$g" 3
must virsh -q snapshot-create-as "$g" s1 --disk-only --diskspec "vda,file=$T/$g/o1"
must_listen "$g" $((F[vda] + 2))
must virsh -q snapshot-create-as "$g" i1
must_listen "$g" $((F[vda] + 2))
must virsh -q blockcommit "$g" vda --active --pivot
must virsh -q destroy "$g"
refused i1 o1 "in an image that was committed"
must rm "$g/o1"
must virsh -q snapshot-create-as "$g" s2 --disk-only --diskspec "vda,file=$T/$g/o1"
at=$(count "$g/vda.qcow2" qcow2)
must virsh -q start "$g"
must_listen "$g" $((F[vda] + 2))
succeeds "s2 on top of what was committed" vp export "$g" s2.vpkg --snapshot s2
is "$(count s2.vpkg/disks/vda.qcow2 qcow2)" "$at" "with the bytes of its moment"
refused s1 vda.qcow2 "whose overlay has its name from a later one"
must virsh -q snapshot-create-as "$g" i2
must_listen "$g" $((F[vda] + 2))
must virsh -q blockpull "$g" vda --wait
refused i2 o1 "in an image that was filled since"

for i in 1 2; do
    must virsh -q snapshot-create-as "$g" "r$i" --memspec "file=$T/$g/ram" \
        --diskspec "vda,file=$T/$g/r$i"
done
fails 1 "RAM that a later snapshot wrote over is refused" vp export "$g" r1.vpkg --snapshot r1
says "$T/$g/ram" "naming the file"
says "--no-ram" "and the way out"
succeeds "that of the later one goes along" vp export "$g" r2.vpkg --snapshot r2
succeeds "and so do the disks without it" vp export "$g" r1.vpkg --snapshot r1 --no-ram

must virsh -q snapshot-create-as "$g" r3 --memspec "file=$T/$g/ram3" \
    --diskspec "vda,file=$T/$g/r3"
wait_past $(($(stat -c %W "$g/r3") + 3))
succeeds "RAM of another snapshot" vp export "$g" r3.vpkg --snapshot r3
must virsh -q snapshot-create-as "$g" --no-metadata --memspec "file=$T/$g/ram3" \
    --diskspec "vda,file=$T/$g/r4"
fails 1 "that one of which libvirt does not know wrote over is refused" \
    vp export "$g" r3.vpkg --snapshot r3 --force
says "$T/$g/ram3" "naming the file"
says "--no-ram" "and the way out"

must qemu-img create -q -u -f qcow2 -b "$T/$g/r4" -F qcow2 "$g/r5" 16M
wait_past "$(stat -c %W "$g/r5")"
must virsh -q snapshot-create-as "$g" r5 --memspec "file=$T/$g/ram5" \
    --diskspec "vda,file=$T/$g/r5" --reuse-external
succeeds "RAM of one with an overlay that was there before" vp export "$g" r5.vpkg --snapshot r5
wait_past $(($(date +%s) + 2))
must virsh -q snapshot-create-as "$g" --no-metadata --memspec "file=$T/$g/ram5" \
    --diskspec "vda,file=$T/$g/r6"
fails 1 "that was written over is refused as well" vp export "$g" r5.vpkg --snapshot r5 --force
says "$T/$g/ram5: was written [0-9.]* s after the snapshot" "naming the file"

g=$TEST-h
mkdir "$g"
make_disk "$g/base" qcow2 16M
must qemu-img create -q -f qcow2 -b "$T/$g/base" -F qcow2 "$g/top"
define "$g" "$(disk vda "$T/$g/top" qcow2)"
must virsh -q start "$g"
F[vda]=0
must_listen "$g" 3
must virsh -q snapshot-create-as "$g" i3
succeeds "in an image on another" vp export "$g" i3.vpkg --snapshot i3 --no-ram
must virsh -q blockpull "$g" vda --wait
refused i3 top "in an image that was filled, and that no snapshot had made,"
must virsh -q snapshot-create-as "$g" i4
succeeds "one that was made afterwards is not" vp export "$g" i4.vpkg --snapshot i4 --no-ram
must virsh -q snapshot-create-as "$g" s5 --disk-only --diskspec "vda,file=$T/$g/o5"
must virsh -q blockpull "$g" vda --wait
must virsh -q snapshot-create-as "$g" i5
succeeds "nor is one in an overlay that was filled before" vp export "$g" i5.vpkg --snapshot i5 --no-ram
must virsh -q destroy "$g"

g=$TEST-n
mkdir "$g"
make_disk "$g/base" qcow2 16M
must qemu-nbd --fork --persistent --shared=4 --read-only --socket="$T/nbd" --pid-file="$T/pid" \
    -x base -f qcow2 "$T/$g/base"
at_exit kill "$(cat pid)"
must qemu-img create -q -f qcow2 -b "nbd+unix:///base?socket=$T/nbd" -F raw "$g/top"
define "$g" "$(disk vda "$T/$g/top" qcow2 "<backingStore type='network'><format type='raw'/>
    <source protocol='nbd' name='base'><host transport='unix' socket='$T/nbd'/></source>
    <backingStore/></backingStore>")"
must virsh -q start "$g"
F[vda]=0
must_listen "$g" 3
must virsh -q snapshot-create-as "$g" i6
must virsh -q blockpull "$g" vda --wait
refused i6 top "in an image that lay on a network disk, and was filled,"
