#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# libvirtd that ends while a running domain is exported, as it does for an update, and is there
# again: what is read by then is read on, and whatever the export's end no job is left in QEMU.
. "$(dirname "$0")/lib.sh"

mkdir out
big_guest "$TEST-pull"
big_guest "$TEST-push" '' "iothread='1'" "<iothreads>1</iothreads>"

grown() {
    find "$T"/*/.vp-scratch* -type f -name "$1" -size "$2" 2> /dev/null | grep -q .
}

end_daemon() {
    if [ $# = 2 ]; then
        wait_for grown "$@"
    fi
    kill "$(cat "$XDG_RUNTIME_DIR/libvirt/libvirtd.pid")"
}

goes_on() {
    no_job_left "$1"
    is "$(v domstate "$1")" running "the domain runs on"
    must_listen "$1" $((${F[vda]} + 2))
    ok "and counts on"
}

for g in "$TEST-pull" "$TEST-push"; do
    must virsh -q start "$g"
    must_listen "$g"
done
when_grown "$T/out" end_daemon -- vp export "$TEST-pull" out/pull.vpkg
is "$STATUS" 0 "disks are read on through QEMU"
succeeds "as a whole package" vp verify out/pull.vpkg
goes_on "$TEST-pull"
when_grown scratch end_daemon '*' +16M -- vp export "$TEST-push" out/push.vpkg
goes_on "$TEST-push"
when_grown scratch end_daemon ram.save +0 -- vp export "$TEST-pull" out/ram.vpkg --ram
goes_on "$TEST-pull"
