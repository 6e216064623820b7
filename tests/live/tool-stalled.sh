#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system session
# A qemu-nbd that answers no more, as on a file system that stalls: Ctrl-C ends what waits for it.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g" out
make_disk "$g/vda.qcow2" qcow2 128M 100
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)"
must vp export "$g" g.vpkg

# stalls WHAT ARGUMENT …: virt-porter, the tool of which is stopped, is interrupted.
stalls() {
    local what=$1 pid tool
    shift
    (
        exec env --default-signal=INT "$VP_PREFIX/bin/virt-porter" "$@"
    ) > "$OUT" 2> "$ERR" < /dev/null &
    pid=$!
    until tool=$(pgrep -P "$pid" qemu-nbd) || ! kill -0 "$pid" 2> /dev/null; do
        sleep 0.002
    done
    kill -STOP $tool
    kill -INT "$pid"
    wait "$pid"
    is $? 130 "$what is ended by Ctrl-C"
    says "interrupted: nothing was left behind" "and says so"
    no_tools_left
}

before=$(host_state "$T" "$(images_folder)")
stalls "export" export "$g" h.vpkg
stalls "verify" verify g.vpkg
stalls "import" import g.vpkg --name "$TEST-new" --dir "$T/out"
is "$(host_state "$T" "$(images_folder)")" "$before" "nothing was left behind"
false_that "nothing was defined" defined "$TEST-new"
