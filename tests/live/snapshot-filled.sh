#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Of overlays that were filled and lie on nothing any more: a snapshot below them has the bytes of
# its moment, alone and in the whole tree, or none where its definition may be another's.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g"
make_disk "$g/base" qcow2 16M
define "$g" "$(disk vda "$T/$g/base" qcow2)"

snapshot() {
    must qemu-io -f qcow2 -c "write -P $1 2M 64k" "$(image_of "$g" vda)"
    must virsh -q snapshot-create-as "$g" "e$1" --disk-only --diskspec "vda,file=$T/$g/o$1"
}

# right S BYTE WHAT [OPTION …]
right() {
    succeeds "$1 $3" vp export "$g" "$1.vpkg" --snapshot "$1" --force "${@:4}"
    true_that "with the bytes of its moment" pattern_is "$2" "$1.vpkg/disks/vda.qcow2"
}

snapshot 1
snapshot 2
must qemu-img rebase -f qcow2 -b '' "$g/o2"
fails 1 "e2, whose overlay was filled, is refused" vp export "$g" e2.vpkg --snapshot e2
says "$T/$g/o1: .*was filled" "with the reason"
says "--exclude vda" "and the way out"
right e2 2 "which is trusted" --trust-images
must qemu-img rebase -f qcow2 -b '' "$g/o1"
fails 1 "e1, whose overlay is below no more, is refused" vp export "$g" e1.vpkg --snapshot e1
says "--trust-images" "and the way out"
right e1 1 "which is trusted" --trust-images
says "warning.*$T/$g/base: .*no longer in use" "with a warning"
must virsh -q snapshot-delete "$g" --metadata e1
is "$(v snapshot-dumpxml "$g" e2 | xmllint --xpath 'string(//domain//source/@file)' -)" \
    "$T/$g/base" "where e1 is forgotten libvirt says that e2 covered another image"
fails 1 "which is refused" vp export "$g" e2.vpkg --snapshot e2 --force
says "$T/$g/base: .*was filled" "with the reason"
says "--exclude vda" "and the way out"
fails 1 "and all snapshots are" vp export "$g" all.vpkg --all-snapshots --trust-images
says "$T/$g/base: .*export the others one by one" "as no import could make a tree of that"

v undefine --snapshots-metadata "$g"
rm "$g"/*
make_disk "$g/base" qcow2 16M
define "$g" "$(disk vda "$T/$g/base" qcow2 | sed 's|</disk>|<backingStore/>&|')"
snapshot 1
must qemu-img rebase -f qcow2 -b '' "$g/o1"
right e1 1 "where the definition said what the image lies on"
succeeds "the whole tree" vp export "$g" all.vpkg --all-snapshots
mkdir c
succeeds "import" vp import all.vpkg --name "$TEST-c" --dir "$T/c"
must vp export "$TEST-c" c.vpkg --snapshot e1
is "$(xmllint --xpath 'string(//disk/@digest)' c.vpkg/package.xml)" \
    "$(xmllint --xpath 'string(//disk/@digest)' e1.vpkg/package.xml)" "the copy has the same bytes"
