#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# An export that is interrupted and cannot remove what it wrote says what is left, and where.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
big_guest "$g"
mkdir out

(exec env --default-signal=INT "$VP_PREFIX/bin/virt-porter" export "$g" out/g.vpkg) \
    > "$OUT" 2> "$ERR" < /dev/null &
pid=$!
until folder=$(find out -name disks -printf '%h') && [ -n "$folder" ]; do
    sleep 0.002
done
# Nobody can remove a file that something is mounted on.
must touch "$folder/held"
must mount --bind /dev/null "$folder/held"
at_exit umount "$T/$folder/held"
kill -INT "$pid"
wait "$pid"
STATUS=$?
is "$STATUS" 6 "the status says that it is undone in part"
says "interrupted; .*$folder is left \(.*: cannot be removed" "and the message what is left, and why"
is "$(find out -type f -size +0)" "" "all else is gone"
