#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# --mode link: layers over the package, made at once; the package stays as it is, bit for bit,
# owner and label, whatever its guests do, on a writable mount and on a read-only one.
. "$(dirname "$0")/lib.sh"

# All of the package that can be seen from outside, extended attributes too.
state() {
    tree_digest "$1"
    (cd "$1" && find . -printf '%P %U:%G %m %T@\n' | LC_ALL=C sort && getfattr -R -d -m - .)
}

make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
rm "$TEST-g/vda.qcow2"

fails 3 "a package that QEMU's user cannot enter" vp import g.vpkg --name "$TEST-a" --dir "$T" --mode link
says "path-unreachable: .*$T/g.vpkg" "names the folder"
says "chmod o\\+x '$T/g.vpkg'" "and the way out"
chmod o+x g.vpkg g.vpkg/disks
fails 3 "images that he cannot read" vp import g.vpkg --name "$TEST-a" --dir "$T" --mode link
says "chmod o\\+r '$T/g.vpkg/disks/vda.qcow2'" "the way out"
chmod o+r g.vpkg/disks/vda.qcow2
chmod o+w g.vpkg/disks
fails 3 "a package that others can write" vp import g.vpkg --name "$TEST-a" --dir "$T" --mode link
says "package-writable: .*$T/g.vpkg/disks" "names the folder"
chmod o-w g.vpkg/disks
chown daemon g.vpkg/disks
fails 3 "a package part of which is another's" vp import g.vpkg --name "$TEST-a" --dir "$T" --mode link
says "package-writable: .*$T/g.vpkg/disks belongs to another" "names the folder"
says "chown root '$T/g.vpkg/disks'" "and the way out"
chown root g.vpkg/disks

before=$(state g.vpkg)
succeeds "link" vp import g.vpkg --name "$TEST-a" --dir "$T" --mode link
says 'not-verified' "warns that nothing is proved"
says "package-needed: .*$T/g.vpkg/disks/vda.qcow2" "says what the domain depends on"
disk="//disk[target/@dev='vda']"
is "$(xml "$TEST-a" "$disk/backingStore/source/@file")" "$T/g.vpkg/disks/vda.qcow2" "the chain is written out"
is "$(xml "$TEST-a" "$disk/backingStore/format/@type")" qcow2 "with its format"
is "$(xml "$TEST-a" "$disk/backingStore/source/seclabel/@relabel")" no "libvirt is to leave it alone"
is "$(xml "$TEST-a" "count($disk/backingStore/backingStore/*)")" 0 "and ended"
is "$(qemu-img check -q "$TEST-a-vda.qcow2"; echo $?)" 0 "QEMU finds the layer in order"
succeeds "a second one, proved" vp import g.vpkg --name "$TEST-b" --dir "$T" --mode link --verify \
    --owner daemon:adm --file-mode 640
is "$(stat -c '%U:%G %a' "$TEST-b-vda.qcow2")" "daemon:adm 640" "the layer's owner and mode are as asked"
must virsh -q start "$TEST-a"
must virsh -q start "$TEST-b"
must_listen "$TEST-a" 4
must_listen "$TEST-b" 2
ok "both boot, side by side"
must virsh -q destroy "$TEST-a"
must virsh -q destroy "$TEST-b"
true_that "each has a disk of its own" test "$(count "$TEST-a-vda.qcow2" qcow2)" -ge 4
is "$(state g.vpkg)" "$before" "the package is what it was"

mkdir ro
must mount --bind "$T" ro
must mount -o remount,ro,bind ro
at_exit umount "$T/ro"
succeeds "from a read-only mount" vp import ro/g.vpkg --name "$TEST-c" --dir "$T" --mode link
run_until "$TEST-c" 2
ok "the domain boots"
is "$(state g.vpkg)" "$before" "the package is what it was"

cp -a g.vpkg bad.vpkg
printf x | dd of=bad.vpkg/disks/vda.qcow2 bs=1 seek=$((3 * 65536)) conv=notrunc status=none
fails 4 "--verify of a damaged one" vp import bad.vpkg --name "$TEST-d" --dir "$T" --mode link --verify
false_that "nothing is defined" defined "$TEST-d"
false_that "no layer is left" test -e "$TEST-d-vda.qcow2"
printf x | dd of=bad.vpkg/disks/vda.qcow2 bs=1 seek=8 conv=notrunc status=none
fails 5 "a header that names another file" vp import bad.vpkg --name "$TEST-d" --dir "$T" --mode link

# The size of the disk is no matter.
mkdir "$TEST-big"
make_disk "$T/$TEST-big/vda.raw" raw 16M
must truncate -s 256G "$TEST-big/vda.raw"
define "$TEST-big" "$(disk vda "$T/$TEST-big/vda.raw" raw)"
must vp export "$TEST-big" --format raw big.vpkg
chmod -R o+rX big.vpkg
TIMEFORMAT='%U %S'
{ time succeeds "a disk of 256 GiB" vp import big.vpkg --name "$TEST-e" --dir "$T" --mode link; } 2> took
true_that "takes less than half a second of a processor: $(cat took)" \
    awk '{ exit $1 + $2 < 0.5 ? 0 : 1 }' took
is "$(xml "$TEST-e" "$disk/backingStore/format/@type")" raw "over a raw image"
true_that "is a small layer" test "$(stat -c %s "$TEST-e-vda.qcow2")" -lt 1000000
run_until "$TEST-e" 2
ok "the domain boots"
