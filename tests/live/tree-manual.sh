#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# A disk of which somebody else takes the snapshots ("manual") is one in the copy too.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
two_disks "$g"
must virsh -q snapshot-create-as "$g" s --disk-only --diskspec "vda,file=$T/$g/o" \
    --diskspec vdb,snapshot=manual

# kinds NAME: how the snapshot holds its disks.
kinds() {
    v snapshot-dumpxml "$1" s | xmllint --xpath '//disks/disk/@snapshot' - | xargs
}

succeeds "export" vp export "$g" p.vpkg --all-snapshots
succeeds "import" vp import p.vpkg --name "$TEST-c"
is "$(kinds "$TEST-c")" "$(kinds "$g")" "the snapshot of the copy is of the same kinds"
is "$(kinds "$TEST-c")" "snapshot=external snapshot=manual" "external and manual"
