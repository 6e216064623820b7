#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# verify reports every damaged, missing and unexpected member; import takes none of it.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g" new
make_disk "$g/vda.qcow2" qcow2 16M 2
make_disk "$g/vdb.qcow2" qcow2 16M 2
make_disk "$g/vdc.qcow2" qcow2 16M
define "$g" "$(for t in vda vdb vdc; do disk $t "$T/$g/$t.qcow2" qcow2; done)"
must vp export "$g" g.vpkg
before=$(host_state "$T/new" "$(images_folder)")
printf X | must dd of=g.vpkg/disks/vdb.qcow2 bs=1 seek=1500000 conv=notrunc
must rm g.vpkg/disks/vdc.qcow2
touch g.vpkg/stranger
fails 4 "verify" vp verify g.vpkg
for name in vdb vdc stranger; do
    says "$name" "names $name"
done
fails 4 "import" vp import g.vpkg --name "$TEST-new" --dir "$T/new"
is "$(host_state "$T/new" "$(images_folder)")" "$before" "nothing was left behind"

must cp "$g/vdc.qcow2" g.vpkg/disks/vdc.qcow2
rm g.vpkg/stranger
try vp import g.vpkg --name "$TEST-new" --dir "$T/new"
is "$STATUS" 4 "import of a package with one flipped byte"
says vdb "names the disk"
is "$(host_state "$T/new" "$(images_folder)")" "$before" "nothing was left behind"
false_that "nothing was defined" defined "$TEST-new"
