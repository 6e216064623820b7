#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A Ceph that answers no more: an import is still interrupted, and what nobody can delete is named.
. "$(dirname "$0")/ceph-host.sh"

big_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
(
    trap - INT
    exec env --default-signal=INT "$VP_PREFIX/bin/virt-porter" import g.vpkg --name "$TEST-a" --pool "$TEST"
) > "$OUT" 2> "$ERR" < /dev/null &
pid=$!
until pgrep -f 'qemu-nbd --discard' > /dev/null || ! kill -0 "$pid" 2> /dev/null; do
    sleep 0.005
done
kill -STOP "$osd"
at_exit kill -CONT "$osd"
kill -INT "$pid"
# libvirt itself waits half a minute for Ceph.
wait "$pid"
STATUS=$?
is "$STATUS" 6 "Ctrl-C ends it with 6"
says "the volume $TEST/$TEST-a-vda (is|may be) left" "which names the volume"
false_that "and does not say that nothing was left" grep -q 'nothing was left' "$ERR"
false_that "nothing is defined" defined "$TEST-a"
false_that "no tool still waits" pgrep qemu-nbd
