#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A disk on a block device is exported; the copy is a file.
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
