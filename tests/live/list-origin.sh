#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session system
# list tells which domains came from which package, when and by whom.
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
mkdir new
case $WORLD in
    system) must env SUDO_USER=games SUDO_UID=5 SUDO_GID=60 \
        "$VP_PREFIX/bin/virt-porter" import g.vpkg --name "$TEST-new" --dir "$T/new" ;;
    session) must vp import g.vpkg --name "$TEST-new" --dir "$T/new" ;;
esac
identity=$(sha256sum < g.vpkg/package.xml | cut -d' ' -f1)
succeeds "list" vp list
says "$TEST-new" "the imported domain is in it"
false_that "the original is not" grep -q "^$TEST-g" "$OUT"
succeeds "list --json" vp --json list
true_that "valid JSON, one object a line" python3 -c '
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert lines and all(isinstance(line, dict) for line in lines)' "$OUT"
says "$identity" "names the package by its digest"
says "$(id -un)" "names the user"
if [ "$WORLD" = system ]; then
    says games "names the user behind sudo"
fi
succeeds "the origin is in the domain's metadata" grep -q "$identity" <(v dumpxml --inactive "$TEST-new")
must vp export "$TEST-new" again.vpkg
false_that "and does not travel on" grep -q "$identity" again.vpkg/domain.xml
