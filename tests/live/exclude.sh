#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# --exclude leaves a disk's bytes out; at import --disk says what becomes of it.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g" new
make_disk "$g/vda.qcow2" qcow2 16M
make_disk "$g/vdb.qcow2" qcow2 16M
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)$(disk vdb "$T/$g/vdb.qcow2" qcow2)"
succeeds "export" vp export --exclude vdb "$g" g.vpkg
is "$(cd g.vpkg/disks && echo *)" vda.qcow2 "without it"
fails 2 "a disk that the domain lacks" vp export --exclude vdz "$g" h.vpkg
says 'vdz.*vda' "names those it has"
must virsh -q undefine "$g"
fails 3 "import without a word on it" vp import g.vpkg --name "$TEST-new" --dir "$T/new"
says 'vdb' "names it"
succeeds "import --disk vdb=skip" vp import g.vpkg --name "$TEST-new" --dir "$T/new" --disk vdb=skip
is "$(xml "$TEST-new" 'count(//disk)')" 1 "one disk"
succeeds "import with an image that lies here" vp import g.vpkg --name "$TEST-own" --dir "$T/new" \
    --disk "vdb=$T/$g/vdb.qcow2,format=qcow2"
run_until "$TEST-own" 2
is "${F[vdb]}" "${F[vda]}" "the copy counts on both"
