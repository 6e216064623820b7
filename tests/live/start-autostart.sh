#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session system
# --start and --autostart act after all is in place; a start that fails leaves the domain defined.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
make_guest "$g"
must vp export "$g" g.vpkg
mkdir new
succeeds "import --start --autostart" vp import g.vpkg --name "$TEST-new" --dir "$T/new" --start --autostart
is "$(v domstate "$TEST-new")" running "it runs"
is "$(v dominfo "$TEST-new" | sed -n 's/^Autostart: *//p')" enable "it starts with the host"
must_listen "$TEST-new" 2
ok "it counts"

fails 6 "a start that fails" vp import g.vpkg --name "$TEST-bad" --dir "$T/new" --start \
    --xml ./memory=8589934592 --xml ./currentMemory=8589934592
true_that "leaves the domain defined" defined "$TEST-bad"
says 'start' "and says what is left to do"
