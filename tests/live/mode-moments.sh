#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# Moments with RAM are linked and taken in place, a linked domain is exported, and a tree goes into a
# pool.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
make_guest "$g"
must virsh -q start "$g"
must_listen "$g" 2
must virsh -q snapshot-create-as "$g" run
must virsh -q destroy "$g"
must vp export "$g" --snapshot run --ram r.vpkg
must vp export "$g" --all-snapshots t.vpkg
must virsh -q undefine --snapshots-metadata "$g"
chmod -R o+rX r.vpkg

mkdir new pool
before=$(tree_digest r.vpkg)
succeeds "a link with RAM" vp import r.vpkg --name "$TEST-l" --mode link --dir "$T/new" --allow ram \
    --ram start --no-verify
must_listen "$TEST-l" 3
rand=${F[rand]}
ok "the guest goes on"
succeeds "its export while it runs" vp export "$TEST-l" l.vpkg
must virsh -q destroy "$TEST-l"
is "$(tree_digest r.vpkg)" "$before" "the package is what it was"
succeeds "an import of that" vp import l.vpkg --name "$TEST-c" --dir "$T/new"
false_that "lies on no package" grep -q vpkg <(v dumpxml "$TEST-c" | grep '<source')
run_until "$TEST-c" 4
ok "the copy boots and counts on"
must virsh -q undefine "$TEST-l"

succeeds "in place with RAM" vp import r.vpkg --name "$TEST-i" --mode in-place --allow ram --no-verify
must virsh -q start "$TEST-i"
must_listen "$TEST-i" 3
is "${F[rand]}" "$rand" "the guest goes on with the same RAM"
must virsh -q destroy "$TEST-i"

must virsh -q pool-create-as "$TEST" dir --target "$T/pool"
at_exit virsh -q pool-destroy "$TEST"
succeeds "a tree into a pool" vp import t.vpkg --name "$TEST-t" --pool "$TEST" --allow ram
is "$(v vol-list "$TEST" | awk '{ print $1 }')" "$TEST-t-vda.qcow2" "libvirt sees the volume"
must virsh -q snapshot-revert "$TEST-t" run
must_listen "$TEST-t" 3
is "${F[rand]}" "$rand" "its snapshot goes on too"
