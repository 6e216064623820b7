#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# --disk T=/dev/… --overwrite-device: a block device gets the disk, and nothing old is left on it.
. "$(dirname "$0")/lib.sh"

# loop NAME SIZE: a loop device full of a pattern; sets $loop.
loop() {
    must truncate -s "$2" "$1"
    tr '\0' 'X' < /dev/zero | head -c "$2" > "$1"
    loop=$(losetup --find --show "$T/$1") || skip_all "no loop device to be had"
    at_exit losetup -d "$loop"
}

make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
loop small 8388608
small=$loop
loop large 20971520
try_import() {
    vp import g.vpkg --name "$TEST-new" "$@"
}

fails 3 "a device, unasked" try_import --disk "vda=$loop"
says 'file-exists: .*lost, for good' "says what would be lost"
says '^ *--overwrite-device$' "and the option"
fails 3 "one that is too small" try_import --disk "vda=$small" --overwrite-device
says 'no-space' "by its code"
fails 3 "one that is not there" try_import --disk vda=/dev/no-such --overwrite-device
says 'device-missing' "by its code"
fails 2 "as qcow2" try_import --disk "vda=$loop,format=qcow2" --overwrite-device
must mkfs.ext4 -q -F "$small"
mkdir mnt
must mount "$small" mnt
at_exit umount "$T/mnt"
fails 3 "one that is mounted" try_import --disk "vda=$small" --overwrite-device
says 'file-in-use' "by its code"
is "$(tr -d 'X' < large | wc -c)" 0 "so far nothing is lost"

succeeds "import" try_import --disk "vda=$loop" --overwrite-device
says 'device-larger' "tells of the size"
is "$(xml "$TEST-new" "//disk[target/@dev='vda']/@type")" block "the disk is a block device"
true_that "the disk is on it" cmp -n 16777216 "$loop" <(qemu-img convert -O raw g.vpkg/disks/vda.qcow2 x.raw && cat x.raw)
is "$(tail -c 4194304 large | tr -d '\0' | wc -c)" 0 "behind it are zeros"
run_until "$TEST-new" 3
ok "the copy boots from it"
fails 3 "a device that a domain has" vp import g.vpkg --name "$TEST-x" --disk "vda=$loop" --overwrite-device
says "file-in-use: .*$TEST-new" "names it"
must virsh -q undefine "$TEST-new"
ln -s "$loop" link
define "$TEST-link" "<disk type='block' device='disk'><source dev='$T/link'/>
    <target dev='vda' bus='virtio'/></disk>"
fails 3 "one that a domain has by another path" vp import g.vpkg --name "$TEST-x" \
    --disk "vda=$loop" --overwrite-device
says "file-in-use: .*$TEST-link" "names it too"
must virsh -q undefine "$TEST-link"

cp -r g.vpkg bad.vpkg
printf x | dd of=bad.vpkg/disks/vda.qcow2 bs=1 seek=$((3 * 65536)) conv=notrunc status=none
before=$(sha256sum < large)
fails 4 "a damaged package, with --verify" vp import bad.vpkg --name "$TEST-b" --disk "vda=$loop" \
    --overwrite-device --verify
is "$(sha256sum < large)" "$before" "the device is as it was"
fails 6 "and without" vp import bad.vpkg --name "$TEST-b" --disk "vda=$loop" --overwrite-device
says "$loop is left .*lost" "says what is lost"
false_that "nothing is defined" defined "$TEST-b"
true_that "the device is still there" test -b "$loop"
