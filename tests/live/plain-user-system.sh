#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A plain user on qemu:///system gets findings, never a bare "permission denied".
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
chmod -R a+rX g.vpkg
mkdir closed
before=$(host_state "$T" "$(images_folder)")
fails 3 "import into a folder that is not his" vp_as_plain_user \
    -c qemu:///system import "$T/g.vpkg" --name "$TEST-new" --dir "$T/closed"
says 'path-not-writable|closed' "a finding names it"
false_that "nothing was defined" defined "$TEST-new"
is "$(host_state "$T" "$(images_folder)")" "$before" "nothing was left behind"

chmod 600 "$TEST-g/vda.qcow2"
install -d -o "$VP_PLAIN_USER" mine
try vp_as_plain_user -c qemu:///system export "$TEST-g" "$T/mine/g.vpkg"
isnt "$STATUS" 0 "export of a disk that he cannot read is refused"
says "vda" "and names the disk"
is "$(ls -A mine)" "" "nothing was left behind"
