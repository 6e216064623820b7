#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A grant that would be of no use is told, one that cannot be is refused, none outlives its import.
. "$(dirname "$0")/own-host.sh"

keep_own /etc/polkit-1
own_libvirtd ''
start_own_libvirtd
rules=/etc/polkit-1/rules.d
make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
chmod -R a+rX g.vpkg
files() {
    (cd $rules && ls -A)
}
before=$(files)

succeeds "where libvirt asks nobody, a grant is only told" vp import g.vpkg --name "$TEST-a" \
    --dir "$T/$TEST-g" --grant daemon=view
says 'grant-not-enforced.*libvirtd.conf' "with the file that says so"
false_that "polkit does not stand before" grep -q grant-needs-login "$ERR"
uuid=$(v domuuid "$TEST-a" | head -n 1)
must virsh -q undefine "$TEST-a"

fails 3 "users and groups who are not here are refused" vp import g.vpkg --name "$TEST-b" \
    --dir "$T/$TEST-g" --grant nobody-here=view --grant @nogroup-here=manage
says 'subject-unknown.*nobody-here' "by name"
says 'subject-unknown.*nogroup-here' "every one"
says "grant-stale.*$uuid" "and grants on a domain that is gone are told"
true_that "they are there still" test -e "$rules/70-virt-porter-$uuid.rules"
fails 2 "no role" vp import g.vpkg --name "$TEST-b" --grant daemon=root
fails 3 "a plain user is refused" vp_as_plain_user -c qemu:///system import "$T/g.vpkg" \
    --name "$TEST-b" --dir "$T/$TEST-g" --grant daemon=view
says "path-not-writable.*$rules" "with the folder"
isnt "$(vp_as_plain_user -c qemu:///system revoke "$uuid" 2>&1 | grep 'only root')" "" \
    "nor can he revoke"

must mount --bind /etc/libvirt/qemu /etc/libvirt/qemu
must mount -o remount,bind,ro /etc/libvirt/qemu
fails 1 "an import whose domain libvirt cannot keep" vp import g.vpkg --name "$TEST-c" \
    --dir "$T/$TEST-g" --grant daemon=view
must umount /etc/libvirt/qemu
false_that "defines nothing" defined "$TEST-c"
is "$(files)" "70-virt-porter-$uuid.rules" "and leaves no rule"

succeeds "the next import that is done" vp import g.vpkg --name "$TEST-d" --dir "$T/$TEST-g"
is "$(files)" "$before" "takes the grants on what is gone away"
