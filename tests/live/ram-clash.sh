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
