#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session system
# --ram of a running domain: its RAM and all disks of one instant; it ends in its former state.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g"
make_disk "$g/vda.qcow2" qcow2 16M
make_disk "$g/vdb.qcow2" qcow2 16M
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)$(disk vdb "$T/$g/vdb.qcow2" qcow2)$(default_nic)"
must virsh -q start "$g"
must_listen "$g" 5
rand=${F[rand]}
live=$(v dumpxml "$g")

succeeds "dry run" vp export "$g" d.vpkg --ram --dry-run
says 'RAM: 32' "tells how much RAM there is at most"
says 'domain-paused.*stands still while up to 32.* about [0-9]+ s' "and for how long it will stand still"
is "$(v domstate "$g")" running "and does nothing"
no_job_left "$g"
succeeds "dry run where nothing can be tried" bash -c 'ulimit -f 1000; "$@"' - \
    "$VP_PREFIX/bin/virt-porter" export "$g" d.vpkg --ram --dry-run
says 'domain-paused.* for a time that cannot be estimated' "says that it cannot tell"
succeeds "export" vp export "$g" g.vpkg --ram
says 'domain-paused.*stands still while up to 32.* about [0-9]+ s' "tells of the pause"
is "$(zstd -dcq g.vpkg/ram.zst | head -c 4)" QEVM "the RAM is there"
is "$(xmllint --xpath 'string(/ram/@state)' g.vpkg/ram.xml)" running "of a running machine"
true_that "said to be with RAM" grep -q with-ram g.vpkg/package.xml
ahead=$(($(count g.vpkg/disks/vda.qcow2 qcow2) - $(count g.vpkg/disks/vdb.qcow2 qcow2)))
is "${ahead/1/0}" 0 "the disks agree, but for the write of an instant"
is "$(v domstate "$g")" running "the domain runs on"
must_listen "$g" $((F[vda] + 3))
is "${F[rand]}" "$rand" "and counts on"
no_job_left "$g"
is "$(v snapshot-list "$g" --name)" "" "no snapshot is left"
is "$(v dumpxml "$g")" "$live" "its definition is what it was"
succeeds "verify" vp verify g.vpkg

must virsh -q suspend "$g"
succeeds "export of the paused domain" vp export "$g" p.vpkg --ram
is "$(xmllint --xpath 'string(/ram/@state)' p.vpkg/ram.xml)" paused "said to be paused"
is "$(v domstate "$g")" paused "it still stands still"
fails 1 "its RAM is written once" vp export "$g" p.vpkg --ram --force
says 'previous migration.*: let it run on first \(virsh resume\), or export without --ram' "with the ways out"
fails 2 "--ram with --quiesce" vp export "$g" q.vpkg --ram --quiesce
must virsh -q resume "$g"

succeeds "without --ram" vp export "$g" n.vpkg
true_that "there is none" test ! -e n.vpkg/ram.zst
must virsh -q destroy "$g"
for image in "$g"/*; do
    true_that "${image##*/} is clean" qemu-img check -q "$image"
done
fails 2 "--ram of a domain that is shut off" vp export "$g" s.vpkg --ram
