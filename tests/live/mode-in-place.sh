#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session system
# --mode in-place: the files of the package become the domain's, once.
. "$(dirname "$0")/lib.sh"

two_disks "$TEST-g"
must vp export "$TEST-g" g.vpkg
chmod o+x g.vpkg g.vpkg/disks
before=$(tree_digest g.vpkg)

fails 2 "with a place of its own" vp import g.vpkg --name "$TEST-a" --mode in-place --dir "$T"
chmod 444 g.vpkg/disks/vda.qcow2
if [ "$WORLD" = session ]; then
    fails 3 "a file that cannot be written" vp import g.vpkg --name "$TEST-a" --mode in-place
    says path-not-writable "by its code"
fi
chmod 600 g.vpkg/disks/vda.qcow2
if [ "$WORLD" = system ]; then
    mkdir ro
    must mount --bind "$T" ro
    must mount -o remount,ro,bind ro
    fails 3 "a package that is read-only" vp import ro/g.vpkg --name "$TEST-a" --mode in-place
    says path-not-writable "by its code"
    umount ro
fi
chmod o+r g.vpkg/disks/*
must vp import g.vpkg --name "$TEST-link" --mode link --dir "$T"
chmod o-r g.vpkg/disks/*
fails 3 "while another domain lies on it" vp import g.vpkg --name "$TEST-a" --mode in-place
says "file-in-use: .*$TEST-link" "names the domain"
must virsh -q undefine "$TEST-link"
# used_by DISK WHAT: a domain that is shut off has this disk.
used_by() {
    define "$TEST-user" "$(disk vda "$1" qcow2)"
    fails 3 "$2" vp import g.vpkg --name "$TEST-a" --mode in-place
    says "file-in-use: .*$TEST-user" "names the domain"
    must virsh -q undefine "$TEST-user"
}
must qemu-img create -q -f qcow2 -b "$T/g.vpkg/disks/vda.qcow2" -F qcow2 over.qcow2
must qemu-img create -q -f qcow2 -b over.qcow2 -F qcow2 top.qcow2
used_by "$T/top.qcow2" "while layers lie on it of which only their headers tell"
ln g.vpkg/disks/vdb.qcow2 link.qcow2
used_by "$T/link.qcow2" "while a domain has it by another path"
rm link.qcow2

cp -a g.vpkg bad.vpkg
before_bad=$(tree_digest bad.vpkg)
qemu-io -c 'write 8M 64k' -f qcow2 bad.vpkg/disks/vdb.qcow2 > /dev/null
fails 4 "an image of another size" vp import bad.vpkg --name "$TEST-a" --mode in-place
rm -rf bad.vpkg
cp -a g.vpkg bad.vpkg
printf '\1' | dd of=bad.vpkg/disks/vdb.qcow2 bs=1 seek=$((2 * 65536 + 8)) conv=notrunc status=none
before_bad=$(tree_digest bad.vpkg)
try vp import bad.vpkg --name "$TEST-a" --mode in-place
is "$STATUS" 4 "tables that are not in order"
is "$(tree_digest bad.vpkg)" "$before_bad" "it is put back as it was"
false_that "nothing is defined" defined "$TEST-a"

if [ "$WORLD" = system ]; then
    try strace -f -qq -o trace -e trace=fsync -e inject=fsync:error=EIO:when=1 \
        "$VP_PREFIX/bin/virt-porter" import g.vpkg --name "$TEST-a" --mode in-place
    rm trace
    is "$STATUS" 1 "a package whose taking cannot be made durable"
    says 'Input/output error' "says why"
    is "$(tree_digest g.vpkg)" "$before" "it is put back as it was"
fi

is "$(tree_digest g.vpkg)" "$before" "the package is whole up to here"
succeeds "import" vp import g.vpkg --name "$TEST-a" --mode in-place --verify
is "$(xml "$TEST-a" "//disk[target/@dev='vdb']/source/@file")" "$T/g.vpkg/disks/vdb.qcow2" "its files are the disks"
true_that "the manifest has another name" test -e g.vpkg/package.xml.taken -a ! -e g.vpkg/package.xml
run_until "$TEST-a" 3
true_that "the domain boots, and writes to them" test "$(count g.vpkg/disks/vda.qcow2 qcow2)" -ge 3
fails 4 "a second time" vp import g.vpkg --name "$TEST-b" --mode in-place
says 'became those of a domain' "says what became of it"
