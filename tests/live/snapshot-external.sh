#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session system
# An external disk-only snapshot of a shut off domain is exported, as is the state on top of it.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
make_guest "$g"
run_until "$g" 3
half=$(count "$g/vda.qcow2" qcow2)
must virsh -q snapshot-create-as "$g" half --disk-only
run_until "$g" $((half + 4))
top=$(xml "$g" //disk/source/@file)
end=$(count "$top" qcow2)
before=$(sha256sum "$g"/*)

succeeds "export of the snapshot" vp export "$g" half.vpkg --snapshot half
is "$(count half.vpkg/disks/vda.qcow2 qcow2)" "$half" "the disk of that moment"
succeeds "export of now" vp export "$g" now.vpkg
is "$(count now.vpkg/disks/vda.qcow2 qcow2)" "$end" "the disk of now"
is "$(qemu-img info now.vpkg/disks/vda.qcow2 | grep -c backing)" 0 "in one file"
is "$(sha256sum "$g"/*)" "$before" "no file of the domain was touched"

mkdir new
succeeds "import of the snapshot" vp import half.vpkg --name "$TEST-new" --dir "$T/new"
is "$(count "new/$TEST-new-vda.qcow2" qcow2)" "$half" "the copy stands where the snapshot stood"
run_until "$TEST-new" $((half + 1))
ok "and goes on from there"

# A disk that the snapshot left out still has the bytes of then, until somebody writes to it.
h=$TEST-h
make_guest "$h"
make_disk "$h/vdb.qcow2" qcow2 16M
must qemu-io -f qcow2 -c 'write -P 7 2M 64k' "$h/vdb.qcow2"
must virsh -q attach-disk "$h" "$T/$h/vdb.qcow2" vdb --config --subdriver qcow2
wait_past "$(date +%s)"
must virsh -q snapshot-create-as "$h" one --disk-only --diskspec vda --diskspec vdb,snapshot=no
succeeds "export of a snapshot that left a disk out" vp export "$h" one.vpkg --snapshot one
true_that "which goes along as it was" pattern_is 7 one.vpkg/disks/vdb.qcow2
must qemu-io -f qcow2 -c 'write -P 8 2M 64k' "$h/vdb.qcow2"
fails 1 "once that is written to" vp export "$h" one.vpkg --snapshot one --force
says "$h/vdb.qcow2: was not part of it, and may have been written to" "it is refused"
succeeds "and goes without it" vp export "$h" one.vpkg --snapshot one --force --exclude vdb
