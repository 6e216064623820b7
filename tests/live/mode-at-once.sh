#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A package that one import links while another takes its files: never both.
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
chmod o+x g.vpkg g.vpkg/disks
chmod o+r g.vpkg/disks/*
mkdir layers
both=0
neither=0
for i in $(seq 8); do
    rm -rf p.vpkg layers/*
    cp -a g.vpkg p.vpkg
    vp import p.vpkg --name "$TEST-link" --dir "$T/layers" --mode link > link.out 2>&1 &
    link=$!
    sleep "0.0$((i % 4))"
    try vp import p.vpkg --name "$TEST-take" --mode in-place
    wait "$link"
    case $?$STATUS in
        00) both=$((both + 1)) ;;
        0* | *0) ;;
        *) neither=$((neither + 1)) ;;
    esac
    v "undefine $TEST-link; undefine $TEST-take" > /dev/null 2>&1
done
is "$both" 0 "never both"
true_that "and mostly one of them" test "$neither" -lt 8
