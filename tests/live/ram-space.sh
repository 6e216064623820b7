#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# RAM that does not fit is found before; where the disk fills up on the way all is undone. To stand
# as saved it takes its size twice.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
ram_guest "$g"
must vp export "$g" g.vpkg --snapshot s
must virsh -q destroy "$g"
size=$(xmllint --xpath 'string(//ram/@size)' g.vpkg/package.xml)
save=$(nvram_folder)/../save
mkdir -p small "$save"

# room BYTES: all that an import writes lies on one file system with so much free.
room() {
    umount "$save" small 2> /dev/null
    must mount -t tmpfs -o "size=$1,mode=711" none small
    mkdir small/save
    must mount --bind small/save "$save"
}
at_exit umount "$T/small"
at_exit umount "$save"

room $((size * 3 / 2))
before=$(host_state "$T" "$(images_folder)" "$save")
fails 3 "room for it once only" vp import g.vpkg --name "$TEST-new" --dir "$T/small" --allow ram
says 'no-space' "is no-space"
says '--ram drop' "and how to do without"
is "$(host_state "$T" "$(images_folder)" "$save")" "$before" "nothing was made"
succeeds "to go on at once needs it once" vp import g.vpkg --name "$TEST-start" --dir "$T/small" --allow ram --ram paused
must virsh -q destroy "$TEST-start"
must virsh -q undefine "$TEST-start"

# Room by the look of it, gone on the way: no inode is left for the RAM; then for libvirt's own copy.
filled_up() {
    before=$(host_state "$T" "$(images_folder)" "$save")
    fails 1 "$1" vp import g.vpkg --name "$TEST-new" --dir "$T/small" --allow ram
    says 'No space left' "says why"
    is "$(host_state "$T" "$(images_folder)" "$save")" "$before" "all is undone"
    false_that "nothing is defined" defined "$TEST-new"
}
umount "$save" small
must mount -t tmpfs -o size=80M,mode=711,nr_inodes=3 none small
filled_up "no room for the RAM beside the disks"
must mount -o remount,nr_inodes=1k "$T/small"
must mount -t tmpfs -o size=80M,mode=711,nr_inodes=1 none "$save"
filled_up "no room for what libvirt saves"
must mount -o remount,nr_inodes=1k "$save"
succeeds "with room" vp import g.vpkg --name "$TEST-new" --dir "$T/small" --allow ram
says 'ram-identity: NIC .* would meet its twin, of domain .*-g.*, on network lan' \
    "and a warning that it has a twin on its network"
bridge=$(v net-dumpxml lan | xmllint --xpath 'string(//bridge/@name)' -)
succeeds "on the bridge of that network" vp check g.vpkg --name "$TEST-bridge" --dir "$T" --allow ram \
    --network "lan=bridge:$bridge"
says "ram-identity: .* would meet its twin, of domain .*-g.*, on bridge $bridge" "it would meet it too"
