#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# An encrypted raw disk is copied as its bytes, encryption kept; encrypted qcow2 is refused by name.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g" new
# QEMU measures its key derivation by CPU time, which fails where that is counted coarsely.
create_luks() {
    for _ in $(seq 20); do
        qemu-img create -q --object secret,id=s,data=sesame "$@" && return
    done
    return 1
}
must create_luks -f luks -o key-secret=s,iter-time=500 "$g/vda.luks" 8M
secret=$(cat /proc/sys/kernel/random/uuid)
must virsh -q secret-define /dev/stdin <<< "<secret ephemeral='no' private='no'><uuid>$secret</uuid>
    <usage type='volume'><volume>$T/$g/vda.luks</volume></usage></secret>"
must virsh -q secret-set-value "$secret" --base64 "$(printf sesame | base64)"
at_exit virsh -q secret-undefine "$secret"
encryption="<encryption format='luks'><secret type='passphrase' uuid='$secret'/></encryption>"
define "$g" "$(disk vda "$T/$g/vda.luks" raw | sed "s|\(<source[^/]*file='[^']*'\)/>|\1>$encryption</source>|")"
succeeds "export" vp export --format raw "$g" g.vpkg
true_that "its bytes, still encrypted" cmp "$g/vda.luks" g.vpkg/disks/vda.raw
fails 3 "import asks for the power" vp import g.vpkg --name "$TEST-new" --dir "$T/new"
says '--allow secret' "by name"
succeeds "import --allow secret" vp import g.vpkg --name "$TEST-new" --dir "$T/new" --allow secret
is "$(xml "$TEST-new" //encryption/secret/@uuid)" "$secret" "the encryption is kept"
true_that "the same bytes" cmp "$g/vda.luks" "$(xml "$TEST-new" //disk/source/@file)"
true_that "which QEMU opens with the host's secret" virsh -q start "$TEST-new"

must create_luks -f qcow2 -o encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=500 "$g/vdb.qcow2" 8M
define "$TEST-q" "$(disk vda "$T/$g/vdb.qcow2" qcow2 | sed "s|\(<source[^/]*file='[^']*'\)/>|\1>$encryption</source>|")"
try vp export "$TEST-q" q.vpkg
isnt "$STATUS" 0 "an encrypted qcow2 is refused"
says 'vda.*encrypt|encrypt.*vda' "by name"
