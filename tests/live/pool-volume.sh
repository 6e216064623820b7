#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session system
# A disk that is a volume of a pool is exported; the copy is a file.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir pool
make_disk pool/root.qcow2 qcow2 16M
must virsh -q pool-create-as "$TEST" dir --target "$T/pool"
at_exit virsh -q pool-destroy "$TEST"
define "$g" "<disk type='volume' device='disk'><driver name='qemu' type='qcow2'/>
    <source pool='$TEST' volume='root.qcow2'/><target dev='vda' bus='virtio'/></disk>$(default_nic)"
run_until "$g" 2
succeeds "export" vp export "$g" g.vpkg
is "$(count g.vpkg/disks/vda.qcow2 qcow2)" "$(count pool/root.qcow2 qcow2)" "the package holds the count"
mkdir new
succeeds "import" vp import g.vpkg --name "$TEST-new" --dir "$T/new"
is "$(xml "$TEST-new" //disk/@type)" file "the copy's disk is a file"
run_until "$TEST-new" 4
ok "the copy boots and counts"
