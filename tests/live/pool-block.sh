#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A pool of block devices: libvirt makes the volume, a partition of a loop device, and it gets the
# disk raw.
. "$(dirname "$0")/lib.sh"

must truncate -s 30M img
loop=$(losetup -P --find --show "$T/img") || skip_all "no loop device to be had"
at_exit losetup -d "$loop"
disk=${loop##*/}
must virsh -q pool-define /dev/stdin << END
<pool type='disk'><name>$TEST</name><target><path>/dev</path></target>
<source><device path='$loop'/><format type='gpt'/></source></pool>
END
at_exit virsh -q pool-undefine "$TEST"
must virsh -q pool-build --overwrite "$TEST"
must virsh -q pool-start "$TEST"
at_exit virsh -q pool-destroy "$TEST"

make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
fails 3 "a partition without a name" vp import g.vpkg --name "$TEST-a" --pool "$TEST"
says "partitions, named by their disk" "says what is wanted"
succeeds "import" vp import g.vpkg --name "$TEST-a" --disk "vda=$TEST/${disk}p1"
is "$(xml "$TEST-a" "//disk[target/@dev='vda']/source/@dev")" "${loop}p1" "the disk is a block device"
is "$(xml "$TEST-a" "//disk[target/@dev='vda']/driver/@type")" raw "and raw"
is "$(v vol-list "$TEST" | awk '{ print $1 }')" "${disk}p1" "libvirt made the volume"
run_until "$TEST-a" 2
ok "the copy boots from it, and counts"
fails 3 "a volume that exists" vp import g.vpkg --name "$TEST-b" --disk "vda=$TEST/${disk}p1"
says "volume-exists" "by its code"
must virsh -q undefine "$TEST-a"
succeeds "unless it may be overwritten" vp import g.vpkg --name "$TEST-b" \
    --disk "vda=$TEST/${disk}p1" --overwrite-device
fails 3 "one for which there is no room" vp import g.vpkg --name "$TEST-c" --disk "vda=$TEST/${disk}p2"
says "no-space" "by its code"
