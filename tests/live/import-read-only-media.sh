#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A package on a read-only mount is imported as often as one likes.
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
mkdir ro one two
must mount --bind "$T" ro
must mount -o remount,ro,bind ro
at_exit umount "$T/ro"
succeeds "first import" vp import ro/g.vpkg --name "$TEST-one" --dir "$T/one"
succeeds "second import" vp import ro/g.vpkg --name "$TEST-two" --dir "$T/two"
for name in one two; do
    run_until "$TEST-$name" 2
    ok "copy $name boots and counts"
done
isnt "$(xml "$TEST-one" /domain/uuid)" "$(xml "$TEST-two" /domain/uuid)" "two UUIDs"
