#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A running guest is really connected to what each of its NICs was mapped to; what would keep it
# from starting, or connect it to less, is told before.
# Open vSwitch is not here: rows of tests/xml hold its ports and VLAN tags.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
new=$TEST-new
mkdir "$g" new
make_disk "$g/vda.qcow2" qcow2 16M
must ip link add vpup0 type veth peer name vpup1
at_exit ip link del vpup0
must ip link set vpup0 up
must ip link set vpup1 up
mac() {
    echo "52:54:00:00:07:0$1"
}
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2; for i in 0 1 2 3 4; do nic network lan "$(mac $i)"; done)"
must vp export "$g" g.vpkg
must virsh -q undefine "$g"

succeeds "import, each NIC to another target" vp import g.vpkg --name "$new" --dir "$T/new" --mac keep \
    --nic 0=network:lan --nic "$(mac 1)=bridge:br-test" --nic 2=direct:vpup0:bridge --nic 3=user --nic 4=none --start
false_that "with nothing to say" grep -q . "$ERR"
connected() {
    v domiflist "$new" | awk -v mac="$1" '$NF == mac { print $2, $3 }'
}
device_of() {
    v domiflist "$new" | awk -v mac="$1" '$NF == mac { print $1 }'
}
is "$(connected "$(mac 0)")" "network lan" "network"
is "$(connected "$(mac 1)")" "bridge br-test" "bridge"
true_that "whose port its tap is" grep -q br-test <(ip -o link show "$(device_of "$(mac 1)")")
is "$(connected "$(mac 2)")" "direct vpup0" "direct"
true_that "whose macvtap it is" grep -q '@vpup0' <(ip -o link show "$(device_of "$(mac 2)")")
is "$(connected "$(mac 3)")" "user -" "user"
is "$(connected "$(mac 4)")" "ethernet -" "none"
is "$(v domif-getlink "$new" "$(mac 4)")" "$(mac 4) down" "its cable pulled"
false_that "on no bridge" grep -q master <(ip -o link show "$(device_of "$(mac 4)")")

# ---- addresses ----

succeeds "import, an address that another domain has" vp import g.vpkg --name "$TEST-b" --dir "$T/new" \
    --network '*=none' --nic "0=none,mac=$(mac 3)"
says "mac-taken: NIC 0: domain .$new. has the MAC address $(mac 3) too" "says so"
succeeds "import, keep-if-free" vp import g.vpkg --name "$TEST-c" --dir "$T/new" --network '*=none' --mac keep-if-free
is "$(v dumpxml "$TEST-c" | grep -c '52:54:00:00:07')" 0 "keeps none that is taken"
fails 2 "an address of many machines" vp import g.vpkg --name "$TEST-d" --dir "$T/new" --nic 0=none,mac=01:00:5e:00:00:01
fails 2 "one of none" vp import g.vpkg --name "$TEST-d" --dir "$T/new" --nic 0=none,mac=00:00:00:00:00:00
fails 3 "no Open vSwitch but a bridge" vp import g.vpkg --name "$TEST-d" --dir "$T/new" --nic 0=ovs:br-test

# ---- what would not start ----

must virsh -q net-define /dev/stdin <<< "<network><name>$TEST-asleep</name><bridge name='vpsleep0'/></network>"
at_exit virsh -q net-undefine "$TEST-asleep"
must sed -i "s|<source network=\"lan\"/>|<source network='lan' portgroup='gold'/><vlan><tag id='7'/></vlan>\
<filterref filter='vp-nowhere'/>|" g.vpkg/domain.xml
must rewrite g.vpkg domain.xml
try vp import g.vpkg --dry-run --name "$TEST-d" --dir "$T/new" --network "lan=network:$TEST-asleep" --nic 0=keep
says 'portgroup-missing: NIC 0: .*gold' "a port group that is not here"
says 'vlan-unsupported: NIC 0' "a tag that the network does not take"
says 'filter-missing: NIC 0: .*vp-nowhere' "a filter that is not here"
says "network-inactive: NIC 1: .*$TEST-asleep" "a network that is not active"
says 'nic-reduced: NIC 1: .*portgroup' "a port group that stays behind"
succeeds "with what the report offers" vp import g.vpkg --name "$TEST-d" --dir "$T/new" --network '*=user' --nic 0=keep \
    --xml 'xpath.delete=./devices/interface[1]/source/@portgroup' \
    --xml 'xpath.delete=./devices/interface[1]/vlan' --xml 'xpath.delete=./devices/interface[1]/filterref' --start
says 'nic-reduced: NIC 1: .*vlan.*filterref|nic-reduced: NIC 1: .*filterref' "and the rest is told to stay behind"
