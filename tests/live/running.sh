#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session system
# A running domain is exported as it is at one instant of all its disks, and goes on meanwhile.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
two_disks "$g"
must virsh -q start "$g"
must_listen "$g" 5
before=$(v dumpxml --inactive "$g")
began=${F[vda]}
succeeds "export" vp -v export "$g" g.vpkg
says '(pull)' "in pull mode"
says 'now, crash-consistent' "says what it is"
is "$(v domstate "$g")" running "the domain runs on"
must_listen "$g" $((began + 3))
ok "and counts on"
is "$(v dumpxml --inactive "$g")" "$before" "its definition is as it was"
no_job_left "$g"
must virsh -q destroy "$g"
ended=$(count "$T/$g/vda.qcow2" qcow2)
true_that "its disks are in order" qemu-img check "$T/$g/vda.qcow2"

succeeds "the package verifies" vp verify g.vpkg
vp info g.vpkg > info 2>&1
true_that "info tells the consistency" grep -q crash-consistent info
true_that "the images are in order" qemu-img check g.vpkg/disks/vda.qcow2
a=$(count g.vpkg/disks/vda.qcow2 qcow2)
b=$(count g.vpkg/disks/vdb.qcow2 qcow2)
true_that "both disks are of one instant: $a, $b" test $((a - b)) -ge 0 -a $((a - b)) -le 1
true_that "which was that of the export: $a" test "$a" -ge "$began" -a "$a" -le "$ended"

mkdir new
succeeds "import" vp import g.vpkg --name "$TEST-new" --dir "$T/new"
run_until "$TEST-new" $((a + 3))
ok "the copy boots and counts on"
