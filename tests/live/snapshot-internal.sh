#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session system
# An internal snapshot of a shut off domain is exported as an independent machine.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g"
make_disk "$g/vda.qcow2" qcow2 16M
make_disk "$g/vdb.qcow2" qcow2 16M
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)$(disk vdb "$T/$g/vdb.qcow2" qcow2)$(default_nic)"
run_until "$g" 3
half=$(count "$g/vda.qcow2" qcow2) half_b=$(count "$g/vdb.qcow2" qcow2)
must virsh -q snapshot-create-as "$g" half
must virsh -q setmem "$g" 24M --config
must virsh -q setmaxmem "$g" 24M --config
run_until "$g" $((half + 4))
before=$(sha256sum "$g"/*.qcow2; v snapshot-dumpxml "$g" half)

succeeds "export" vp export "$g" half.vpkg --snapshot half
is "$(count half.vpkg/disks/vda.qcow2 qcow2)" "$half" "the first disk of that moment"
is "$(count half.vpkg/disks/vdb.qcow2 qcow2)" "$half_b" "the second disk of that moment"
is "$(xmllint --xpath 'string(//memory)' half.vpkg/domain.xml)" 32768 "the definition of that moment"
is "$(qemu-img info half.vpkg/disks/vda.qcow2 | grep -c Snapshot)" 0 "without the snapshot itself"
is "$(sha256sum "$g"/*.qcow2; v snapshot-dumpxml "$g" half)" "$before" "domain and snapshot untouched"

mkdir new
succeeds "import" vp import half.vpkg --name "$TEST-new" --dir "$T/new"
is "$(count "new/$TEST-new-vda.qcow2" qcow2)" "$half" "the copy stands where the snapshot stood"
run_until "$TEST-new" $((half + 1))
ok "and goes on from there"

fails 1 "a snapshot that is not there" vp export "$g" --snapshot other
says 'other.*half|half' "names the ones that are"
