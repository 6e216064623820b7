#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# A domain that stops while it is exported: said so, and nothing is left; of either mode.
. "$(dirname "$0")/lib.sh"

big_guest "$TEST-pull"
mkdir out
must virsh -q start "$TEST-pull"
when_grown "$T/out" virsh -q destroy "$TEST-pull" -- vp export "$TEST-pull" out/g.vpkg
is "$STATUS" 1 "the export fails"
says "domain $TEST-pull stopped" "says why"
is "$(ls -A out)" "" "no part of a package is left"
no_scratch_left
no_tools_left
succeeds "the next export reads the disks" vp export --dry-run "$TEST-pull" out/g.vpkg

big_guest "$TEST-push" '' "iothread='1'" "<iothreads>1</iothreads>"
must virsh -q start "$TEST-push"
when_grown scratch virsh -q destroy "$TEST-push" -- vp export "$TEST-push" out/g.vpkg
is "$STATUS" 1 "while QEMU copies its disk: the export fails"
says "domain $TEST-push stopped" "says why"
is "$(ls -A out)" "" "no part of a package is left"
no_scratch_left
