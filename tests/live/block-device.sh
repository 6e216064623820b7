#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A disk on a block device is exported; the copy is a file. A snapshot of it is, if trusted: nobody
# can tell whether a commit that was broken off wrote to the device.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
make_disk back.raw raw 16M 1
loop=$(losetup --find --show "$T/back.raw") || skip_all "no loop device to be had"
at_exit losetup -d "$loop"
define "$g" "<disk type='block' device='disk'><driver name='qemu' type='raw'/><source dev='$loop'/>
    <target dev='vda' bus='virtio'/></disk>$(default_nic)"
run_until "$g" 2
succeeds "export" vp export "$g" g.vpkg
true_that "the same bytes" qemu-img compare -f raw "$loop" g.vpkg/disks/vda.*
mkdir new
succeeds "import" vp import g.vpkg --name "$TEST-new" --dir "$T/new"
is "$(xml "$TEST-new" //disk/@type)" file "the copy's disk is a file"
run_until "$TEST-new" 4
ok "the copy boots and counts"

must virsh -q start "$g"
F[vda]=0
must_listen "$g" 5
must virsh -q snapshot-create-as "$g" s --disk-only --diskspec "vda,file=$T/o"
must_listen "$g" $((${F[vda]} + 2))
counted=$(count "$loop" raw)
fails 1 "a snapshot on it is refused" vp export "$g" s.vpkg --snapshot s
says "$loop: whether it was written to since" "with the reason"
says "^ *--trust-images$" "and the way out"
succeeds "that is taken" vp export "$g" s.vpkg --snapshot s --trust-images
says "warning: unchecked: .*$loop: whether it was written to" "with a warning"
is "$(count s.vpkg/disks/vda.qcow2 qcow2)" "$counted" "with the bytes of its moment"
must virsh -q blockcommit "$g" vda --active --wait
must virsh -q blockjob "$g" vda --abort
must virsh -q destroy "$g"
isnt "$(count "$loop" raw)" "$counted" "a commit that was broken off has written to the device"
fails 1 "the snapshot is refused as ever" vp export "$g" s.vpkg --snapshot s --force
