#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# As root, QEMU's tools meet the bytes of a package as QEMU's user.
. "$(dirname "$0")/lib.sh"

big_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
rm "$TEST-g/vda.raw"
mkdir new
qemu_user=$(virsh capabilities | xmllint --xpath \
    "string(//secmodel[model='dac']/baselabel[@type='qemu'])" - | sed 's/^+\([0-9]*\):.*/\1/')
vp import g.vpkg --name "$TEST-new" --dir "$T/new" > "$OUT" 2> "$ERR" &
vp=$!
while kill -0 $vp 2> /dev/null; do
    ps -eo uid=,args= | grep -E '[0-9] (/[^ ]*/)?qemu-(img|nbd|io) '
done > seen
wait $vp
is $? 0 "import"
# The writers see their own fresh images only.
true_that "the package's readers ran as QEMU's user" grep -q "^ *$qemu_user .*read-only" seen
false_that "none of them as root" grep '^ *0 .*read-only' seen
