#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session system
# The guest tells what it is, and its counter can be read from its disk.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
make_guest "$g"
is "$(count "$g/vda.qcow2" qcow2)" 0 "a new disk has counted nothing"
run_until "$g" 3
is "${F[uuid]}" "$(xml "$g" /domain/uuid)" "the guest sees its UUID"
is "${F[mac]}" "$(xml "$g" //interface/mac/@address)" "the guest sees its MAC"
true_that "the count is on the disk" test "$(count "$g/vda.qcow2" qcow2)" -ge 3
