#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# --disk chooses path and format of each disk, or leaves one out.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g"
for target in vda vdb vdc; do
    make_disk "$g/$target.qcow2" qcow2 16M
done
define "$g" "$(for t in vda vdb vdc; do disk $t "$T/$g/$t.qcow2" qcow2; done)"
must vp export "$g" g.vpkg
mkdir new "odd,place"

fails 2 "a disk that the package lacks" vp import g.vpkg --name "$TEST-new" --disk vdx=skip
says 'vdx.*vda' "names those it has"
succeeds "import" vp import g.vpkg --name "$TEST-new" --dir "$T/new" \
    --disk "vda=$T/odd,,place/root.img,format=raw" --disk vdb=skip
is "$(xml "$TEST-new" "//disk[target/@dev='vda']/source/@file")" "$T/odd,place/root.img" "the path chosen"
is "$(qemu-img info "odd,place/root.img" | sed -n 's/^file format: //p')" raw "in the format chosen"
is "$(xml "$TEST-new" "count(//disk[target/@dev='vdb'])")" 0 "the disk left out"
is "$(xml "$TEST-new" "//disk[target/@dev='vdc']/source/@file")" "$T/new/$TEST-new-vdc.qcow2" "the rest in --dir"
run_until "$TEST-new" 2
ok "the copy boots"

fails 3 "an edit that names another source" vp import g.vpkg --name "$TEST-edited" --dir "$T" \
    --xml './devices/disk[1]/source/@file=/nowhere/x.qcow2'
says 'xml-refused: .*/nowhere/x.qcow2' "which the disk would lie beside, is told"
says '--disk vda=/nowhere/x.qcow2' "with the option that does it"
