#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# Ctrl-C and SIGTERM while a running domain is exported: no job, socket, file or package is left.
. "$(dirname "$0")/lib.sh"

mkdir out
big_guest "$TEST-pull"
big_guest "$TEST-push" '' "iothread='1'" "<iothreads>1</iothreads>"
for row in pull:INT:130:out pull:TERM:143:scratch push:INT:130:scratch push:TERM:143:out; do
    IFS=: read -r mode signal status where <<< "$row"
    g=$TEST-$mode
    if [ "$(v domstate "$g")" != running ]; then
        must virsh -q start "$g"
    fi
    must_listen "$g"
    when_grown "${where/out/$T/out}" kill -s "$signal" PID -- vp export "$g" out/g.vpkg
    is "$STATUS" "$status" "$mode mode, SIG$signal: exit status"
    no_job_left "$g"
    is "$(ls -A out)" "" "no part of a package is left"
    is "$(v domstate "$g")" running "the domain runs on"
    must_listen "$g" $((${F[vda]} + 2))
    ok "and counts on"
done
