#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Domains made out of libvirt's own schema, unlike each other as it lets them be, go through plan
# and retarget in every way there is: none loses or gains what the options do not say.
. "$(dirname "$0")/../meta/tap.sh"
here=$VP_SRCDIR/tests/xml
retarget=$VP_BUILDDIR/tests/xml/retarget
schemas=/usr/share/libvirt/schemas
count=120
ways=(
    "--name grown2"
    "--restore"
    "--network *=lan --mac keep"
    "--network *=user --virt-type qemu"
    "--config-only"
    "--network *=ovs:br0:7 --nvram fresh"
    "--network *=none --uuid keep"
    "--network *=keep --tpm drop"
    "--network *=bridge:br1 --genid keep"
    "--network *=direct:eth9 --title Grown --description 'On and on'"
)

if [ ! -e $schemas/domain.rng ]; then
    skip "domains made out of libvirt's schema" "no schema of libvirt"
    finish
fi
mkdir "$T/source" "$T/result"
perl "$here/grow.pl" $schemas "$T/source" $count
is "they grow, no two alike" "$(sha256sum "$T"/source/*.xml | cut -d' ' -f1 | sort -u | wc -l)" $count

number=0
for domain in "$T"/source/*.xml; do
    name=${domain##*/}
    name=${name%.xml}
    eval "set -f; words=(${ways[number % ${#ways[@]}]}); set +f"
    host=$here/system.ini
    if [ $((number % 7)) = 0 ]; then
        host=$here/session.ini
    fi
    number=$((number + 1))
    "$retarget" "$host" "$domain" "${words[@]}" > "$T/result/$name.xml" 2> "$T/findings"
    status=$?
    if [ $status != 0 ] && [ $status != 3 ]; then
        echo "$name: left with $status: $(head -1 "$T/findings")" >> "$T/faults"
        continue
    fi
    printf '%s\t' "$name" "$host" "$domain" "$T/result/$name.xml"
    (IFS=$'\t' && echo "${words[*]}")
done > "$T/jobs"
perl "$here/differ.pl" < "$T/jobs" >> "$T/faults" 2>&1
none "none loses or gains what the options do not say" "$(cat "$T/faults")"
is "all of them were looked at" "$(wc -l < "$T/jobs")" $count
finish
