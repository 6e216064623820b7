#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# What --grant gives is what a real polkitd then allows, action by action: no more, no less, on
# this domain only, and nothing after revoke.
. "$(dirname "$0")/polkit-host.sh"

false_that "where all is set up there is no finding about it" grep -q grant- "$OUT"
is "$(stat -c '%a %u' "$rule")" "644 0" "the rule is a file of the UUID"
says "$rule" "which import lists"
succeeds "list" vp --json list
says '"grants":\["@vp ops=operate","manager=manage","viewer=view"\]' "shows them"

# ---- every action of libvirt, as polkitd decides it ----

view='connect.getattr connect.search-domains domain.getattr domain.read'
operate="$view domain.init-control domain.open-graphics domain.pm-control domain.reset
    domain.screenshot domain.send-input domain.start domain.stop domain.suspend"
manage="$operate domain.open-device domain.read-secure domain.set-password domain.set-time"
all=$(sed -nE 's/.*<action id="org\.libvirt\.((api\.(connect|domain)|unix)\.[^"]*)".*/\1/p' \
    /usr/share/polkit-1/actions/org.libvirt.*.policy)

# granted FILE USER UUID DRIVER ACTION …: puts there what polkitd allows on the domain.
granted() {
    local file=$1 user=$2 uuid=$3 driver=$4 pid action
    shift 4
    setpriv --reuid="$user" --regid=vpusers --init-groups sleep 1000 &
    pid=$!
    wait_for grep -q sleep /proc/$pid/comm
    for action; do
        if pkcheck --action-id "org.libvirt.$action" --process $pid \
            --detail connect_driver "$driver" --detail domain_uuid "$uuid" > /dev/null 2>&1; then
            echo "$action"
        fi
    done > "$file"
    kill $pid
}

# actions NAME …: as polkit has them, a line each.
actions() {
    printf 'api.%s\n' "$@" | LC_ALL=C sort
}

other=$(v domuuid "$TEST-g" | head -n 1)
granted manager.all manager "$uuid" QEMU $all &
pids=$!
for user in viewer operator stranger; do
    granted $user.all $user "$uuid" QEMU $(actions $manage) &
    pids+=" $!"
done
granted manager.other manager "$other" QEMU $(actions $manage) &
pids+=" $!"
granted manager.lxc manager "$uuid" LXC $(actions $manage) &
wait $pids $!
is "$(sort manager.all)" "$(actions $manage unix.monitor | sed 's/api.unix/unix/' | sort)" \
    "of all actions manage is those of manage, beside what polkit allows everybody"
is "$(sort operator.all)" "$(actions $operate)" "operate, by a group, is those of operate"
is "$(sort viewer.all)" "$(actions $view)" "view is those of view"
is "$(cat stranger.all)" "" "another user has none"
is "$(grep api.domain. manager.other)" "" "on another domain nothing"
is "$(cat manager.lxc)" "" "in another driver nothing"

# ---- taken back ----

succeeds "revoke of one" vp revoke "$D" '@vp ops'
says 'vp ops=operate' "says what"
granted operator.all operator "$uuid" QEMU api.domain.start
is "$(cat operator.all)" "" "who may no more"
granted manager.all manager "$uuid" QEMU api.domain.start
is "$(cat manager.all)" api.domain.start "others still may"
fails 1 "what was not granted cannot be taken back" vp revoke "$D" '@vp ops'
says 'manager=manage, viewer=view' "and the error says what was"
must virsh -q undefine "$D"
succeeds "revoke of all on a domain that is gone" vp revoke "$uuid"
false_that "the rule is gone" test -e "$rule"
fails 1 "a second time there is nothing" vp revoke "$uuid"
says 'granted nothing' "and it says so"
