#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# The manifest is valid, records what an importer must judge, and its digest is what anyone computes.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g"
make_disk "$g/vda.qcow2" qcow2 33M 5 20
must qemu-img resize -q "$g/vda.qcow2" $((33 * 1024 * 1024 + 512 * 3))
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)$(nic network lan)"
must vp export "$g" g.vpkg
true_that "valid against the schema installed" xmllint --noout --relaxng \
    "$VP_PREFIX/share/virt-porter/schemas/package.rng" g.vpkg/package.xml
true_that "the machine type is resolved" grep -q 'pc-i440fx-' g.vpkg/package.xml
true_that "the network is described" grep -q '192\.168\.77\.1' g.vpkg/package.xml
must qemu-img convert -O raw g.vpkg/disks/vda.qcow2 vda.raw
digest=$(python3 -c '
import hashlib, os, struct, sys
total, size = hashlib.sha256(), os.path.getsize(sys.argv[1])
with open(sys.argv[1], "rb") as disk:
    while block := disk.read(65536):
        total.update(hashlib.sha256(block).digest())
total.update(struct.pack("<Q", size))
print(total.hexdigest())' vda.raw)
true_that "the content digest" grep -q "$digest" g.vpkg/package.xml
succeeds "info" vp info g.vpkg
says "vda" "lists the disk"
succeeds "info --json" vp --json info g.vpkg
true_that "is JSON" python3 -c 'import json, sys; [json.loads(line) for line in open(sys.argv[1])]' "$OUT"
