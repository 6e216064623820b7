#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# The RAM of a snapshot and of a managed save brings the UEFI variables and the TPM's state of its
# moment: the copy goes on with them, whatever lies beside.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
efi_guest "$g"
mark_nvram "$g" then
cp "$(tpm_of "$g")" then.tpm
must virsh -q start --paused "$g"
must virsh -q snapshot-create-as "$g" whole --memspec "file=$T/$g/ram.save" --diskspec "vda,file=$T/$g/o1"
must virsh -q resume "$g"
must virsh -q managedsave "$g"
succeeds "export of the managed save" vp export "$g" saved.vpkg
state_is saved.vpkg then then.tpm
is "$(labelled saved.vpkg)" 0 "not labelled"
must virsh -q managedsave-remove "$g"

state_changes "$g"
succeeds "export of the snapshot" vp export "$g" whole.vpkg --snapshot whole
says 'note: unchecked.*UEFI variables.*in its RAM' "it says where those of the moment are"
says "note: unchecked.*TPM's state.*in its RAM" "of both"
state_is whole.vpkg now now.tpm
is "$(labelled whole.vpkg)" 2 "the manifest says of which time they are"
succeeds "without its RAM" vp export "$g" disks.vpkg --snapshot whole --no-ram
says 'warning: unchecked.*UEFI variables.*now' "that is a warning"

# goes_on NAME PACKAGE FATE
goes_on() {
    local name=$TEST-$1
    succeeds "import of $2, $3" vp import "$2" --name "$name" --allow ram --ram "$3"
    if [ "$3" = paused ]; then
        must virsh -q resume "$name"
    fi
    is "$(v domstate "$name")" running "it goes on"
    must virsh -q destroy "$name"
    is "$(nvram_mark "$(nvram_of "$name")")" then "with the UEFI variables of the moment"
    true_that "and its TPM's state" same_tpm then.tpm "$(tpm_of "$name")"
}
goes_on whole whole.vpkg paused
goes_on saved saved.vpkg start
for state in nvram tpm; do
    fails 3 "--$state fresh" vp import whole.vpkg --name "$TEST-x" --allow ram "--$state" fresh
    says "ram-abi.*--$state fresh" "which the RAM would undo"
done
succeeds "a boot from the disks" vp import whole.vpkg --name "$TEST-drop" --ram drop
is "$(nvram_mark "$(nvram_of "$TEST-drop")")" now "has what lies beside the RAM"

# A TPM without UEFI lets libvirt keep RAM inside the disk.
t=$TEST-t
mkdir "$t"
make_disk "$t/vda.qcow2" qcow2 16M
define "$t" "$(disk vda "$T/$t/vda.qcow2" qcow2)
    <tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm>"
must virsh -q start "$t"
must_listen "$t" 2
rand=${F[rand]} moment=${F[tick]}
must virsh -q snapshot-create-as "$t" inside
must virsh -q destroy "$t"
cp "$(tpm_of "$t")" then.tpm
must cp now.tpm "$(tpm_of "$t")"
succeeds "export of an internal snapshot with a TPM" vp export "$t" inside.vpkg --snapshot inside
says "note: unchecked.*TPM's state.*in its RAM" "it says where that of the moment is"
succeeds "import" vp import inside.vpkg --name "$TEST-tpm" --allow ram --ram start
must_listen "$TEST-tpm"
resumed_at "$moment"
must virsh -q destroy "$TEST-tpm"
true_that "with the TPM's state of the moment" same_tpm then.tpm "$(tpm_of "$TEST-tpm")"
