#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# Attack by signals.
. "$(dirname "$0")/lib.sh"
g=$TEST-g
mkdir $g
qemu-img create -q -f qcow2 $g/vda.qcow2 64M; qemu-io -f qcow2 -c 'write -P 5 0 40M' $g/vda.qcow2 >/dev/null
qemu-img create -q -f raw $g/vdb.raw 32M; dd if=/dev/urandom of=$g/vdb.raw bs=1M count=20 conv=notrunc status=none
define $g "$(disk vda $T/$g/vda.qcow2 qcow2)$(disk vdb $T/$g/vdb.raw raw)"
h=$TEST-h
mkdir $h; cp $g/vda.qcow2 $h/
define $h "$(disk vda $T/$h/vda.qcow2 qcow2)"
must virsh -q start --paused $h
must virsh -q snapshot-create-as $h ram
must virsh -q destroy $h
must virsh -q snapshot-create-as $h off
must virsh -q start --paused $h
must vp export $g g.vpkg
must vp export $h ram.vpkg --snapshot ram
mkdir out exp
base=$(ls -A /tmp | sort)
run() { # DELAY SIGNAL TWICE CMD...
    local delay=$1 sig=$2 twice=$3; shift 3
    ( trap - INT; exec env --default-signal=INT,TERM,HUP "$VP_PREFIX/bin/virt-porter" "$@" ) >"$OUT" 2>"$ERR" </dev/null &
    local pid=$!
    sleep $delay
    kill -s $sig $pid 2>/dev/null
    [ "$twice" = 1 ] && { sleep 0.0$((RANDOM % 99)); kill -s $sig $pid 2>/dev/null; }
    local t0=$(date +%s%N)
    wait $pid; STATUS=$?
    local ms=$(( ($(date +%s%N)-t0)/1000000 ))
    [ $ms -gt 4000 ] && echo "# SLOW $ms ms: $*"
    return 0
}
n=0; declare -A seen
end=$(( $(date +%s) + ${ATTACK_SECONDS:-110} ))
while [ $(date +%s) -lt $end ]; do
    case $((RANDOM % 10)) in
    0) cmd=(export $g exp/a.vpkg); max=500 ;;
    1) cmd=(export $h exp/b.vpkg); max=900 ;;
    2) cmd=(export $h exp/c.vpkg --snapshot ram); max=500 ;;
    3) cmd=(import g.vpkg --name $TEST-new --dir $T/out); max=600 ;;
    4) cmd=(import ram.vpkg --name $TEST-new --dir $T/out --allow ram --start); max=1800 ;;
    5) cmd=(verify g.vpkg); max=200 ;;
    6) cmd=(plan g.vpkg --name $TEST-new); max=300 ;;
    7) cmd=(check ram.vpkg --name $TEST-new --allow ram); max=400 ;;
    8) cmd=(export $h exp/d.vpkg --ram); max=1200 ;;
    9) cmd=(export $g exp/e.vpkg --compress --force); max=900 ;;
    esac
    sig=$(shuf -n1 -e INT TERM HUP); twice=$((RANDOM % 3 == 0))
    ms=$((RANDOM % max))
    run $(printf '0.%03d' $((ms%1000)) | sed "s/^0/$((ms/1000))/") $sig $twice "${cmd[@]}"
    n=$((n+1)); seen[${cmd[0]}.$STATUS]=$((${seen[${cmd[0]}.$STATUS]:-0}+1))
    want=$((128 + $(kill -l $sig)))
    bad=
    case $STATUS in 0|$want) ;; *) bad="status $STATUS of $sig";; esac
    [ $STATUS = $want ] && { [ ! -s "$ERR" ] && bad="$bad no message (ms $ms)"; grep -q interrupted "$ERR" || bad="$bad message"; }
    if [ $STATUS = 0 ]; then
        v destroy $TEST-new >/dev/null 2>&1; v undefine --managed-save $TEST-new >/dev/null 2>&1; rm -rf out/* exp/*
    fi
    [ -n "$(ls -A out exp | grep -v ':$' | grep -v '^$')" ] && bad="$bad left: $(ls -A out exp | xargs)"
    [ "$(ls -A $T/$h | wc -l)" != 1 ] && bad="$bad h: $(ls -A $T/$h | xargs)"
    [ -n "$(v list --all --name | grep $TEST-new)" ] && bad="$bad domain left"
    [ "$(v domjobinfo $h | xargs)" = "Job type: None" ] || bad="$bad job: $(v domjobinfo $h|head -3|xargs)"
    [ "$(v domstate $h)" = paused ] || bad="$bad state $(v domstate $h)"
    pgrep -x 'qemu-nbd|qemu-img' >/dev/null && { sleep 0.3; pgrep -x 'qemu-nbd|qemu-img' >/dev/null && bad="$bad process left"; }
    [ "$(ls -A /tmp | sort)" != "$base" ] && bad="$bad tmp: $(comm -13 <(echo "$base") <(ls -A /tmp|sort)|xargs)"
    [ -n "$(find /var/lib/libvirt -name '*vp-*' -o -name 'vp.sock' | head -3)" ] && bad="$bad libvirt: $(find /var/lib/libvirt -name '*vp-*' -o -name 'vp.sock'|xargs)"
    if [ -n "$bad" ]; then echo "# BAD $bad: ${cmd[*]} after $ms ms twice=$twice"; head -c 600 "$ERR" | diag
       v destroy $TEST-new >/dev/null 2>&1; v undefine --managed-save $TEST-new >/dev/null 2>&1; rm -rf out/* out/.[!.]* exp/* exp/.[!.]*; base=$(ls -A /tmp | sort)
       [ "$(v domstate $h)" = paused ] || v suspend $h
    fi
done
for k in "${!seen[@]}"; do echo "# $k ${seen[$k]}"; done | sort
ok "$n runs"
