#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A pool of block devices: libvirt makes the volume, a partition of a loop device, and it gets the
# disk raw.
. "$(dirname "$0")/lib.sh"

# pool NAME SIZE FORMAT: of a loop device; sets $loop and $disk, its name.
pool() {
    must truncate -s "$2" "$1.img"
    loop=$(losetup -P --find --show "$T/$1.img") || skip_all "no loop device to be had"
    at_exit losetup -d "$loop"
    disk=${loop##*/}
    must virsh -q pool-define /dev/stdin <<- END
	<pool type='disk'><name>$1</name><target><path>/dev</path></target>
	<source><device path='$loop'/><format type='$3'/></source></pool>
	END
    at_exit virsh -q pool-undefine "$1"
    must virsh -q pool-build --overwrite "$1"
    must virsh -q pool-start "$1"
    at_exit virsh -q pool-destroy "$1"
}

# volumes POOL: by what is on the disk, of which libvirt does not hear by itself.
volumes() {
    v pool-refresh "$1"
    v vol-list "$1" | awk '{ print $1 }'
}

pool "$TEST" 30M gpt
make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
fails 3 "a partition without a name" vp import g.vpkg --name "$TEST-a" --pool "$TEST"
says "^ *--disk vda=$TEST/${disk}p1\$" "says which is the next"
fails 3 "another than the next" vp import g.vpkg --name "$TEST-a" --disk "vda=$TEST/${disk}p2"
says "the next one is ${disk}p1" "too"
is "$(volumes "$TEST")" "" "nothing was made"
succeeds "import" vp import g.vpkg --name "$TEST-a" --disk "vda=$TEST/${disk}p1"
is "$(xml "$TEST-a" "//disk[target/@dev='vda']/source/@dev")" "${loop}p1" "the disk is a block device"
is "$(xml "$TEST-a" "//disk[target/@dev='vda']/driver/@type")" raw "and raw"
is "$(volumes "$TEST")" "${disk}p1" "libvirt made the volume"
run_until "$TEST-a" 2
ok "the copy boots from it, and counts"
fails 3 "a volume that exists" vp import g.vpkg --name "$TEST-b" --disk "vda=$TEST/${disk}p1"
says "volume-exists" "by its code"
must virsh -q undefine "$TEST-a"
succeeds "unless it may be overwritten" vp import g.vpkg --name "$TEST-b" \
    --disk "vda=$TEST/${disk}p1" --overwrite-device
fails 3 "one for which there is no room" vp import g.vpkg --name "$TEST-c" --disk "vda=$TEST/${disk}p2"
says "no-space" "by its code"

# libvirt 9 cannot take a partition of a loop device back.
pool "$TEST-dos" 60M dos
left_is_told() {
    local left
    left=$(volumes "$TEST-dos" | grep -vx "${3:-}")
    is "$STATUS" "$([ -n "$left" ] && echo 6 || echo "$1")" "$2 ends with 6 where something is left"
    is "$(grep -oE "the volume $TEST-dos/[a-z0-9]+ is left" "$ERR" | sed 's|.*/||; s| .*||')" "$left" \
        "and names it"
}
try vp import g.vpkg --name "$TEST-d" --disk "vda=$TEST-dos/${disk}p3"
left_is_told 1 "a volume to which libvirt gives another name"
before=$(volumes "$TEST-dos")
cp -r g.vpkg bad.vpkg
printf x | dd of=bad.vpkg/disks/vda.qcow2 bs=1 seek=$((3 * 65536)) conv=notrunc status=none
try vp import bad.vpkg --name "$TEST-d" --disk "vda=$TEST-dos/${disk}p2"
left_is_told 4 "an import that fails" "$before"
false_that "nothing is defined" defined "$TEST-d"
