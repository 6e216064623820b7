#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# Too small a place for an import is found before, and where it fills up on the way all is undone.
. "$(dirname "$0")/lib.sh"

mkdir "$TEST-g" small
make_disk "$TEST-g/vda.qcow2" qcow2 64M 24
make_disk "$TEST-g/vdb.qcow2" qcow2 64M
define "$TEST-g" "$(disk vdb "$T/$TEST-g/vdb.qcow2" qcow2)$(disk vda "$T/$TEST-g/vda.qcow2" qcow2)
    <tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm>"
must vp export "$TEST-g" g.vpkg
must mount -t tmpfs -o size=8M none small
at_exit umount "$T/small"
before=$(host_state "$T" "$(images_folder)")
fails 3 "import where it cannot fit" vp import g.vpkg --name "$TEST-new" --dir "$T/small"
says 'no-space|space' "says why"
is "$(host_state "$T" "$(images_folder)")" "$before" "nothing was left behind"

# Room by the look of it, gone on the way. First, no inode is left for the second disk; then
# the kernel has no block left in the middle of a disk.
must umount small
must mount -t tmpfs -o size=40M,nr_inodes=2 none small
fails 1 "import where the second disk finds no room" vp import g.vpkg --name "$TEST-new" --dir "$T/small"
says 'No space left' "says why"
is "$(host_state "$T" "$(images_folder)")" "$before" "nothing was left behind"

must mount -o remount,size=40M,nr_inodes=1k "$T/small"
fails 1 "import on a disk that fills up" strace -f -qq -o trace -e trace=pwrite64 \
    -e inject=pwrite64:error=ENOSPC:when=2+ \
    "$VP_PREFIX/bin/virt-porter" import g.vpkg --name "$TEST-new" --dir "$T/small"
says 'No space left' "says why"
true_that "some of it had been written" grep -qE ' = [0-9]+$' trace
rm trace
is "$(host_state "$T" "$(images_folder)")" "$before" "nothing was left behind"
no_tools_left
