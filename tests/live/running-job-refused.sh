#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# A domain on which a job runs already is refused, and that job goes on.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
two_disks "$g"
must virsh -q start "$g"
must_listen "$g" 2
must virsh -q backup-begin "$g" /dev/stdin <<< "<domainbackup mode='pull'>
    <server transport='unix' socket='$T/other'/><disks>
    <disk name='vda' type='file'><scratch file='$T/other.scratch'/></disk>
    <disk name='vdb' backup='no'/></disks></domainbackup>"
fails 1 "a backup job runs" vp export "$g" g.vpkg
says 'domjobabort' "says how to end it"
is "$(v domjobinfo "$g" | sed -n 's/^Operation: *//p' | xargs)" Backup "it runs on"
must virsh -q domjobabort "$g"
no_job_left "$g"

must virsh -q blockcopy "$g" vdb "$T/copy.qcow2" --transient-job
fails 1 "a disk is being copied" vp export "$g" g.vpkg
says 'disk vdb.*job' "names the disk"
says 'blockjob' "says how to end it"
true_that "the copy goes on" v blockjob "$g" vdb --info
must virsh -q blockjob "$g" vdb --abort
is "$(find . -name '*.vpkg*')" "" "nothing was written"
no_job_left "$g"
succeeds "without jobs" vp export "$g" g.vpkg
