#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Disks of a running domain that no backup job can show are refused by name; media are read as files.
. "$(dirname "$0")/lib.sh"

# refused NAME DISK-XML WHY: vdb of a running domain; --exclude settles it.
refused() {
    mkdir "$1"
    make_disk "$1/vda.qcow2" qcow2 16M
    define "$1" "$(disk vda "$T/$1/vda.qcow2" qcow2) $2"
    must virsh -q start "$1"
    fails 1 "$3: refused" vp export "$1" "$1.vpkg"
    says "disk vdb.*$3" "names disk and reason"
    is "$(find . -name '*.vpkg*')" "" "nothing was written"
    succeeds "left out" vp export "$1" --exclude vdb "$1.vpkg"
    is "$(ls "$1.vpkg/disks")" vda.qcow2 "it is not in the package"
    rm -r "$1.vpkg"
    no_job_left "$1"
    must virsh -q destroy "$1"
}

make_disk shared.raw raw 4M
refused "$TEST-shared" "$(disk vdb "$T/shared.raw" raw '<shareable/>')" shareable
make_disk transient.qcow2 qcow2 4M
refused "$TEST-transient" "$(disk vdb "$T/transient.qcow2" qcow2 '<transient/>')" transient

g=$TEST-media
mkdir "$g"
make_disk "$g/vda.qcow2" qcow2 16M
make_disk "$g/vdb.raw" raw 4M 1
head -c 100K /dev/urandom > "$g/cd.iso"
head -c 1440K /dev/urandom > "$g/fd.img"
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2; disk vdb "$T/$g/vdb.raw" raw '<readonly/>')
    <disk type='file' device='cdrom'><target dev='hda' bus='ide'/><readonly/></disk>
    <disk type='file' device='cdrom'><driver name='qemu' type='raw'/><source file='$T/$g/cd.iso'/>
        <target dev='hdb' bus='ide'/><readonly/></disk>
    <disk type='file' device='floppy'><driver name='qemu' type='raw'/><source file='$T/$g/fd.img'/>
        <target dev='fda' bus='fdc'/></disk>"
must virsh -q start "$g"
must_listen "$g" 2
succeeds "export" vp export "$g" g.vpkg
says 'hdb' "notes what it left out"
is "$(cd g.vpkg/disks && echo *)" "vda.qcow2 vdb.qcow2" "disks only, the read-only one too"
true_that "that holds its bytes" qemu-img compare "$g/vdb.raw" g.vpkg/disks/vdb.qcow2
succeeds "export --include-media" vp export --include-media "$g" media.vpkg
true_that "the CD is the same" cmp "$g/cd.iso" media.vpkg/disks/hdb.raw
true_that "the floppy is the same" cmp "$g/fd.img" media.vpkg/disks/fda.raw
no_job_left "$g"
succeeds "--quiesce where no disk is left that a job reads" \
    vp export "$g" --quiesce --exclude vda --exclude fda none.vpkg
says 'crash-consistent' "freezes nothing, and does not say so"
