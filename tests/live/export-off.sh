#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session system
# A shut off domain becomes a whole package; the domain and its disk stay as they were.
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-web"
run_until "$TEST-web" 3
before=$(v dumpxml --inactive "$TEST-web"; sha256sum < "$TEST-web/vda.qcow2")

succeeds "export" vp export "$TEST-web" web.vpkg
true_that "the manifest is there" test -f web.vpkg/package.xml
true_that "the disk is named by its target" test -f web.vpkg/disks/vda.qcow2
is "$(count web.vpkg/disks/vda.qcow2 qcow2)" "$(count "$TEST-web/vda.qcow2" qcow2)" \
    "the package holds the count"
succeeds "the package verifies" vp verify web.vpkg
is "$(v dumpxml --inactive "$TEST-web"; sha256sum < "$TEST-web/vda.qcow2")" "$before" \
    "the domain and its disk are as they were"
is "$(find . -maxdepth 1 -name '*web*' | sort | xargs)" "./$TEST-web ./web.vpkg" \
    "nothing else was left behind"
is "$(find web.vpkg -type d -printf '%m\n' -o -printf '%m\n' | sort -u | xargs)" "600 700" \
    "folders are 0700, members 0600"
