#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Raw, vmdk, vdi and old qcow2 disks go in; qcow2, raw and compressed qcow2 come out.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g"
make_disk "$g/vda.raw" raw 16M 1
must qemu-img convert -O vmdk "$g/vda.raw" "$g/vdb.vmdk"
must qemu-img convert -O vdi "$g/vda.raw" "$g/vdc.vdi"
must qemu-img convert -O qcow2 -o compat=0.10 "$g/vda.raw" "$g/vdd.qcow2"
define "$g" "$(disk vda "$T/$g/vda.raw" raw)$(disk vdb "$T/$g/vdb.vmdk" vmdk)$(
    disk vdc "$T/$g/vdc.vdi" vdi)$(disk vdd "$T/$g/vdd.qcow2" qcow2)"

for options in "" "--format raw" "--compress" "--format qcow2"; do
    rm -rf g.vpkg
    succeeds "export $options" vp export "$g" g.vpkg $options
    for file in g.vpkg/disks/*; do
        true_that "$(basename "$file") holds the same" qemu-img compare "$g/vda.raw" "$file"
    done
    case $options in
        *raw) is "$(cd g.vpkg/disks && echo *)" "vda.raw vdb.raw vdc.raw vdd.raw" "all raw" ;;
        *) is "$(cd g.vpkg/disks && echo *)" "vda.qcow2 vdb.qcow2 vdc.qcow2 vdd.qcow2" "all qcow2" ;;
    esac
    succeeds "it verifies" vp verify g.vpkg
done

succeeds "export --format raw" vp export --format raw --force "$g" g.vpkg
mkdir new
succeeds "import" vp import g.vpkg --name "$TEST-new" --dir "$T/new"
for target in vda vdb vdc vdd; do
    true_that "$target holds the same" qemu-img compare "$g/vda.raw" \
        "$(xml "$TEST-new" "//disk[target/@dev='$target']/source/@file")"
done
