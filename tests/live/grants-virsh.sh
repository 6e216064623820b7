#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A user does with virsh just what was granted to him; what is a way to root is denied to all.
. "$(dirname "$0")/polkit-host.sh"

# can USER COMMAND …: libvirt does not deny it, whatever else becomes of it.
can() {
    local user=$1
    shift
    try as "$user" virsh -q -c qemu:///system "$@"
    if grep -q 'access denied' "$ERR"; then
        not_ok "$user: $*"
        diag_last
        return
    fi
    [ "$STATUS" = 0 ] || [ -n "${fault:-}" ] && ok "$user: $*" && return
    not_ok "$user: $*"
    diag_last
}

cannot() {
    local user=$1
    shift
    try as "$user" virsh -q -c qemu:///system "$@"
    if grep -q 'access denied' "$ERR"; then
        ok "$user may not: $*"
    else
        not_ok "$user may not: $*"
        diag_last
    fi
}

# console USER: on a terminal, which virsh insists on, until its escape character comes.
console() {
    local command="timeout --foreground -s KILL 20 virsh -c qemu:///system console $D"
    try as "$1" sh -c "{ sleep 2; printf '\035'; } | script -qec '$command' /dev/null"
}

is "$(as viewer virsh -q -c qemu:///system list --all --name | grep .)" "$D" "a user sees his domain only"
is "$(as stranger virsh -q -c qemu:///system list --all --name | grep .)" "" "another user none"
cannot stranger domstate "$D"
for command in "domstate $D" "dumpxml $D" "domuuid $D"; do
    can viewer $command
done
cannot viewer start "$D"
cannot viewer dumpxml --security-info "$D"
can operator start "$D"
can viewer vncdisplay "$D"
for command in "suspend $D" "resume $D" "reset $D" "send-key $D KEY_A" "screenshot $D /dev/null" \
    "reboot $D"; do
    cannot viewer $command
    can operator $command
done
cannot operator dumpxml --security-info "$D"
console operator
says 'access denied' "operator may not: console"
cannot operator domtime "$D" --now
fault=agent can manager domtime "$D" --now
fault=agent can manager set-user-password "$D" root x
can manager dumpxml --security-info "$D"
is "$(grep -c "passwd='secret'" "$OUT")" 1 "with what is secret in it"
console manager
is "$STATUS" 0 "manager: console, for as long as he likes"

xml=$T/$D.xml
v dumpxml --inactive --security-info "$D" > "$xml"
v dumpxml --inactive "$TEST-g" | sed "s/<name>[^<]*/<name>$TEST-x/; /<uuid>/d" > "$T/x.xml"
chmod 644 "$xml" "$T/x.xml"
for command in "define $xml" "create $T/x.xml" "undefine $D" "setmem $D 16384" "autostart $D" \
    "save $D $T/save" "managedsave $D" "snapshot-create $D" "checkpoint-create $D" \
    "dump $D $T/core" "blockcopy $D vda $T/copy --wait" "blockresize $D vda 1G" \
    "detach-disk $D vda" "qemu-monitor-command $D --hmp info" \
    "domrename $D $TEST-y" "inject-nmi $D" "net-list" "capabilities" "secret-list"; do
    cannot manager $command
done
cannot viewer destroy "$D"
can operator destroy "$D"
must virsh -q start "$D"
cannot viewer shutdown "$D"
can operator shutdown "$D"
