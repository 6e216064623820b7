#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session system
# A disk over a chain of backing files (qcow2 on qcow2 on raw) is one image in the package.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g"
make_disk "$g/base.raw" raw 16M 1
must qemu-img create -q -f qcow2 -b base.raw -F raw "$g/middle.qcow2"
must qemu-io -c 'write -P 7 4M 64k' "$g/middle.qcow2"
must qemu-img create -q -f qcow2 -b middle.qcow2 -F qcow2 "$g/top.qcow2" 32M
must qemu-io -c 'write -P 8 20M 64k' -c 'write -z 1M 64k' "$g/top.qcow2"
define "$g" "$(disk vda "$T/$g/top.qcow2" qcow2)$(default_nic)"
run_until "$g" 2
before=$(sha256sum "$g"/*)

succeeds "export" vp export "$g" g.vpkg
true_that "the same bytes" qemu-img compare "$g/top.qcow2" g.vpkg/disks/vda.qcow2
is "$(qemu-img info g.vpkg/disks/vda.qcow2 | grep -c backing)" 0 "without a backing file"
is "$(sha256sum "$g"/*)" "$before" "the chain is as it was"

mkdir new
succeeds "import" vp import g.vpkg --name "$TEST-new" --dir "$T/new"
true_that "the same bytes once more" qemu-img compare "$g/top.qcow2" "new/$TEST-new-vda.qcow2"
is "$(xml "$TEST-new" 'count(//backingStore[not(*)])')" 1 "the chain is written out and ended"
