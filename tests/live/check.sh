#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# The whole report at once, touching nothing; after doing what it says, one error after the other,
# the same options succeed.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
two_disks "$g"
mkdir new
make_disk "$T/$g/vdc.qcow2" qcow2 16M
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)$(disk vdb "$T/$g/vdb.qcow2" qcow2)$(
    disk vdc "$T/$g/vdc.qcow2" qcow2)$(default_nic)$(nic bridge "$TEST-br")
    <serial type='file'><source path='$T/s.log'/></serial>
    <graphics type='vnc' port='-1' listen='0.0.0.0'/>" "<uuid>$(v domuuid "$g")</uuid>"
must vp export "$g" --exclude vdc g.vpkg
touch there.qcow2
args=(--uuid keep --disk "vda=$T/there.qcow2" --disk "vdb=$T/nowhere/x.qcow2" --owner nobody-here:
    --virt-type kvm --nic 0=bridge:nowhere0 --on-missing-network fail)

# errors: of the last report, "CODE FIX", with the first fix of each, a line each.
errors() {
    python3 -c '
import json, sys
for line in open(sys.argv[1]):
    finding = json.loads(line).get("finding")
    if finding and finding["level"] == "error":
        print(finding["code"], finding["fix"][0])
' "$OUT"
}

# settle FIX: it goes to the options, with values that are good here.
settle() {
    local fix=$1 target
    target=${fix#--disk }
    target=${target%%=*}
    fix=${fix/%=PATH,format=F/=$T/$g/vdc.copy,format=qcow2}
    fix=${fix/%=PATH/=$T/new/$target.qcow2}
    fix=${fix/%=DST/=user}
    fix=${fix/%NAME/$TEST-new}
    fix=${fix/%USER*/$(id -un)}
    fix=${fix/% DIR/ $T/new}
    read -ra words <<< "$fix"
    args+=("${words[@]}")
}

must cp "$g/vdc.qcow2" "$g/vdc.copy"
touch first
before=$(host_state "$T" "$(images_folder)" | grep -v first)
fails 3 "check" vp check g.vpkg "${args[@]}"
true_that "tells the report on standard output" grep -q '^error: name-taken: domain: ' "$OUT"
says "^warning: path-shared: domain: domain “$g” has the file $T/s.log too" "and what both would write to"
is "$(wc -l < "$ERR")" 1 "and no more than that nothing was changed elsewhere"
try vp --json check g.vpkg "${args[@]}"
is "$(tail -n 1 "$OUT" | cut -c1-9)" '{"error":' "with --json the error comes last"
errors > first
true_that "ten errors and more at once" [ "$(wc -l < first)" -ge 10 ]
is "$(sort first)" "$(try vp --json import g.vpkg "${args[@]}"; errors | sort)" "import tells the same"

rounds=0
while left=$(errors | wc -l) && [ "$left" -gt 0 ] && [ "$rounds" -lt 20 ]; do
    rounds=$((rounds + 1))
    settle "$(errors | head -n 1 | cut -d' ' -f2-)"
    try vp --json check g.vpkg "${args[@]}"
    true_that "round $rounds: one error less than $left: ${args[*]: -2}" [ "$(errors | wc -l)" -lt "$left" ]
done
is "$STATUS" 0 "after the last the check is content"
is "$(tail -n 1 "$OUT")" '{"result":{"command":"check"}}' "and says so"
is "$(host_state "$T" "$(images_folder)" | grep -v first)" "$before" "nothing was touched so far"
succeeds "and so is import" vp import g.vpkg "${args[@]}"
true_that "the domain is there" defined "$TEST-new"

define "$TEST-port" "<graphics type='vnc' port='5978'/>"
must vp export "$TEST-port" port.vpkg
succeeds "a port that another domain has, which does not run" \
    vp check port.vpkg --name "$TEST-new2" --start
says '^warning: path-shared: .* port 5978' "is told"
must virsh -q start "$TEST-port"
fails 3 "of one that runs" vp check port.vpkg --name "$TEST-new2" --start
says '^error: path-shared: .* port 5978' "it is an error"
succeeds "and settled by the edit that is offered" vp check port.vpkg --name "$TEST-new2" --start \
    --xml "$(sed -n 's/^ *--xml //p' "$OUT")"
