#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# A package without disks takes an image that lies here; without one it says what is missing.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
make_guest "$g"
run_until "$g" 3
succeeds "export --config-only" vp export --config-only "$g" g.vpkg
true_that "no disk inside" test ! -e g.vpkg/disks/vda.qcow2
succeeds "info" vp info g.vpkg
says 'left out: disk:vda: configuration only' "names the disk that an import will ask for"
must cp "$g/vda.qcow2" mine.qcow2

fails 3 "import without a disk" vp import g.vpkg --name "$TEST-new"
says 'source-missing|vda' "names the disk"
false_that "nothing was defined" defined "$TEST-new"
fails 2 "an image without its format" vp import g.vpkg --name "$TEST-new" --disk "vda=$T/mine.qcow2"

succeeds "import with --disk" vp import g.vpkg --name "$TEST-new" --disk "vda=$T/mine.qcow2,format=qcow2"
is "$(xml "$TEST-new" //disk/source/@file)" "$T/mine.qcow2" "the image is used as it lies"
run_until "$TEST-new" $(($(count mine.qcow2 qcow2) + 1))
ok "the copy goes on on it"

must qemu-img create -q -f qcow2 -b "$T/mine.qcow2" -F qcow2 top.qcow2
succeeds "import with an image that lies on another" \
    vp import g.vpkg --name "$TEST-top" --disk "vda=$T/top.qcow2,format=qcow2"
is "$(xml "$TEST-top" //disk/backingStore/source/@file)" "$T/mine.qcow2" "the chain is written out"
true_that "and ended" test -n "$(v dumpxml --inactive "$TEST-top" |
    xmllint --xpath '//disk/backingStore/backingStore[not(*)]' -)"
run_until "$TEST-top" $(($(count mine.qcow2 qcow2) + 1))
ok "the guest sees what lies below"

must virsh -q start "$g"
succeeds "export --config-only of a running domain" vp export --config-only "$g" running.vpkg
true_that "does not say that it was off" grep -q 'consistency="crash-consistent"' running.vpkg/package.xml
for other in --ram --quiesce; do
    fails 2 "with $other" vp export --config-only "$other" "$g" other.vpkg
    says "$other: not together with --config-only" "is refused in words"
done
