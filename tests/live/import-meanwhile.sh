#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# What another import made while this one copied is not this one's: it fails, and removes none of it.
. "$(dirname "$0")/own-host.sh"

keep_own /etc/polkit-1
own_libvirtd ''
start_own_libvirtd

big_guest "$TEST-g" "<tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm>"
must virsh -q start --paused "$TEST-g"
must virsh -q destroy "$TEST-g"
must vp export "$TEST-g" g.vpkg
uuid=$(v domuuid "$TEST-g")
must virsh -q undefine "$TEST-g"
mkdir out

# meanwhile PID OPTION …: another domain of the UUID comes to be while the import of PID stands still.
meanwhile() {
    local pid=$1
    shift
    kill -STOP "$pid"
    vp import g.vpkg --name "$TEST-other" --uuid keep --disk vda=skip "$@" && tree_digest "$(swtpm_folder)" > other
    cat "$rule" > other.rule
    kill -CONT "$pid"
}

rule=/etc/polkit-1/rules.d/70-virt-porter-$uuid.rules
when_grown "$T/out" meanwhile PID -- vp import g.vpkg --name "$TEST-new" --uuid keep --dir "$T/out"
is "$STATUS" 1 "import whose UUID another one took meanwhile"
says "swtpm/$uuid: File exists" "says why"
true_that "the other domain is there" defined "$TEST-other"
is "$(tree_digest "$(swtpm_folder)")" "$(cat other)" "and so is its TPM state"
is "$(ls -A out)" "" "nothing was left behind"

must virsh -q undefine "$TEST-other"
when_grown "$T/out" meanwhile PID --tpm drop --grant root=view -- \
    vp import g.vpkg --name "$TEST-new" --uuid keep --dir "$T/out" --tpm drop --grant root=manage
is "$STATUS" 1 "the same with grants"
says "$uuid.rules: File exists" "says why"
true_that "those of the other were there" test -s other.rule
true_that "and are" cmp other.rule "$rule"
is "$(ls -A out)" "" "nothing was left behind"
