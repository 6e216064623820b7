#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# What push mode writes is counted as it will be: what is compressed below is not in the copy.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g"
make_disk "$g/vda.raw" raw 80M
yes | head -c 64M | dd of="$g/vda.raw" bs=1M seek=2 conv=notrunc iflag=fullblock status=none
must qemu-img convert -c -f raw -O qcow2 "$g/vda.raw" "$g/base.qcow2"
must qemu-img create -q -f qcow2 -b base.qcow2 -F qcow2 "$g/vda.qcow2"
rm "$g/vda.raw"
true_that "the image is small" test "$(stat -c %s "$g/base.qcow2")" -lt 4000000
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2 | sed "s|<driver |&iothread='1' |")" "<iothreads>1</iothreads>"
must virsh -q start "$g"
must_listen "$g" 2

# needed: bytes of scratch files that a dry run asks for.
needed() {
    vp export "$g" g.vpkg --dry-run --json | grep -o '"scratch_needed":[0-9]*' | cut -d: -f2
}
bytes=$(needed)
true_that "yet its copy takes the 64 MiB: $bytes" test "${bytes:-0}" -ge $((64 << 20))
true_that "and less than the whole disk with what must stay free" test "$bytes" -lt $((88 << 20))
is "$(v domstate "$g")" running "the domain runs on"
