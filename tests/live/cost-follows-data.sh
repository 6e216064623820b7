#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Cost follows the data and not the size: an empty disk of 1 TiB moves next to no bytes.
. "$(dirname "$0")/lib.sh"

# moved CMD …: sets $bytes to what it and its tools read, wrote, sent and received. Counted
# and not timed: the machine may be busy with other things.
moved() {
    succeeds "$1 of $what" strace -f -qq -o trace -e trace="$calls" "$VP_PREFIX/bin/virt-porter" "$@"
    bytes=$(sed -n 's/.* = \([0-9]*\)$/\1/p' trace | awk '{ sum += $1 } END { print sum + 0 }')
    true_that "the calls were counted" test "$bytes" -gt 65536
}
calls=read,pread64,readv,preadv,preadv2,recvfrom,recvmsg
calls+=,write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg
mib=$((1024 * 1024))

mkdir "$TEST-g" new
must qemu-img create -q -f qcow2 "$TEST-g/vda.qcow2" 1T
define "$TEST-g" "$(disk vda "$T/$TEST-g/vda.qcow2" qcow2)"
what="an empty disk of 1 TiB"
moved export "$TEST-g" g.vpkg
true_that "it moves less than 16 MiB ($((bytes / mib)))" test "$bytes" -lt $((16 * mib))
moved import g.vpkg --name "$TEST-new" --dir "$T/new"
true_that "it moves less than 16 MiB ($((bytes / mib)))" test "$bytes" -lt $((16 * mib))
true_that "the copy takes less than 16 MiB" test "$(du -m new/* | cut -f1)" -lt 16

must truncate -s 20G "$TEST-g/vdb.raw"
must qemu-io -f raw -c 'write -P 5 19G 1M' "$TEST-g/vdb.raw"
define "$TEST-raw" "$(disk vda "$T/$TEST-g/vdb.raw" raw)"
what="a sparse raw disk of 20 GiB"
moved export --format raw "$TEST-raw" raw.vpkg
true_that "it moves less than 16 MiB ($((bytes / mib)))" test "$bytes" -lt $((16 * mib))
true_that "stays sparse in the package" test "$(du -m raw.vpkg/disks/vda.raw | cut -f1)" -lt 16
moved import raw.vpkg --name "$TEST-raw2" --dir "$T/new"
true_that "it moves less than 16 MiB ($((bytes / mib)))" test "$bytes" -lt $((16 * mib))
true_that "stays sparse in the copy" test "$(du -m "$(xml "$TEST-raw2" //disk/source/@file)" | cut -f1)" -lt 16
