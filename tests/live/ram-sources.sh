#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# RAM of an external snapshot and of a managed save resumes too; what was paused stays paused.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
two_disks "$g"
must virsh -q start "$g"
must_listen "$g" 5
rand=${F[rand]} moment=${F[tick]}
must virsh -q snapshot-create-as "$g" whole --memspec "file=$T/$g/ram.save" \
    --diskspec "vda,file=$T/$g/vda.o" --diskspec "vdb,file=$T/$g/vdb.o"
must vp export "$g" external.vpkg --snapshot whole
succeeds "RAM of an external snapshot" vp import external.vpkg --name "$TEST-e" --allow ram
must virsh -q start "$TEST-e"
must_listen "$TEST-e"
resumed_at "$moment"

# genid_of NAME: its generation ID of now.
genid_of() {
    v dumpxml "$1" | xmllint --xpath 'string(//genid)' -
}
must virsh -q destroy "$g"
two_disks "$TEST-m" "iothread='1'" "<iothreads>1</iothreads><genid/>"
must virsh -q start "$TEST-m"
must_listen "$TEST-m" 5
rand=${F[rand]} moment=${F[tick]}
must virsh -q suspend "$TEST-m"
must virsh -q managedsave "$TEST-m"
must vp export "$TEST-m" managed.vpkg
is "$(xmllint --xpath 'string(/ram/@state)' managed.vpkg/ram.xml)" paused "it was paused"
genid=$(genid_of "$TEST-m")
succeeds "RAM of a managed save" vp import managed.vpkg --name "$TEST-c" --allow ram --genid keep
must virsh -q start "$TEST-c"
isnt "$(genid_of "$TEST-c")" "$genid" "it has a generation ID of its own, by libvirt's own way"
is "$(v domstate "$TEST-c")" paused "its start leaves it paused, as it was"
must virsh -q resume "$TEST-c"
must_listen "$TEST-c"
resumed_at "$moment"
