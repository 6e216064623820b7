#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# libvirtd that ends in the middle of an import, as it does for an update, and is there again: what
# was copied by then was not in vain, and what fails is undone all the same.
. "$(dirname "$0")/lib.sh"

mkdir out
end_daemon() {
    kill "$(cat "$XDG_RUNTIME_DIR/libvirt/libvirtd.pid")"
}

big_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
when_grown "$T/out" end_daemon -- vp import g.vpkg --name "$TEST-new" --dir "$T/out"
is "$STATUS" 0 "import while the daemon is started anew"
true_that "and the domain is there" defined "$TEST-new"

# Once the domain is defined, and before its RAM is in its place.
ram_guest "$TEST-r"
must vp export "$TEST-r" --snapshot s ram.vpkg
must virsh -q destroy "$TEST-r"
before=$(host_state "$T/out")
vp import ram.vpkg --allow ram --name "$TEST-ram" --dir "$T/out" > "$OUT" 2> "$ERR" < /dev/null &
until [ -e "$XDG_CONFIG_HOME/libvirt/qemu/$TEST-ram.xml" ] || ! kill -0 $! 2> /dev/null; do
    sleep 0.005
done
end_daemon
wait $!
is "$?" 1 "import whose daemon ends while the RAM is resumed"
is "$(host_state "$T/out")" "$before" "nothing was left behind"
