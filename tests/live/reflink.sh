#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# On XFS and btrfs raw images and images kept with their snapshots share their bytes, both ways.
. "$(dirname "$0")/lib.sh"

# on KIND MKFS …: a file system of its own in $T/KIND.
on() {
    local kind=$1
    shift
    must truncate -s 400M "$kind.img"
    must "$@" "$kind.img"
    mkdir "$kind"
    must mount -o loop "$kind.img" "$kind"
    at_exit umount "$T/$kind"
}

# used KIND: MiB
used() {
    sync -f "$1"
    df --output=used -B 1M "$1" | tail -1
}

# costs_little KIND BEFORE WHAT: of 60 MiB of data.
costs_little() {
    local now
    now=$(used "$1")
    true_that "$1: $3 takes no space: $((now - $2)) MiB" test $((now - $2)) -lt 15
}

on xfs mkfs.xfs -q -m reflink=1
on btrfs mkfs.btrfs -q
for kind in xfs btrfs; do
    g=$TEST-$kind
    mkdir "$kind/$g"
    make_disk "$kind/$g/vda.raw" raw 64M
    must random_data 60 "$kind/$g/vda.raw"
    define "$g" "$(disk vda "$T/$kind/$g/vda.raw" raw)"
    before=$(used "$kind")
    succeeds "$kind: export" vp export "$g" "$kind/g.vpkg" --format raw
    costs_little "$kind" "$before" "an export"
    succeeds "$kind: import" vp import "$kind/g.vpkg" --name "$g-new" --dir "$T/$kind"
    costs_little "$kind" "$before" "an import"
    true_that "$kind: the same bytes" cmp "$kind/$g/vda.raw" "$kind/$g-new-vda.raw"
    true_that "$kind: extents are shared" bash -c "filefrag -v $kind/$g-new-vda.raw | grep -q shared"
    run_until "$g-new" 2
    ok "$kind: the copy boots"
    succeeds "$kind: the package is whole still" vp verify "$kind/g.vpkg"
    must cp -r "$kind/g.vpkg" bad.vpkg
    printf x | dd of=bad.vpkg/disks/vda.raw bs=1 seek=9000000 conv=notrunc status=none
    must mv bad.vpkg "$kind/bad.vpkg"
    fails 4 "$kind: what is shared is proved" vp import "$kind/bad.vpkg" --name "$g-bad" --dir "$T/$kind"
    is "$(find "$kind" -name "*$g-bad*")" "" "$kind: and not left"
    must virsh -q undefine "$g-new"
    rm -r "$kind/bad.vpkg" "$kind/$g-new-vda.raw"
done

# The same with images that are kept.
g=$TEST-t
mkdir "xfs/$g"
make_disk "xfs/$g/vda.qcow2" qcow2 64M
must qemu-img convert -q -O qcow2 "xfs/$TEST-xfs/vda.raw" "xfs/$g/vda.qcow2"
define "$g" "$(disk vda "$T/xfs/$g/vda.qcow2" qcow2)"
must virsh -q snapshot-create-as "$g" one
before=$(used xfs)
succeeds "export with all snapshots" vp export "$g" xfs/t.vpkg --all-snapshots
costs_little xfs "$before" "a tree's export"
succeeds "import" vp import xfs/t.vpkg --name "$g-new" --dir "$T/xfs"
costs_little xfs "$before" "a tree's import"
must virsh -q snapshot-revert "$g-new" one
run_until "$g-new" 2
ok "the copy boots"
