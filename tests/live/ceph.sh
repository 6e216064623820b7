#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A real Ceph on this machine: disks go into an rbd pool, a guest boots from there, and a domain
# on rbd is exported again.
. "$(dirname "$0")/ceph-host.sh"

make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
succeeds "import" vp import g.vpkg --name "$TEST-a" --pool "$TEST"
source="//disk[target/@dev='vda']/source"
is "$(xml "$TEST-a" "$source/@name")" "vms/$TEST-a-vda" "the disk is an image of the pool"
is "$(xml "$TEST-a" "$source/host/@name")" 127.0.0.1 "its server stands in the domain"
is "$(v vol-list "$TEST" | awk '{ print $1 }')" "$TEST-a-vda" "libvirt sees the volume"
run_until "$TEST-a" 3
ok "a guest boots from Ceph, and counts"
fails 3 "a volume that exists" vp import g.vpkg --name "$TEST-b" --disk "vda=$TEST/$TEST-a-vda"
says volume-exists "by its code"
cp -r g.vpkg bad.vpkg
printf x | dd of=bad.vpkg/disks/vda.qcow2 bs=1 seek=$((3 * 65536)) conv=notrunc status=none
fails 4 "a damaged package" vp import bad.vpkg --name "$TEST-b" --pool "$TEST"
is "$(rbd ls vms)" "$TEST-a-vda" "leaves no volume"

succeeds "export of a domain on Ceph" vp export "$TEST-a" a.vpkg
counted=$(count a.vpkg/disks/vda.qcow2 qcow2)
true_that "its disk is in the package" test "$counted" -ge "${F[vda]}"
is "$(rbd status "vms/$TEST-a-vda")" "Watchers: none" "and nobody holds the image any more"
must virsh -q start "$TEST-a"
must_listen "$TEST-a" "$((counted + 1))"
succeeds "export of the domain while it runs" vp export "$TEST-a" run.vpkg
true_that "has its disk" test "$(count run.vpkg/disks/vda.qcow2 qcow2)" -gt "$counted"
must_listen "$TEST-a" "$((F[vda] + 1))"
must virsh -q destroy "$TEST-a"
counted_a=${F[vda]}
mkdir new
succeeds "back into a file" vp import a.vpkg --name "$TEST-c" --dir "$T/new"
run_until "$TEST-c" "$((counted + 1))"
ok "which boots and counts on"
must vp export "$TEST-g" --exclude vda lean.vpkg
fails 3 "an image of another domain" vp import lean.vpkg --name "$TEST-d" \
    --disk "vda=$TEST/$TEST-a-vda,format=raw"
says "file-in-use: .*$TEST-a" "names it"
must virsh -q undefine "$TEST-a"
succeeds "a volume used as it lies" vp import lean.vpkg --name "$TEST-d" \
    --disk "vda=$TEST/$TEST-a-vda,format=raw"
run_until "$TEST-d" "$((counted_a + 1))"
ok "boots and counts on"
