#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Disks with the same file name in different folders, and odd characters in it, do not mix.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
odd="disk, \"1\" a:b%s"
for part in a b c; do
    mkdir "$part"
    make_disk "$T/$part/$odd.qcow2" qcow2 16M
done
must qemu-io -c 'write -P 1 2M 64k' "$T/a/$odd.qcow2"
must qemu-io -c 'write -P 2 2M 64k' "$T/b/$odd.qcow2"
must qemu-io -c 'write -P 3 2M 64k' "$T/c/$odd.qcow2"
define "$g" "$(disk vda "$T/a/$odd.qcow2" qcow2)$(disk vdb "$T/b/$odd.qcow2" qcow2)$(
    disk hda "$T/c/$odd.qcow2" qcow2)"
succeeds "export" vp export "$g" g.vpkg
mkdir new
succeeds "import" vp import g.vpkg --name "$TEST-new" --dir "$T/new"
pattern=0
for target in vda vdb hda; do
    pattern=$((pattern + 1))
    true_that "$target in the package" pattern_is $pattern "g.vpkg/disks/$target.qcow2"
    true_that "$target in the copy" pattern_is $pattern "new/$TEST-new-$target.qcow2"
done
