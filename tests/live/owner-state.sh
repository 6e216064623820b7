#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# --owner and --file-mode are for the disks; UEFI variables and the TPM's state are their users'.
# libvirt has the disk while the domain runs, and gives it back.
. "$(dirname "$0")/lib.sh"

efi_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
mkdir new
succeeds "import" vp import g.vpkg --name "$TEST-new" --dir "$T/new" --owner daemon:adm --file-mode 640
whose() {
    stat -c '%U:%G %a' "$1"
}
disk=new/$TEST-new-vda.qcow2
tpm=$(tpm_of "$TEST-new")
is "$(whose "$disk")" "daemon:adm 640" "the disk is as named"
is "$(whose "$(nvram_of "$TEST-new")")" "$(whose "$(nvram_of "$TEST-g")")" "the UEFI variables are as libvirt's own"
is "$(whose "$tpm")" "$(whose "$(tpm_of "$TEST-g")" | sed 's/ .*/ 600/')" "so is the TPM's state, for nobody else to read"
is "$(whose "${tpm%/*}")" "$(whose "$(tpm_of "$TEST-g" | xargs dirname)")" "and its folder"
is "$(whose "${tpm%/*/*}")" "$(whose "$(tpm_of "$TEST-g" | xargs dirname | xargs dirname)")" "and that of the UUID"
must virsh -q start --paused "$TEST-new"
is "$(stat -c %U "$disk")" "$(ps -o user:32= -p "$(cat "/run/libvirt/qemu/$TEST-new.pid")" | xargs)" \
    "the disk is QEMU's while it runs"
must virsh -q destroy "$TEST-new"
is "$(whose "$disk")" "daemon:adm 640" "and given back"
