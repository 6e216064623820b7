#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# Every kind of snapshot is exported while the domain runs on, with its RAM if it has it.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g"
make_disk "$g/vda.qcow2" qcow2 16M
make_disk "$g/vdb.qcow2" qcow2 16M
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)$(disk vdb "$T/$g/vdb.qcow2" qcow2)$(default_nic)"
run_until "$g" 2
must virsh -q snapshot-create-as "$g" off
off=$(count "$g/vda.qcow2" qcow2)
must virsh -q start "$g"
must_listen "$g" $((off + 3))
rand=${F[rand]}
must virsh -q snapshot-create-as "$g" internal
must_listen "$g" $((F[vda] + 3))
must virsh -q snapshot-create-as "$g" outside --disk-only --diskspec "vda,file=$T/$g/vda.o1" \
    --diskspec "vdb,file=$T/$g/vdb.o1"
must_listen "$g" $((F[vda] + 3))
must virsh -q snapshot-create-as "$g" whole --memspec "file=$T/$g/ram.save" \
    --diskspec "vda,file=$T/$g/vda.o2" --diskspec "vdb,file=$T/$g/vdb.o2"
must_listen "$g" $((F[vda] + 3))
definition=$(v dumpxml "$g")
snapshots=$(for s in off internal outside whole; do v snapshot-dumpxml "$g" "$s"; done)

# magic PACKAGE: how its RAM begins.
magic() {
    zstd -dcq "$1/ram.zst" | head -c 4
}

succeeds "export of the one that was made when it was shut off" vp export "$g" f.vpkg --snapshot off
is "$(count f.vpkg/disks/vda.qcow2 qcow2)" "$off" "the disk of its moment"
true_that "said to be off" grep -q 'consistency="off"' f.vpkg/package.xml

succeeds "export of the internal one" vp export "$g" i.vpkg --snapshot internal
is "$(count i.vpkg/disks/vda.qcow2 qcow2)" "$(count "$g/vda.qcow2" qcow2 internal)" \
    "the first disk of its moment"
is "$(count i.vpkg/disks/vdb.qcow2 qcow2)" "$(count "$g/vdb.qcow2" qcow2 internal)" \
    "the second disk"
is "$(magic i.vpkg)" QEVM "its RAM"
true_that "said to be with RAM" grep -q with-ram i.vpkg/package.xml
is "$(xmllint --xpath 'string(/ram/@state)' i.vpkg/ram.xml)" running "of a running machine"
is "$(xmllint --xpath 'string(/ram/domain/uuid)' i.vpkg/ram.xml)" "$(v domuuid "$g")" \
    "with its definition"
is "$(xmllint --xpath 'count(/ram/cookie/cpu)' i.vpkg/ram.xml)" 1 "and the cookie"

succeeds "export of the external one" vp export "$g" o.vpkg --snapshot outside
is "$(count o.vpkg/disks/vda.qcow2 qcow2)" "$(count "$g/vda.qcow2" qcow2)" "the first disk"
is "$(count o.vpkg/disks/vdb.qcow2 qcow2)" "$(count "$g/vdb.qcow2" qcow2)" "the second disk"
true_that "without RAM" test ! -e o.vpkg/ram.zst
true_that "said to be crash-consistent" grep -q crash-consistent o.vpkg/package.xml

succeeds "export of the external one with RAM" vp export "$g" w.vpkg --snapshot whole
is "$(count w.vpkg/disks/vda.qcow2 qcow2)" "$(count "$g/vda.o1" qcow2)" "the first disk"
is "$(count w.vpkg/disks/vdb.qcow2 qcow2)" "$(count "$g/vdb.o1" qcow2)" "the second disk"
is "$(magic w.vpkg)" QEVM "its RAM"
true_that "the RAM is that of the save image" cmp <(zstd -dcq w.vpkg/ram.zst) \
    <(tail -c "$(xmllint --xpath 'string(//ram/@size)' w.vpkg/package.xml)" "$g/ram.save")

succeeds "--no-ram takes the disks alone" vp export "$g" n.vpkg --snapshot internal --no-ram
true_that "without RAM" test ! -e n.vpkg/ram.zst
fails 2 "--ram of a moment without" vp export "$g" --snapshot outside --ram
says 'no RAM' "says so"
for p in f i o w; do
    succeeds "verify $p" vp verify "$p.vpkg"
done

must_listen "$g" $((F[vda] + 3))
is "${F[rand]}" "$rand" "the domain ran on all the time"
is "$(v dumpxml "$g")" "$definition" "its definition is unchanged"
is "$(for s in off internal outside whole; do v snapshot-dumpxml "$g" "$s"; done)" "$snapshots" \
    "so are its snapshots"
must virsh -q snapshot-create-as "$g" half --disk-only --diskspec "vda,file=$T/$g/vda.o3" \
    --diskspec vdb,snapshot=no
fails 1 "a snapshot that left a disk out" vp export "$g" --snapshot half
says 'vdb.o2: was not part of it' "is refused for that, not for the domain that runs"
must virsh -q destroy "$g"
for image in "$g"/vd*; do
    true_that "${image##*/} is clean" qemu-img check -q "$image"
done
must qemu-img snapshot -d internal "$g/vda.qcow2"
fails 1 "a snapshot that is gone from its image" vp export "$g" --snapshot internal
says "$T/$g/vda.qcow2: no internal snapshot" "is refused with the file's name"
must virsh -q start --paused "$g"
fails 1 "also while the domain runs" vp export "$g" --snapshot internal --no-ram
says "disk vda: $T/$g/vda.qcow2: no internal snapshot" "with that of the disk"
says '^ *--exclude vda$' "and the way out"
