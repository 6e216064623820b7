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

# A limit of file sizes ends the write, not the program.
(
    ulimit -f 4000
    vp import g.vpkg --name "$TEST-new" --dir "$T/small" > "$OUT" 2> "$ERR" < /dev/null
)
is $? 1 "import where files may not be as large"
says 'File too large' "says why"
is "$(host_state "$T" "$(images_folder)")" "$before" "nothing was left behind"

# A name that is not durable is no name: each sync in turn fails, those of folders too.
injected() {
    rm -f trace
    try env TMPDIR="$T" strace -f -qq -o trace "$@" \
        "$VP_PREFIX/bin/virt-porter" import g.vpkg --name "$TEST-new" --dir "$T/small" --disk vda=skip
    rm trace
}
for sync in 1 2 3 4 5; do
    injected -e trace=fsync,fdatasync -e "inject=fsync,fdatasync:error=EIO:when=$sync"
    if [ "$STATUS" = 0 ]; then
        break
    fi
    is "$STATUS" 1 "import where sync $sync fails"
    says 'Input/output error' "says why"
    is "$(host_state "$T" "$(images_folder)")" "$before" "nothing was left behind"
done
true_that "all syncs failed once" test "$sync" -gt 2
v undefine "$TEST-new"
rm -f small/*

# What cannot be removed is named.
injected -e trace=fsync,unlink,unlinkat -e inject=fsync:error=EIO -e inject=unlink,unlinkat:error=EROFS
is "$STATUS" 6 "import that fails where nothing can be removed"
true_that "one file is left" test "$(ls -A small | wc -l)" = 1
says "the file $T/small/$(ls -A small) is left" "it is named"
