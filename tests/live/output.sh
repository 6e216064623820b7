#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Results on stdout, all else on stderr; --json is objects only, -q says nothing, a terminal gets progress.
. "$(dirname "$0")/lib.sh"

big_guest "$TEST-g"
mkdir new
succeeds "export, not on a terminal" vp export "$TEST-g" g.vpkg
false_that "shows no progress" grep -q $'\r' "$ERR"
succeeds "export -q" vp -q export --force "$TEST-g" g.vpkg
is "$(cat "$ERR")" "" "says nothing"
try script -qec "'$VP_PREFIX/bin/virt-porter' export --force $TEST-g g.vpkg" /dev/null
is "$STATUS" 0 "export on a terminal"
says '[0-9]+ ?(%|.*/s)' "shows progress"
try script -qec "stty cols 40; '$VP_PREFIX/bin/virt-porter' verify g.vpkg" /dev/null
widest=$(tr '\r' '\n' < "$OUT" | sed 's/\x1b\[K//' | grep '^verify' | wc -L)
true_that "and never more than a narrow one is wide" test "$widest" -gt 20 -a "$widest" -lt 40
json_ok() {
    python3 -c '
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
ends = [line for line in lines if "result" in line.values() or "error" in line.values()
        or "result" in line or "error" in line or "command" in line or "status" in line]
assert len(ends) == 1 and ends[0] is lines[-1], lines' "$1"
}
succeeds "import --json" vp --json import g.vpkg --name "$TEST-new" --dir "$T/new"
cp "$OUT" json
true_that "stdout is objects, the last a result" json_ok json
try vp --json import g.vpkg --name "$TEST-new" --dir "$T/new"
cp "$OUT" json
is "$STATUS" 3 "import --json that is refused"
true_that "stdout is objects, the last an error" json_ok json
fails 2 "a value for an option that takes none" vp export "$TEST-g" g.vpkg --force=no
says '--force takes no value' "is named"
fails 2 "an empty word" vp export "$TEST-g" ""
says 'PACKAGE' "is told"
fails 2 "an empty snapshot" vp export "$TEST-g" --snapshot ""
says '--snapshot' "is told"
