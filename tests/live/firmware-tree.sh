#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# The tree of a machine with UEFI and a TPM: its state is that of now, and said to be; a snapshot's
# RAM in the copy still brings that of its moment.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
efi_guest "$g"
mark_nvram "$g" then
cp "$(tpm_of "$g")" then.tpm
must virsh -q snapshot-create-as "$g" internal
must virsh -q start --paused "$g"
must virsh -q snapshot-create-as "$g" whole --memspec "file=$T/$g/ram.save" --diskspec "vda,file=$T/$g/o1"
must virsh -q destroy "$g"
state_changes "$g"
succeeds "export" vp export "$g" tree.vpkg --all-snapshots
says 'warning: unchecked.*UEFI variables.*now' "it warns of the UEFI variables"
state_is tree.vpkg now now.tpm
is "$(labelled tree.vpkg)" 2 "the manifest says of which time they are"

succeeds "import" vp import tree.vpkg --name "$TEST-new" --allow ram
is "$(nvram_mark "$(nvram_of "$TEST-new")")" now "the copy has the UEFI variables of now"
true_that "and the TPM's state" cmp now.tpm "$(tpm_of "$TEST-new")"
succeeds "export of the copy's snapshot with RAM" vp export "$TEST-new" whole.vpkg --snapshot whole
succeeds "import of that" vp import whole.vpkg --name "$TEST-whole" --allow ram --ram paused
must virsh -q resume "$TEST-whole"
must virsh -q destroy "$TEST-whole"
is "$(nvram_mark "$(nvram_of "$TEST-whole")")" then "it goes on with the UEFI variables of its moment"
true_that "and its TPM's state" same_tpm then.tpm "$(tpm_of "$TEST-whole")"
must virsh -q snapshot-revert "$TEST-new" internal
must virsh -q start --paused "$TEST-new"
ok "reverting works in the copy, which starts"
