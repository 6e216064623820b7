#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# An import leaves a line in the system log.
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
mkdir new
log=$(readlink -m /dev/log) socket=$(readlink -m /dev/log)
if [ -e "$log" ]; then
    socket=/run/vp-log
fi
mkdir -p "$(dirname "$socket")"
at_exit rm -f "$socket"
python3 - "$socket" "$T/log" <<'END' &
import socket, sys
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind(sys.argv[1])
log.settimeout(60)
with open(sys.argv[2], "wb", buffering=0) as out:
    while True:     # other lanes may be heard too
        out.write(log.recv(65536) + b"\n")
END
listener=$!
until [ -S "$socket" ]; do sleep 0.05; done
if [ "$socket" != "$log" ]; then
    must mount --bind "$socket" "$log"
    at_exit umount "$log"
fi
succeeds "import" vp import g.vpkg --name "$TEST-new" --dir "$T/new"
wait_for grep -qs "$TEST-new" log
kill $listener
wait $listener
grep "virt-porter.*$TEST-new" log > line
true_that "the log names the domain" test -s line
true_that "the user" grep -q "$(id -un)" line
true_that "and the package" grep -q "$(sha256sum < g.vpkg/package.xml | cut -c1-12)\|g.vpkg" line
