#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# A disk that another process writes is not read; one that another process reads is.
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-g"
must qemu-nbd --fork --persistent --socket="$T/s" --pid-file="$T/pid" -f qcow2 "$T/$TEST-g/vda.qcow2"
fails 1 "export while another writes" vp export "$TEST-g" g.vpkg
says 'vda' "names the disk"
true_that "nothing was left behind" test "$(find . -name '*.vpkg*' | wc -l)" = 0
kill "$(cat pid)"
wait_gone "$(cat pid)"
must qemu-nbd --fork --persistent --read-only --socket="$T/s" --pid-file="$T/pid" -f qcow2 "$T/$TEST-g/vda.qcow2"
succeeds "export while another reads" vp export "$TEST-g" g.vpkg
kill "$(cat pid)"
