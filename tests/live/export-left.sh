#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# An export that cannot remove what it wrote, or what it replaces, says what is left, and where.
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

h=$TEST-h
mkdir "$h"
must qemu-img create -q -f qcow2 "$h/vda.qcow2" 1M
define "$h" "$(disk vda "$T/$h/vda.qcow2" qcow2)"
must vp export "$h" h.vpkg
touch h.vpkg/held
must mount --bind /dev/null h.vpkg/held
at_exit eval "umount '$T'/.h.vpkg.vp-*/held"
fails 6 "a package that is replaced and cannot be removed" vp export "$h" h.vpkg --force
left=$(find . -name '.h.vpkg.vp-*')
says "h.vpkg is there, but .*/${left#./}, which it replaces, is left \(.*cannot be removed" "is named"
succeeds "the new one is whole" vp verify h.vpkg
