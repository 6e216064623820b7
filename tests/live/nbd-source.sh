#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# A network disk that QEMU can read without a secret is exported; the copy's disk is a file.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
make_disk back.qcow2 qcow2 16M
serve_nbd() {
    must qemu-nbd --fork --persistent --shared=4 --socket="$T/nbd" --pid-file="$T/pid" -x root -f qcow2 "$T/back.qcow2"
}
serve_nbd
define "$g" "<disk type='network' device='disk'><driver name='qemu' type='raw'/>
    <source protocol='nbd' name='root'><host transport='unix' socket='$T/nbd'/></source>
    <target dev='vda' bus='virtio'/></disk>"
run_until "$g" 2
succeeds "export" vp export "$g" g.vpkg
kill "$(cat pid)"
wait_gone "$(cat pid)"
true_that "the same bytes" qemu-img compare back.qcow2 g.vpkg/disks/vda.qcow2
fails 1 "export with the server gone" vp export "$g" h.vpkg
says 'vda' "names the disk"
mkdir new
succeeds "import" vp import g.vpkg --name "$TEST-new" --dir "$T/new"
is "$(xml "$TEST-new" //disk/@type)" file "the copy's disk is a file"
run_until "$TEST-new" 4
ok "the copy boots and counts"
