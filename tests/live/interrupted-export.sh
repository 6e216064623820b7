#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Ctrl-C and SIGTERM in the middle of an export: 130 and 143, nothing is left.
. "$(dirname "$0")/lib.sh"

big_guest "$TEST-g"
before=$(sha256sum < "$TEST-g/vda.raw")
for signal in INT:130 TERM:143 HUP:129; do
    interrupt "${signal%:*}" "$T/out" vp export "$TEST-g" out/g.vpkg
    is "$STATUS" "${signal#*:}" "exit status after SIG${signal%:*}"
    is "$(ls -A out)" "" "nothing was left behind"
    no_tools_left
done
is "$(sha256sum < "$TEST-g/vda.raw")" "$before" "the disk is as it was"
succeeds "a second try, undisturbed" vp export --config-only "$TEST-g" out/g.vpkg
