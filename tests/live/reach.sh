#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A disk that QEMU's user would not get at is told before a byte is copied; where libvirt does not
# hand files over, they are QEMU's from the start, and the guest starts.
. "$(dirname "$0")/own-host.sh"

own_libvirtd 'dynamic_ownership = 0'
start_own_libvirtd
make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
mkdir -p -m 755 open closed/inner
chmod 700 closed

fails 3 "into a folder below one that is closed" vp import g.vpkg --name "$TEST-a" \
    --dir "$T/closed/inner"
says "path-unreachable.*pass through $T/closed:" "the finding names that"
says "chmod o\+x '$T/closed'\$" "and the way out"
is "$(ls -A closed/inner)" "" "nothing was copied"
must chmod o+x "$T/closed"
succeeds "which leads out" vp import g.vpkg --name "$TEST-a" --dir "$T/closed/inner" \
    --memory 48 --vcpus 2
user=$(v capabilities | xmllint --xpath \
    "string(//secmodel[model='dac']/baselabel[@type='qemu'])" - | tr -d +)
is "$(stat -c '%u:%g %a' "closed/inner/$TEST-a-vda.qcow2")" "$user 600" "the disk is QEMU's own"
must virsh -q start "$TEST-a"
must_listen "$TEST-a"
succeeds "the guest runs" v qemu-monitor-command "$TEST-a" --hmp info memory_size_summary
says 'base memory: 50331648' "with the memory asked for"
try v qemu-monitor-command "$TEST-a" --hmp info cpus
says 'CPU #1' "and the processors"
must virsh -q destroy "$TEST-a"
is "$(stat -c '%u:%g %a' "closed/inner/$TEST-a-vda.qcow2")" "$user 600" "and stays it"

fails 3 "a file that would be kept from QEMU" vp import g.vpkg --name "$TEST-b" --dir "$T/open" \
    --owner root
says 'path-unreachable.*dynamic_ownership' "is refused, with the reason"
succeeds "one whose mode lets it" vp import g.vpkg --name "$TEST-b" --dir "$T/open" --owner root \
    --file-mode 0666
run_until "$TEST-b"
ok "starts"
