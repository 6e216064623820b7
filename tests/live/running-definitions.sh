#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Devices that only the running domain has, or only its definition: warned of, disks as they run.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
two_disks "$g"
must virsh -q start "$g"
must_listen "$g" 3
make_disk vdc.qcow2 qcow2 16M 2
make_disk vdd.qcow2 qcow2 16M
must virsh -q attach-disk "$g" "$T/vdc.qcow2" vdc --subdriver qcow2 --live
must virsh -q attach-disk "$g" "$T/vdd.qcow2" vdd --subdriver qcow2 --config
must virsh -q attach-device "$g" /dev/stdin --config <<< "$(nic user '' 52:54:00:00:00:0a)"
before=$(v dumpxml --inactive "$g")
succeeds "export" vp export "$g" g.vpkg
says 'definition-differs.*vdc' "the disk of the running domain is told"
says 'definition-differs.*vdd' "that of the definition too"
says 'definition-differs.*52:54:00:00:00:0a' "so is a NIC"
says 'left out: disk:vdd' "which is left out"
is "$(cd g.vpkg/disks && echo *)" "vda.qcow2 vdb.qcow2 vdc.qcow2" "the disks are those that run"
is "$(v dumpxml --inactive "$g")" "$before" "the definition is as it was"
no_job_left "$g"
must virsh -q destroy "$g"
true_that "the bytes are those of the disk" qemu-img compare vdc.qcow2 g.vpkg/disks/vdc.qcow2

mkdir new
fails 3 "import without a word about the disk that is not there" vp import g.vpkg --name "$TEST-new" --dir "$T/new"
says 'source-missing.*vdd|vdd.*source-missing' "names it"
succeeds "import" vp import g.vpkg --name "$TEST-new" --dir "$T/new" --disk vdd=skip
is "$(v domblklist "$TEST-new" | awk '{ print $1 }' | xargs)" "vda vdb vdc" "the copy has the disks that ran"
run_until "$TEST-new" $(($(count g.vpkg/disks/vda.qcow2 qcow2) + 2))
ok "and boots"
