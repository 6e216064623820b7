#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# --quiesce: the guest's file systems are in order in the package, and thawed whatever happens.
. "$(dirname "$0")/lib.sh"

if [ ! -d "${VP_LINUX:-}" ]; then
    skip_all "needs a Debian kernel and agent: ./bootstrap check fetches them"
fi
g=$TEST-g
mkdir "$g"
must "$TESTS/guest/linux.sh" "$VP_LINUX" "$T/$g"
truncate -s 32M "$g/vda.raw"
must mke2fs -q -t ext4 "$g/vda.raw"
channel="<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>"
boot="<kernel>$T/$g/vmlinuz</kernel><initrd>$T/$g/initrd</initrd><cmdline>console=ttyS0 quiet</cmdline>"
domain_xml "$g" "$(disk vda "$T/$g/vda.raw" raw) $channel" |
    sed "s|MiB'>32|MiB'>160|; s|hvm</type>|&$boot|" > domain.xml
must virsh -q define domain.xml
must virsh -q start "$g"

agent() {
    v qemu-agent-command "$g" "{\"execute\":\"guest-$1\"}" --timeout 3
}
for _ in $(seq 60); do
    agent ping > /dev/null 2>&1 && break
    sleep 0.5
done
must agent ping

# A journal that is to be replayed is what a file system has that was not frozen.
needs_recovery() {
    dumpe2fs -h "$1/disks/vda.raw" 2> /dev/null | grep '^Filesystem features:.*needs_recovery'
}

is_thawed() {
    agent fsfreeze-status | grep -q '"thawed"'
}

writes() {
    local before
    before=$(debugfs -R 'cat count' "$g/vda.raw" 2> /dev/null)
    for _ in $(seq 40); do
        sleep 0.25
        agent fsfreeze-freeze > /dev/null && agent fsfreeze-thaw > /dev/null
        [ "$(debugfs -R 'cat count' "$g/vda.raw" 2> /dev/null)" != "$before" ] && return
    done
    return 1
}

succeeds "export without" vp export --format raw "$g" plain.vpkg
says 'crash-consistent' "as after a power cut"
true_that "its journal is to be replayed" needs_recovery plain.vpkg

succeeds "export --quiesce" vp export --quiesce --format raw "$g" quiet.vpkg
says 'quiesced' "says so"
true_that "and the manifest too" grep -q 'consistency="quiesced"' quiet.vpkg/package.xml
false_that "nothing is to be replayed" needs_recovery quiet.vpkg
true_that "the file system is in order" e2fsck -fn quiet.vpkg/disks/vda.raw
true_that "the guest's are thawed" is_thawed
true_that "and written to" writes
no_job_left "$g"

# QEMU cannot make its socket where a folder of that name is: frozen by then.
run_folder=$(echo "$(nvram_folder)"/../domain-*"-${g:0:15}"*)
must mkdir "$run_folder/vp.sock"
fails 6 "a job that cannot start, beside what stays in its way" vp export --quiesce "$g" failed.vpkg
says 'backup job' "says so"
must rmdir "$run_folder/vp.sock"
true_that "the guest's file systems are thawed" is_thawed
no_job_left "$g"

must virsh -q suspend "$g"
fails 1 "of a paused domain" vp export --quiesce "$g" paused.vpkg
says 'without --quiesce' "offers to go without"
must virsh -q destroy "$g"

make_guest "$TEST-mute"
must virsh -q start "$TEST-mute"
fails 1 "without an agent's channel" vp export --quiesce "$TEST-mute" mute.vpkg
says 'qemu.guest_agent|without --quiesce' "says what is missing, and offers to go without"
no_job_left "$TEST-mute"
fails 2 "--quiesce of a snapshot" vp export --quiesce --snapshot s "$TEST-mute" mute.vpkg
is "$(ls -d -- *.vpkg)" "plain.vpkg
quiet.vpkg" "nothing else was written"
