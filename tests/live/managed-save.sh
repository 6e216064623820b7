#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session system
# A domain with a managed save is exported with its RAM; --no-ram takes the disks as they lie.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
make_guest "$g"
must virsh -q start "$g"
must_listen "$g" 3
must virsh -q managedsave "$g"
succeeds "export" vp export "$g" g.vpkg
true_that "said to be with RAM" grep -q with-ram g.vpkg/package.xml
is "$(zstd -dcq g.vpkg/ram.zst | head -c 4)" QEVM "its RAM"
is "$(count g.vpkg/disks/vda.qcow2 qcow2)" "$(count "$g/vda.qcow2" qcow2)" "its disk"
succeeds "verify" vp verify g.vpkg
succeeds "export --no-ram" vp export --no-ram "$g" n.vpkg
true_that "said to be crash-consistent" grep -q crash-consistent n.vpkg/package.xml
true_that "without RAM" test ! -e n.vpkg/ram.zst
is "$(count n.vpkg/disks/vda.qcow2 qcow2)" "$(count "$g/vda.qcow2" qcow2)" "the disk as it lies"
true_that "the managed save is still there" grep -q 'Managed save: *yes' <(v dominfo "$g")
must virsh -q start "$g"
must_listen "$g" 4
ok "and the domain goes on"
