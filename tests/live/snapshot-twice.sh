#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Two moments of one domain, imported side by side, each go on from their own count.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
make_guest "$g"
mkdir new
for moment in one two; do
    run_until "$g" $(($(count "$g/vda.qcow2" qcow2) + 3))
    must virsh -q snapshot-create-as "$g" $moment
    succeeds "export of $moment" vp export "$g" $moment.vpkg --snapshot $moment
    declare "count_$moment=$(count "$g/vda.qcow2" qcow2)"
done
for moment in one two; do
    want=count_$moment
    succeeds "import of $moment" vp import $moment.vpkg --name "$TEST-$moment" --dir "$T/new"
    is "$(count "new/$TEST-$moment-vda.qcow2" qcow2)" "${!want}" "$moment has its own count"
done
