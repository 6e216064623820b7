#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# A running domain with UEFI and a TPM: its state goes along; with RAM it goes on with that.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
efi_guest "$g"
mark_nvram "$g" then
cp "$(tpm_of "$g")" then.tpm
must virsh -q start --paused "$g"
fails 1 "libvirt itself makes no internal snapshot while it runs" virsh -q snapshot-create-as "$g" on
says 'pflash' "for want of the UEFI variables in it"

succeeds "export" vp export "$g" now.vpkg
state_is now.vpkg then then.tpm
is "$(labelled now.vpkg)" 0 "not labelled"
succeeds "export with RAM" vp export "$g" ram.vpkg --ram
state_is ram.vpkg then then.tpm
must virsh -q destroy "$g"

# What comes in the RAM wins: what lies beside it is of another time here.
state_changes "$g"
succeeds "import with RAM" vp import ram.vpkg --name "$TEST-new" --allow ram
must virsh -q start "$TEST-new"
must virsh -q resume "$TEST-new"    # it stood still, and still does
must virsh -q destroy "$TEST-new"
is "$(nvram_mark "$(nvram_of "$TEST-new")")" then "the copy has the UEFI variables"
true_that "and the TPM's state" same_tpm then.tpm "$(tpm_of "$TEST-new")"
false_that "which is not that of another TPM" same_tpm now.tpm "$(tpm_of "$TEST-new")"
