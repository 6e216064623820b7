#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Drives: without medium, with one (left out, noted; --include-media takes it), floppies.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g" new
make_disk "$g/vda.qcow2" qcow2 16M
head -c 100K /dev/urandom > "$g/cd.iso"
head -c 1440K /dev/urandom > "$g/fd.img"
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)
    <disk type='file' device='cdrom'><target dev='hda' bus='ide'/><readonly/></disk>
    <disk type='file' device='cdrom'><driver name='qemu' type='raw'/><source file='$T/$g/cd.iso'/>
        <target dev='hdb' bus='ide'/><readonly/></disk>
    <disk type='file' device='floppy'><driver name='qemu' type='raw'/><source file='$T/$g/fd.img'/>
        <target dev='fda' bus='fdc'/></disk>"
succeeds "export" vp export "$g" g.vpkg
says 'hdb' "notes what it left out"
is "$(cd g.vpkg/disks && echo *)" vda.qcow2 "only the disk is inside"
must rm "$g/cd.iso" "$g/fd.img"
succeeds "import" vp import g.vpkg --name "$TEST-new" --dir "$T/new"
is "$(xml "$TEST-new" 'count(//disk)') $(xml "$TEST-new" 'count(//disk/source)')" "4 1" "the drives are there, empty"
run_until "$TEST-new" 2
ok "the copy boots"

head -c 100K /dev/urandom > "$g/cd.iso"
head -c 1440K /dev/urandom > "$g/fd.img"
succeeds "export --include-media" vp export --include-media "$g" media.vpkg
mkdir media
succeeds "import" vp import media.vpkg --name "$TEST-media" --dir "$T/media"
true_that "the CD is the same" cmp "$g/cd.iso" "$(xml "$TEST-media" "//disk[target/@dev='hdb']/source/@file")"
true_that "the floppy is the same" cmp "$g/fd.img" "$(xml "$TEST-media" "//disk[target/@dev='fda']/source/@file")"
