#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# What a definition says to lie below a disk is what its guest sees, running or shut off, whatever
# the image's header says; a part of a file is read of a running domain only.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g"
make_disk "$g/base" qcow2 16M
cp "$g/base" "$g/other"
must qemu-io -f qcow2 -c "write -P 1 2M 64k" "$g/base"
must qemu-io -f qcow2 -c "write -P 2 2M 64k" "$g/other"
must qemu-img create -q -f qcow2 -b "$T/$g/base" -F qcow2 "$g/vda"

# shows BYTE WHAT: that is what the guest has, and so has the package.
shows() {
    succeeds "$2" vp export "$g" p.vpkg --force
    true_that "with the bytes that its guest sees" pattern_is "$1" p.vpkg/disks/vda.qcow2
    must virsh -q start --paused "$g"
    succeeds "the same, running" vp export "$g" p.vpkg --force
    true_that "has the same bytes" pattern_is "$1" p.vpkg/disks/vda.qcow2
    must virsh -q destroy "$g"
}

# below ELEMENT …: what the definition says.
below() {
    define "$g" "$(disk vda "$T/$g/vda" qcow2 "$*")"
}

below
shows 1 "without a word, what the header says"
v undefine "$g"
below "<backingStore/>"
shows 0 "where nothing is to lie below, nothing does"
must virsh -q snapshot-create-as "$g" i1
succeeds "nor did it at a snapshot" vp export "$g" i1.vpkg --snapshot i1
true_that "which has the bytes of then" pattern_is 0 i1.vpkg/disks/vda.qcow2
must virsh -q snapshot-delete "$g" i1
v undefine "$g"
below "<backingStore type='file'><format type='qcow2'/><source file='$T/$g/other'/>" \
    "<backingStore/></backingStore>"
shows 2 "where another image is to lie below, it does"
must virsh -q snapshot-create-as "$g" e1 --disk-only --diskspec "vda,file=$T/$g/o1"
fails 1 "a snapshot on top of that, which the headers do not know, is refused" \
    vp export "$g" e1.vpkg --snapshot e1
says "$T/$g/vda: .*lies on another image" "naming the file"

truncate -s 1M "$g/big"
make_disk "$g/raw" raw 16M
cat "$g/raw" >> "$g/big"
v undefine --snapshots-metadata "$g"
define "$g" "<disk type='file' device='disk'><driver name='qemu' type='raw'/>
    <source file='$T/$g/big'>
      <slices><slice type='storage' offset='1048576' size='16777216'/></slices>
    </source><target dev='vda' bus='virtio'/><boot order='1'/></disk>"
fails 1 "a part of a file is refused" vp export "$g" p.vpkg --force
says "vda.*slices" "naming the disk"
says "--exclude vda" "and the way out"
must virsh -q start "$g"
must_listen "$g" 2
succeeds "but not of a running domain" vp export "$g" p.vpkg --force
true_that "with the bytes of that part" count p.vpkg/disks/vda.qcow2 qcow2
succeeds "import" vp import p.vpkg --name "$TEST-c" --dir "$T"
is "$(xml "$TEST-c" 'count(//slices)')" 0 "the copy has a file of its own"
