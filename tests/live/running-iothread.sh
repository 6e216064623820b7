#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A disk or a controller with an iothread: read in push mode, which no QEMU dies of.
. "$(dirname "$0")/lib.sh"

mkdir new
export_and_import() {
    local g=$1
    must virsh -q start "$g"
    must_listen "$g" 3
    succeeds "export" vp -v export "$g" "$g.vpkg"
    says '\(push\)' "in push mode"
    is "$(v domstate "$g")" running "the domain runs on"
    must_listen "$g" $((${F[vda]} + 8))
    ok "and counts on"
    no_job_left "$g"
    a=$(count "$g.vpkg/disks/vda.qcow2" qcow2)
    b=$(count "$g.vpkg/disks/vdb.qcow2" qcow2)
    true_that "both disks are of one instant: $a, $b" test $((a - b)) -ge 0 -a $((a - b)) -le 1
    succeeds "import" vp import "$g.vpkg" --name "$g-new" --dir "$T/new" --allow resource
    run_until "$g-new" $((a + 2))
    ok "the copy boots and counts on"
}

two_disks "$TEST-d" "iothread='1'" "<iothreads>1</iothreads>"
export_and_import "$TEST-d"

mkdir "$TEST-c"
make_disk "$TEST-c/vda.qcow2" qcow2 16M
make_disk "$TEST-c/vdb.qcow2" qcow2 16M
define "$TEST-c" "$(disk vda "$T/$TEST-c/vda.qcow2" qcow2; disk vdb "$T/$TEST-c/vdb.qcow2" qcow2)
    <controller type='scsi' index='0' model='virtio-scsi'><driver iothread='1'/></controller>" \
    "<iothreads>1</iothreads>"
export_and_import "$TEST-c"
