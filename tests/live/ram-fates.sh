#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# --ram start goes on at once, paused stands still at the instant, drop boots from the disks.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
ram_guest "$g"
must vp export "$g" g.vpkg --snapshot s

succeeds "start" vp import g.vpkg --name "$TEST-start" --allow ram --ram start
says 'Imported .*, RAM started$' "says so, once"
must_listen "$TEST-start"
resumed_at "$moment"
false_that "no managed save" grep -q 'Managed save: *yes' <(v dominfo "$TEST-start")

succeeds "paused" vp import g.vpkg --name "$TEST-paused" --allow ram --ram paused
is "$(v domstate "$TEST-paused")" paused "it stands still"
is "$(count "$(image_of "$TEST-paused" vda)" qcow2)" "$(count "$g/vda.qcow2" qcow2 s)" \
    "at the instant"
must virsh -q resume "$TEST-paused"
must_listen "$TEST-paused"
resumed_at "$moment"

succeeds "drop, which needs no power" vp import g.vpkg --name "$TEST-drop" --ram drop --json
says '"ram":"dropped"' "says so"
must virsh -q start "$TEST-drop"
must_listen "$TEST-drop"
isnt "${F[rand]}" "$rand" "it booted"
true_that "on the disks of the moment" test "${F[vda]}" -ge "$moment_vda"

fails 2 "--start contradicts paused" vp import g.vpkg --name "$TEST-x" --ram paused --start

rm g.vpkg/ram.*
succeeds "drop reads no RAM at all" vp import g.vpkg --name "$TEST-drop2" --ram drop
must vp export "$TEST-drop2" off.vpkg
fails 2 "--ram of a package without" vp import off.vpkg --name "$TEST-x" --ram saved
says 'no RAM' "says so"
fails 2 "there is no other word" vp import off.vpkg --name "$TEST-x" --ram later
