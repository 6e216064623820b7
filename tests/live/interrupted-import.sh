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
