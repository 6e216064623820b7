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

# Who waits for the result learns that he has not all of it, and no file is taken for the output.
vp import g.vpkg --name "$TEST-full" --dir "$T/new" > /dev/full 2> "$ERR" < /dev/null
is "$?" 6 "import where the result cannot be written"
says 'all is done, but the result cannot be written' "is told"
true_that "and the domain is there" defined "$TEST-full"
vp --json import g.vpkg --name "$TEST-json" --dir "$T/new" <&- >&- 2>&-
is "$?" 6 "the same as objects, without standard output"
true_that "and the domain is there" defined "$TEST-json"
vp info g.vpkg > /dev/full 2> "$ERR" < /dev/null
is "$?" 1 "info where the result cannot be written"
vp -q import g.vpkg --name "$TEST-closed" --dir "$T/new" <&- >&- 2>&-
is "$?" 0 "where nothing is to be printed all may be closed"

# in_gone CMD …: in a folder that is there no more.
in_gone() (
    mkdir "$T/gone" && cd "$T/gone" && rmdir "$T/gone" && "$@"
)

fails 1 "in a folder that is gone nothing is done" \
    in_gone vp import "$T/g.vpkg" --name "$TEST-gone" --dir .
says 'go to another with cd' "with the way out"
succeeds "but help is there" in_gone vp import --help
