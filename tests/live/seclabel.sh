#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# The label of --seclabel is whom QEMU runs as, and whose the disk is meanwhile; a model that this
# libvirt has not is refused.
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
fails 3 "a model that is not here" vp import g.vpkg --name "$TEST-a" --dir "$T" \
    --seclabel selinux=system_u:system_r:svirt_t:s0
says 'label-model-absent.*“selinux”; it has: .*dac' "is refused, with those that are"
fails 3 "a user who is not here" vp import g.vpkg --name "$TEST-a" --dir "$T" \
    --seclabel dac=nobody-here:daemon
says 'owner-unknown.*nobody-here' "is refused by name"
succeeds "a label of DAC" vp import g.vpkg --name "$TEST-a" --dir "$T" --seclabel dac=daemon:daemon
must virsh -q start "$TEST-a"
must_listen "$TEST-a"
is "$(stat -c %U "/proc/$(cat "/run/libvirt/qemu/$TEST-a.pid")")" daemon "QEMU runs as that user"
is "$(stat -c %U:%G "$TEST-a-vda.qcow2")" daemon:daemon "whose the disk is meanwhile"
must virsh -q destroy "$TEST-a"
mkdir closed
chown daemon closed
chmod 700 closed
succeeds "a folder that only that user can enter" vp import g.vpkg --name "$TEST-b" \
    --dir "$T/closed" --seclabel dac=daemon:daemon
run_until "$TEST-b"
ok "is reached"
fails 3 "which QEMU's usual user cannot" vp import g.vpkg --name "$TEST-c" --dir "$T/closed"
says 'path-unreachable.*closed' "and that is told"
succeeds "no label at all" vp import g.vpkg --name "$TEST-d" --dir "$T" --seclabel none
run_until "$TEST-d"
ok "boots"
succeeds "none of DAC" vp import g.vpkg --name "$TEST-e" --dir "$T" --seclabel dac=none
before=$(stat -c %u:%g "$TEST-e-vda.qcow2")
must virsh -q start "$TEST-e"
must_listen "$TEST-e"
is "$(stat -c %u:%g "$TEST-e-vda.qcow2")" "$before" "libvirt leaves the disk alone, and it boots"
fails 3 "with an owner who keeps QEMU off" vp import g.vpkg --name "$TEST-f" --dir "$T" \
    --seclabel dac=none --owner root
says 'path-unreachable.*dac=none' "it would not, and that is told"
