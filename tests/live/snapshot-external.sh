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
