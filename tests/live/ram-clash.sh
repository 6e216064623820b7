#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# RAM, even where it is saved again, runs QEMU for a while: what keeps that from starting is told
# before anything is made, with a way out.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
virsh -q net-define <(echo "<network><name>$TEST</name><bridge name='vp-clash'/></network>") ||
    skip_all "no network can be defined"
at_exit v net-undefine "$TEST"
at_exit v net-destroy "$TEST"
must virsh -q net-start "$TEST"
mkdir "$g"
make_disk "$g/vda.qcow2" qcow2 16M
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)<interface type='network'><source network='$TEST'/>
    <model type='virtio'/></interface><graphics type='vnc' port='5977'/>"
must virsh -q start "$g"
F[vda]=0
must_listen "$g" 2
must vp export "$g" g.vpkg --ram
mkdir out

for fate in saved start paused; do
    fails 3 "--ram $fate beside a domain that has its port" \
        vp import g.vpkg --name "$TEST-new" --dir "$T/out" --allow ram --ram "$fate" --nic 0=keep
    says "^error: path-shared: .*“$g” has the port 5977" "is refused"
done
says "^ *--ram drop$" "with a way out"
edit=$(sed -n 's/^ *--xml //p' "$ERR")
succeeds "with the edit that is offered" \
    vp import g.vpkg --name "$TEST-new" --dir "$T/out" --allow ram --nic 0=keep --xml "$edit"
must virsh -q start "$TEST-new"
must_listen "$TEST-new" "${F[vda]}"
ok "it resumes"
must virsh -q destroy "$TEST-new"
must virsh -q undefine "$TEST-new"
rm out/*

must virsh -q destroy "$g"
succeeds "once that is shut off" \
    vp import g.vpkg --name "$TEST-new" --dir "$T/out" --allow ram --nic 0=keep --dry-run
says "^warning: path-shared" "it is a warning"
must virsh -q net-destroy "$TEST"
fails 3 "a network that is not active" \
    vp import g.vpkg --name "$TEST-new" --dir "$T/out" --allow ram --nic 0=keep
says "^error: network-inactive: .*$TEST" "is refused"
succeeds "and no matter without the RAM" \
    vp import g.vpkg --name "$TEST-new" --dir "$T/out" --ram drop --nic 0=keep --dry-run
says "^warning: network-inactive" "but for a warning"
is "$(find out -type f)" "" "nothing was made"

virsh -q net-define <(echo "<network><name>$TEST-on</name><forward mode='bridge'/>
    <bridge name='vp-none'/></network>")
at_exit v net-undefine "$TEST-on"
at_exit v net-destroy "$TEST-on"
must virsh -q net-start "$TEST-on"
fails 3 "a network whose bridge is not here" vp import g.vpkg --name "$TEST-new" --dir "$T/out" \
    --ram drop --nic "0=network:$TEST-on" --start
says "^error: bridge-missing: .*“$TEST-on” is on bridge “vp-none”" "is refused"
is "$(find out -type f)" "" "nothing was made"

# What the other has now counts, whoever else would have it and whatever its definition says by now.
# running NAME GRAPHICS: runs with it.
running() {
    mkdir "$1"
    must qemu-img create -q -f qcow2 "$1/vda.qcow2" 1M
    define "$1" "$(disk vda "$T/$1/vda.qcow2" qcow2)$2"
    must virsh -q start --paused "$1"
}

# copy_of NAME EDIT RIVAL: a copy of it clashes with the rival, and is offered the edit.
copy_of() {
    must vp export "$1" "$1.vpkg"
    fails 3 "$1: a copy that is to be started" \
        vp import "$1.vpkg" --name "$TEST-copy" --dir "$T/out" --allow chardev --start --dry-run
    says "^error: path-shared: .*“$3”" "$1: is refused"
    is "$(sed -n 's/^ *--xml //p' "$ERR")" "$2" "$1: and offered the edit"
}

running "$TEST-o" "<graphics type='vnc' port='5978' websocket='5755'/>"
v dumpxml --inactive "$TEST-o" | sed 's/5978/5979/' > o.xml
must virsh -q define o.xml
define "$TEST-a" "<graphics type='vnc' port='5978'/>"
copy_of "$TEST-a" /domain/devices/graphics/@autoport=yes "$TEST-o"
define "$TEST-w" "<graphics type='vnc' autoport='yes' websocket='5755'/>"
copy_of "$TEST-w" /domain/devices/graphics/@websocket=-1 "$TEST-o"
define "$TEST-b" "<graphics type='vnc' port='5979'/>"
must vp export "$TEST-b" b.vpkg
succeeds "one that it will have only" vp import b.vpkg --name "$TEST-copy" --start
says "^warning: path-shared: .*port 5979" "is a warning"
must virsh -q destroy "$TEST-copy"
running "$TEST-p" "<graphics type='vnc' autoport='yes'/>"
port=$(v domdisplay "$TEST-p" | sed 's/.*://')
define "$TEST-f" "<graphics type='vnc' port='$((5900 + port))'/>"
copy_of "$TEST-f" /domain/devices/graphics/@autoport=yes "$TEST-p"
must virsh -q undefine "$TEST-f"
running "$TEST-s" "<serial type='tcp'><source mode='bind' host='127.0.0.1' service='4555'/></serial>"
copy_of "$TEST-s" "/domain/devices/serial[1]/source/@service=PORT" "$TEST-s"
running "$TEST-l" "<serial type='file'><source path='$T/l.log'/></serial>"
must vp export "$TEST-l" l.vpkg
succeeds "the file of a serial port, which is the console too, takes one edit" \
    vp import l.vpkg --name "$TEST-log" --dir "$T/out" --start --allow chardev \
    --xml "/domain/devices/serial[1]/source/@path=$T/mine.log"
is "$(xml "$TEST-log" //console/source/@path)" "$T/mine.log" "and the console follows"
