#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# --compress makes zstd clusters: smaller, and the copy boots.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
make_guest "$g"
must qemu-io -c 'write -P 65 1M 12M' "$g/vda.qcow2"
succeeds "export" vp export "$g" plain.vpkg
succeeds "export --compress" vp export --compress "$g" small.vpkg
true_that "zstd" grep -q 'compression type: zstd' <(qemu-img info small.vpkg/disks/vda.qcow2)
true_that "less than a tenth in size" test $(($(du -k small.vpkg/disks/vda.qcow2 | cut -f1) * 10)) -lt \
    "$(du -k plain.vpkg/disks/vda.qcow2 | cut -f1)"
mkdir new
succeeds "import" vp import small.vpkg --name "$TEST-new" --dir "$T/new"
run_until "$TEST-new" 2
ok "the copy boots and counts"
