#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session system
# Internal snapshots are in the copy what they were: reverting to each gives its bytes and its
# RAM, while the original runs.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
two_disks "$g"
must virsh -q snapshot-create-as "$g" off "before all"
must virsh -q start "$g"
must_listen "$g" 3
must virsh -q snapshot-create-as "$g" running
at=${F[tick]}
rand=${F[rand]}
must_listen "$g" $((F[vda] + 3))
must virsh -q snapshot-create-as "$g" "later & <on>"
must_listen "$g" $((F[vda] + 3))
must virsh -q destroy "$g"
must virsh -q snapshot-revert "$g" off
must virsh -q snapshot-create-as "$g" branch
run_until "$g" 2
must vp export "$g" p.vpkg --all-snapshots

fails 3 "RAM is a power" vp import p.vpkg --name "$TEST-c"
says 'power “ram”' "says so"
is "$(grep -c "^error: power-refused" "$ERR")" 1 "once for all snapshots"
says '“running”, “later & <on>”|“later & <on>”, “running”' "which are named"
succeeds "--mac new, which RAM does not know" vp import p.vpkg --name "$TEST-c" --allow ram \
    --mac new --dry-run
says 'ram-identity: NIC .* the snapshot “running”' "tells which snapshots know another"
before=$(host_state "$T")
fails 2 "it is copied, and not linked" vp import p.vpkg --name "$TEST-c" --allow ram --mode link
says 'all snapshots is copied' "says so"
fails 2 "a disk with snapshots cannot be left out" vp import p.vpkg --name "$TEST-c" --allow ram \
    --disk vdb=skip
fails 2 "nor become another format" vp import p.vpkg --name "$TEST-c" --allow ram \
    --disk "vdb=$T/x.raw,format=raw"
is "$(host_state "$T")" "$before" "nothing was touched"
must virsh -q start "$g"
mkdir "$T/c"
succeeds "import, while the original runs" vp import p.vpkg --name "$TEST-c" --allow ram \
    --dir "$T/c" --uuid new --file-mode 640
is "$(stat -c %a "$T"/c/* | sort -u)" 640 "its images have the mode asked for"

# snapshots NAME: all of them, with what people see of each.
snapshots() {
    v snapshot-list "$1" --tree
    v snapshot-list "$1" | sort
    v snapshot-current "$1" --name
    v snapshot-list "$1" --name | grep . | while read -r s; do
        v snapshot-dumpxml "$1" "$s" |
            xmllint --xpath '//description|/domainsnapshot/creationTime|/domainsnapshot/state' -
    done
}
is "$(snapshots "$TEST-c")" "$(snapshots "$g")" "the tree is the same"
for image in "$T"/c/*; do
    true_that "${image##*/} is clean" qemu-img check -q "$image"
done
for s in off running branch; do
    must vp export "$TEST-c" "$s.vpkg" --snapshot "$s"
    for disk in vda vdb; do
        of_disk="/disk[@target='$disk']/@digest"
        is "$(xmllint --xpath "string(/$of_disk)" "$s.vpkg/package.xml")" \
            "$(xmllint --xpath "string(//moment[@name='$s']$of_disk)" p.vpkg/package.xml)" \
            "$s has the $disk that it had"
    done
done
for s in off running branch; do
    v snapshot-dumpxml "$TEST-c" "$s"
done > all.xml
is "$(grep -c "<uuid>$(v domuuid "$TEST-c")</uuid>" all.xml)" 4 "its own UUID is in all of them"
is "$(grep -c "$T/c/$TEST-c-vd" all.xml)" 8 "and the paths of its own files"
false_that "nothing names the files of the original" grep "$T/$g/" all.xml

succeeds "revert to RAM" virsh -q snapshot-revert "$TEST-c" running
must_listen "$TEST-c" 4
is "${F[rand]}" "$rand" "it is the same run"
true_that "that went on where it was" test "${F[tick]}" -ge "$at"
true_that "and not later" test "${F[tick]}" -le $((at + 60))
must virsh -q destroy "$TEST-c"
succeeds "revert to one of a shut off domain" virsh -q snapshot-revert "$TEST-c" off
is "$(count "$T/c/$TEST-c-vda.qcow2" qcow2)" 0 "its disk is as it was"
run_until "$TEST-c" 2
succeeds "a snapshot in the copy goes away" virsh -q snapshot-delete "$TEST-c" running
must_listen "$g" 4
isnt "${F[rand]}" "$rand" "the original ran on"

old=$(v snapshot-dumpxml "$g" running | xmllint --xpath 'string(//domain//mac/@address)' -)
mkdir "$T/d"
must vp import p.vpkg --name "$TEST-d" --allow ram --dir "$T/d" --mac new
isnt "$(xml "$TEST-d" '//interface/mac/@address')" "$old" "a copy has another address"
succeeds "and reverts to RAM that knows the old one" virsh -q snapshot-revert "$TEST-d" running
must_listen "$TEST-d" 4
is "${F[rand]}" "$rand" "which goes on"
