#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# The disks of a moment are those of the machine that ran, not of the definition that boots next:
# of a snapshot, with RAM and without, and of a domain with a managed save.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
make_guest "$g"
make_disk "$g/vdb.qcow2" qcow2 16M
must virsh -q start "$g"
must_listen "$g" 2
must virsh -q attach-disk "$g" "$T/$g/vdb.qcow2" vdb --live --subdriver qcow2
make_disk "$g/next" qcow2 16M
define "$g" "$(disk vda "$T/$g/next" qcow2)$(default_nic)" "<uuid>$(v domuuid "$g")</uuid>"
must virsh -q snapshot-create-as "$g" both
at=$(count "$g/vda.qcow2" qcow2 both)
rand=${F[rand]}
must virsh -q snapshot-create-as "$g" disks --disk-only \
    --diskspec "vda,file=$T/$g/o1" --diskspec "vdb,file=$T/$g/o2"
succeeds "export of a snapshot of its disks" vp export "$g" disks.vpkg --snapshot disks
is "$(cd disks.vpkg/disks && echo *)" "vda.qcow2 vdb.qcow2" "has both disks"
is "$(count disks.vpkg/disks/vda.qcow2 qcow2)" "$(count "$g/vda.qcow2" qcow2)" "as they ran"
must virsh -q managedsave "$g"

succeeds "export of the managed save" vp export "$g" saved.vpkg
says 'definition-differs: vdb' "tells of the disk"
succeeds "export of the snapshot" vp export "$g" both.vpkg --snapshot both
says 'definition-differs: vdb' "does so too"
is "$(count both.vpkg/disks/vda.qcow2 qcow2)" "$at" "with the bytes of the disk that ran"
succeeds "without RAM" vp export "$g" off.vpkg --no-ram
is "$(cd off.vpkg/disks && echo *)" vda.qcow2 "the disks are those of the definition"
for p in saved both; do
    is "$(cd $p.vpkg/disks && echo *)" "vda.qcow2 vdb.qcow2" "$p has both disks"
    mkdir "$T/$p"
    succeeds "import of $p" vp import $p.vpkg --name "$TEST-$p" --allow ram --ram start --dir "$T/$p"
    must_listen "$TEST-$p"
    is "${F[rand]}" "$rand" "it is the same run"
    true_that "and the disk is there" virsh -q domblkinfo "$TEST-$p" vdb
done
