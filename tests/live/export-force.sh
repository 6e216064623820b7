#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# A package that exists is replaced with --force only.
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-g"
succeeds "export" vp export "$TEST-g" g.vpkg
old=$(tree_digest g.vpkg)
run_until "$TEST-g" 3
try vp export "$TEST-g" g.vpkg
isnt "$STATUS" 0 "a second export to the same name is refused"
says 'g\.vpkg.*--force' "with the way out"
is "$(tree_digest g.vpkg)" "$old" "the old package is as it was"
succeeds "export --force" vp export --force "$TEST-g" g.vpkg
is "$(count g.vpkg/disks/vda.qcow2 qcow2)" "$(count "$TEST-g/vda.qcow2" qcow2)" "it is the new one"
is "$(find . -maxdepth 1 -name '*.vpkg*' | wc -l)" 1 "the old one is gone"
