#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# NICs are mapped to networks and bridges of this host; what is missing here is none, or refused.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g" new
make_disk "$g/vda.qcow2" qcow2 16M
must virsh -q net-create /dev/stdin <<< "<network><name>$TEST-far</name><bridge name='vpfar0'/></network>"
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)$(nic network lan 52:54:00:00:00:01)$(
    nic bridge br-test 52:54:00:00:00:02)$(nic network "$TEST-far" 52:54:00:00:00:03)"
must vp export "$g" g.vpkg
must virsh -q net-destroy "$TEST-far"

nics() {
    v dumpxml --inactive "$1" | xmllint --xpath '//interface' - | grep -o "interface type=[^>]*\|<source [^>]*>" |
        tr -d "<>'\"/" | xargs
}

succeeds "import" vp import g.vpkg --name "$TEST-a" --dir "$T/new"
says 'network-missing|far' "warns of the missing network"
says 'br-test' "warns of the bridge that nobody mapped"
is "$(xml "$TEST-a" "//interface[1]/source/@network")" lan "a network of the same name is kept"
says 'network-kept: NIC 0' "with a note"
is "$(xml "$TEST-a" "count(//interface[position()>1][link/@state='down'])")" 2 "the other two are unplugged"
run_until "$TEST-a" 1
ok "it boots"

succeeds "import, mapped" vp import g.vpkg --name "$TEST-b" --dir "$T/new" \
    --network lan=bridge:br-test --network bridge:br-test=network:lan --nic 2=user
is "$(nics "$TEST-b")" "interface type=bridge source bridge=br-test interface type=network source network=lan interface type=user" \
    "each NIC is where it was mapped to"
run_until "$TEST-b" 1
ok "it boots"

succeeds "import, all to one bridge" vp import g.vpkg --name "$TEST-c" --dir "$T/new" \
    --network '*=bridge:br-test' --nic 52:54:00:00:00:02=drop --nic 0=bridge:br-test,mac=52:54:00:00:00:99
is "$(xml "$TEST-c" "count(//interface[@type='bridge' and source/@bridge='br-test'])")" 2 "two NICs, on the bridge"
is "$(xml "$TEST-c" "//interface[1]/mac/@address")" 52:54:00:00:00:99 "with the MAC chosen"
run_until "$TEST-c" 1
is "${F[mac]%%,*}" 52:54:00:00:00:99 "the guest sees it"

fails 3 "--on-missing-network fail" vp import g.vpkg --name "$TEST-d" --dir "$T/new" --on-missing-network fail
fails 2 "a NIC that the package lacks" vp import g.vpkg --name "$TEST-d" --dir "$T/new" --nic 7=user
fails 3 "a bridge that is not here" vp import g.vpkg --name "$TEST-d" --dir "$T/new" --nic 0=bridge:nowhere0
says 'bridge-missing: .*nowhere0.*; it has: .*br-test' "names it, and those there are"
fails 3 "a device that is not here" vp import g.vpkg --name "$TEST-d" --dir "$T/new" --nic 0=direct:nowhere0
says 'device-missing: .*nowhere0' "names it"
false_that "nothing was defined" defined "$TEST-d"

must ip link add vpgone0 type bridge
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)$(nic bridge vpgone0)" "<uuid>$(xml "$g" //uuid)</uuid>"
must vp export "$g" gone.vpkg
succeeds "a bridge that is here is kept" vp import gone.vpkg --name "$TEST-d" --dir "$T/new" --nic 0=keep
false_that "with nothing to say" grep -q . "$ERR"
must ip link del vpgone0
succeeds "one that is gone is kept" vp import gone.vpkg --name "$TEST-e" --dir "$T/new" --nic 0=keep
says 'bridge-missing: NIC 0: .*vpgone0.* not start' "with a warning"
must virsh -q undefine "$g"
fails 3 "or refused" vp import --restore gone.vpkg --dir "$T/new" --on-missing-network fail
