#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# A disk that was plugged in when RAM was kept, and is none of the domain's now, goes along with
# the snapshot: the copy goes back to both.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
make_guest "$g"
make_disk "$g/vdb.qcow2" qcow2 16M
must virsh -q start "$g"
must_listen "$g" 2
must virsh -q attach-disk "$g" "$T/$g/vdb.qcow2" vdb --live --subdriver qcow2
must virsh -q snapshot-create-as "$g" both
rand=${F[rand]}
must virsh -q destroy "$g"
is "$(xml "$g" 'count(//disk)')" 1 "the definition does not know the disk"

succeeds "export" vp export "$g" p.vpkg --all-snapshots
mkdir "$T/c"
succeeds "import" vp import p.vpkg --name "$TEST-c" --allow ram --dir "$T/c"
is "$(v snapshot-dumpxml "$TEST-c" both | grep -c "file='$T/c/$TEST-c-vdb")" 1 \
    "the snapshot has the disk's copy"
succeeds "revert" virsh -q snapshot-revert "$TEST-c" both
must_listen "$TEST-c" 1
is "${F[rand]}" "$rand" "it is the same run"
true_that "and the disk is there again" virsh -q domblkinfo "$TEST-c" vdb

cp -r p.vpkg cpu.vpkg
perl -0pi -e 's|<cookie>.*</cookie>|<cookie><cpu mode="custom" match="exact">
    <model>Icelake-Server</model></cpu></cookie>|s' cpu.vpkg/snapshots/1.xml
rewrite cpu.vpkg snapshots/1.xml
succeeds "a snapshot whose RAM needs another processor" \
    vp import cpu.vpkg --name "$TEST-d" --allow ram --dir "$T" --dry-run
says 'ram-needs-same-cpu: .*“both”.*cannot go back' "is told of"
