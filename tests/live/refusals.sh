#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# What would clash with this host is said before a byte is copied, with the option that settles it.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
make_guest "$g"
must vp export "$g" g.vpkg
mkdir new closed
touch "new/$TEST-b-vda.qcow2"
chmod 500 closed
before=$(host_state "$T" "$(images_folder)")

refused() {
    fails "$1" "$2" "${@:4}"
    says "$3" "$2: names it"
    is "$(host_state "$T" "$(images_folder)")" "$before" "$2: nothing was touched"
}
refused 3 "name taken" "name-taken|--name" vp import g.vpkg --dir "$T/new"
refused 3 "UUID taken" "uuid-taken|--uuid" vp import g.vpkg --dir "$T/new" --name "$TEST-a" --uuid keep
refused 3 "file exists" "$TEST-b-vda.qcow2" vp import g.vpkg --dir "$T/new" --name "$TEST-b"
refused 3 "another domain's disk" "$g/vda.qcow2" vp import g.vpkg --name "$TEST-a" --disk "vda=$T/$g/vda.qcow2"
refused 3 "folder missing" "nowhere" vp import g.vpkg --dir "$T/nowhere" --name "$TEST-a"
refused 3 "folder not writable" "closed" vp import g.vpkg --dir "$T/closed" --name "$TEST-a"
refused 2 "malformed MAC" "mac" vp import g.vpkg --dir "$T/new" --name "$TEST-a" --nic 0=user,mac=xyz
refused 2 "malformed UUID" "uuid" vp import g.vpkg --dir "$T/new" --name "$TEST-a" --uuid 12
refused 3 "what libvirt's schema does not know" "no room for /domain/devices/disk/driver/@cache" vp import g.vpkg --dir "$T/new" --name "$TEST-a" --xml ./devices/disk/driver/@cache=maybe
refused 2 "unknown option" "frobnicate" vp import g.vpkg --frobnicate
refused 1 "no such package" "none.vpkg" vp import none.vpkg
refused 1 "no such domain" "nobody-here" vp export nobody-here
must rm "$g/vda.qcow2"
before=$(host_state "$T" "$(images_folder)")
refused 1 "source disk missing" "vda.qcow2" vp export "$g" h.vpkg
refused 1 "no daemon" "socket|connect" vp -c "qemu+unix:///session?socket=$T/nowhere.sock" list
TMPDIR=$T/none refused 1 "no folder for sockets" "$T/none: set TMPDIR" vp import g.vpkg --dir "$T/new" --name "$TEST-a"
