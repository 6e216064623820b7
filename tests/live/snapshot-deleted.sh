#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# An internal snapshot that is deleted while a running domain's export reads it: no package, and it
# is said why.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g" out
make_disk "$g/vda.qcow2" qcow2 128M 100
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)"
must virsh -q start "$g"
must_listen "$g" 1

# delete_under PID SNAPSHOT
delete_under() {
    kill -STOP "$1"
    virsh -q snapshot-delete "$g" "$2"
    kill -CONT "$1"
}

for with in --no-ram ""; do
    must virsh -q snapshot-create-as "$g" s
    # shellcheck disable=SC2086
    when_grown out delete_under PID s -- vp export "$g" out/s.vpkg --snapshot s --compress $with
    is "$STATUS" 1 "a snapshot that goes away, ${with:-with RAM}"
    says "$T/$g/vda.qcow2: the snapshot s was deleted while it was read" "is said to have"
    is "$(ls out)" "" "and nothing is left"
done
