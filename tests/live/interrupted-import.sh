#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# Ctrl-C and SIGTERM in the middle of an import: 130 and 143, nothing is left, nothing defined.
. "$(dirname "$0")/lib.sh"

big_guest "$TEST-g" "<tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm>"
must vp export "$TEST-g" g.vpkg
rm "$TEST-g/vda.raw"
mkdir -p out
before=$(host_state "$T" "$(images_folder)")
for signal in INT:130 TERM:143; do
    interrupt "${signal%:*}" "$T/out" vp import g.vpkg --name "$TEST-new" --dir "$T/out"
    is "$STATUS" "${signal#*:}" "exit status after SIG${signal%:*}"
    is "$(host_state "$T" "$(images_folder)")" "$before" "nothing was left behind"
    false_that "nothing was defined" defined "$TEST-new"
    no_tools_left
done

# nohup's way: a signal that the caller ignores.
(
    trap '' HUP
    "$VP_PREFIX/bin/virt-porter" import g.vpkg --name "$TEST-new" --dir "$T/out" > "$OUT" 2> "$ERR" < /dev/null &
    pid=$!
    until has_grown "$T/out" || ! kill -0 "$pid" 2> /dev/null; do
        sleep 0.005
    done
    kill -s HUP "$pid"
    wait "$pid"
)
is $? 0 "an import that was told to ignore SIGHUP is not ended by it"
true_that "and the domain is there" defined "$TEST-new"
