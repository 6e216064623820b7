#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session system
# A running domain's disk is not read behind its back.
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-g"
must virsh -q start "$TEST-g"
try vp export "$TEST-g" g.vpkg
isnt "$STATUS" 0 "refused"
says 'running' "says why"
true_that "no package" test ! -e g.vpkg
is "$(find . -name '*.vpkg*' | wc -l)" 0 "nothing was left behind"
is "$(v domstate "$TEST-g")" running "the domain runs on"
must virsh -q suspend "$TEST-g"
try vp export "$TEST-g" g.vpkg
isnt "$STATUS" 0 "a paused one too"
