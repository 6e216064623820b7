#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A pool that is a file system: libvirt mounts it, and disks become files on it, which are volumes.
. "$(dirname "$0")/lib.sh"

must truncate -s 64M img
loop=$(losetup --find --show "$T/img") || skip_all "no loop device to be had"
at_exit losetup -d "$loop"
mkdir p
must virsh -q pool-define-as "$TEST" fs --source-dev "$loop" --source-format ext4 --target "$T/p"
at_exit virsh -q pool-undefine "$TEST"
must virsh -q pool-build --overwrite "$TEST"
must virsh -q pool-start "$TEST"
at_exit virsh -q pool-destroy "$TEST"

make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
succeeds "import" vp import g.vpkg --name "$TEST-a" --pool "$TEST"
is "$(findmnt -nro SOURCE -T "p/$TEST-a-vda.qcow2")" "$loop" "the file is on that file system"
is "$(v vol-path "$TEST-a-vda.qcow2" --pool "$TEST")" "$T/p/$TEST-a-vda.qcow2" "and a volume of the pool"
run_until "$TEST-a" 2
ok "the copy boots and counts"
cat /dev/zero > p/full 2> /dev/null
fails 3 "where there is no room" vp import g.vpkg --name "$TEST-b" --pool "$TEST"
says "no-space" "by its code"
