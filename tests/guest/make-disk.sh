#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# make-disk.sh OUT FORMAT SIZE [RANDOM-MIB [RANDOM-AT-MIB]]: a disk that boots the tiny guest.
#
# The counter starts at nought. RANDOM-MIB fills that many MiB with random data,
# from 1 MiB on unless said. OUT may be a block device (FORMAT raw). With HEAVY=1 in the
# environment the guest writes all the time.
set -eu
out=$1 format=$2 size=$3 random=${4:-0} at=${5:-1}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

as --32 ${HEAVY:+--defsym HEAVY=1} -o "$work/guest.o" "$here/guest.S"
ld -m elf_i386 -Ttext 0x7c00 -e start --oformat binary -o "$work/guest.bin" "$work/guest.o"

raw=$work/disk.raw
if [ "$format" = raw ]; then
    raw=$out
fi
if [ ! -b "$raw" ]; then
    truncate -s "$size" "$raw"
fi
dd if="$work/guest.bin" of="$raw" conv=notrunc status=none
printf 'vp-count 00000000\n' | dd of="$raw" bs=512 seek=64 conv=notrunc status=none
if [ "$random" -gt 0 ]; then
    dd if=/dev/urandom of="$raw" bs=1M seek="$at" count="$random" conv=notrunc status=none
fi
if [ "$format" != raw ]; then
    qemu-img convert -f raw -O "$format" "$raw" "$out"
fi
