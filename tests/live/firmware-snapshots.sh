#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# Snapshots of disks hold neither UEFI variables nor the TPM's state: those of now go along, and
# are said to be.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
efi_guest "$g"
mark_nvram "$g" then
must virsh -q snapshot-create-as "$g" internal
must virsh -q snapshot-create-as "$g" external --disk-only --diskspec "vda,file=$T/$g/o1"
state_changes "$g"
for s in internal external; do
    succeeds "export of the $s one" vp export "$g" "$s.vpkg" --snapshot "$s"
    says 'warning: unchecked.*UEFI variables.*now' "it warns of the UEFI variables"
    says "warning: unchecked.*TPM's state.*now" "and of the TPM's state"
    state_is "$s.vpkg" now now.tpm
    is "$(labelled "$s.vpkg")" 2 "the manifest says of which time they are"
done
vp info internal.vpkg > info
true_that "so does info" grep -q 'nvram.*time of export' info

succeeds "import" vp import internal.vpkg --name "$TEST-new"
is "$(nvram_mark "$(nvram_of "$TEST-new")")" now "the copy has the UEFI variables of the package"
true_that "and the TPM's state" cmp now.tpm "$(tpm_of "$TEST-new")"
must virsh -q start --paused "$TEST-new"
ok "and starts"
