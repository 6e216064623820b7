#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# An export that is interrupted and cannot remove what it wrote says what is left, and where.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
big_guest "$g" '' "iothread='1'" "<iothreads>1</iothreads>"
mkdir out

# hold PID FOLDER: interrupts it while nobody can remove a file there: something is mounted on it.
hold() {
    kill -STOP "$1"
    folder=$(echo $2)
    touch "$folder/held"
    mount --bind /dev/null "$folder/held"
    at_exit umount "$T/$folder/held"
    kill -INT "$1"
    kill -CONT "$1"
}

when_grown out hold PID 'out/.g*' -- vp export "$g" out/g.vpkg
is "$STATUS" 6 "the status says that it is undone in part"
says "interrupted; .*$folder is left \(.*: cannot be removed" "and the message what is left, and why"
is "$(find out -type f -size +0)" "" "all else is gone"

must virsh -q start "$g"
must_listen "$g"
when_grown scratch hold PID "$g/.vp-scratch*" -- vp export "$g" out/h.vpkg
is "$STATUS" 6 "the same status of a running domain"
says "interrupted; .*$folder is left: .*: cannot be removed" "and its scratch files are named"
is "$(find "$folder" -type f -size +0)" "" "all else is gone"
