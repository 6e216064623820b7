#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# A managed save has the disks in mid-flight: refused, --no-ram takes them as they lie.
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-g"
must virsh -q start "$TEST-g"
must_listen "$TEST-g" 3
must virsh -q managedsave "$TEST-g"
try vp export "$TEST-g" g.vpkg
isnt "$STATUS" 0 "refused"
says '--no-ram' "with the way out"
true_that "no package" test ! -e g.vpkg
succeeds "export --no-ram" vp export --no-ram "$TEST-g" g.vpkg
true_that "said to be crash-consistent" grep -q crash-consistent g.vpkg/package.xml
is "$(count g.vpkg/disks/vda.qcow2 qcow2)" "$(count "$TEST-g/vda.qcow2" qcow2)" "the disk as it lies"
true_that "the managed save is still there" grep -q 'Managed save: *yes' <(v dominfo "$TEST-g")
