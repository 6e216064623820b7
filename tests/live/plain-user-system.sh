#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A plain user on qemu:///system gets findings, never a bare "permission denied".
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
chmod -R a+rX g.vpkg
mkdir closed
before=$(host_state "$T" "$(images_folder)")
fails 3 "import into a folder that is not his" vp_as_plain_user \
    -c qemu:///system import "$T/g.vpkg" --name "$TEST-new" --dir "$T/closed"
says 'path-not-writable|closed' "a finding names it"
false_that "nothing was defined" defined "$TEST-new"
is "$(host_state "$T" "$(images_folder)")" "$before" "nothing was left behind"

chmod 700 g.vpkg
fails 1 "import of a package that he cannot read" vp_as_plain_user import "$T/g.vpkg" --name "$TEST-new"
says 'g.vpkg: Permission denied: .*root' "says whom it takes"

install -d -o "$VP_PLAIN_USER" mine
chmod 600 "$TEST-g/vda.qcow2"
try vp_as_plain_user -c qemu:///system export "$TEST-g" "$T/mine/g.vpkg"
isnt "$STATUS" 0 "export of a disk that he cannot read is refused"
says "disk vda: .*Permission denied: .*root" "names the disk, and whom it takes"
is "$(ls -A mine)" "" "nothing was left behind"

# UEFI variables, TPM and RAM lie in folders of libvirt's own.
# refused WHAT PATTERN: what he may not, said in words; nothing is left behind.
refused() {
    isnt "$STATUS" 0 "$1 is refused"
    says "$2" "in words"
    false_that "not in those of the system" grep -qE ': Permission denied' "$ERR"
    is "$(ls -A mine)" "" "nothing was left behind"
}

e=$TEST-e
efi_guest "$e"
chmod 644 "$e/vda.qcow2"
try vp_as_plain_user -c qemu:///system export "$e" "$T/mine/e.vpkg"
refused "export of UEFI variables" 'you may not read the UEFI variables.*root'
must vp export "$e" e.vpkg
must virsh -q start --paused "$e"
try vp_as_plain_user -c qemu:///system export "$e" "$T/mine/e.vpkg" --ram
refused "export of a running domain with RAM" 'this user cannot reach.*root'
must virsh -q managedsave "$e"
chmod 644 "$e/vda.qcow2"
try vp_as_plain_user -c qemu:///system export "$e" "$T/mine/e.vpkg"
refused "export of a managed save" 'you may not read the RAM.*root'
must vp export "$e" saved.vpkg
chmod -R a+rX e.vpkg saved.vpkg
try vp_as_plain_user -c qemu:///system import "$T/saved.vpkg" --name "$TEST-new" --dir "$T/mine" --allow ram
refused "import of all that" 'path-not-writable.*libvirt/qemu/nvram'
says '--tpm fresh --ram drop' "with the way out"
succeeds "which works" vp_as_plain_user -c qemu:///system import "$T/saved.vpkg" --name "$TEST-new" \
    --dir "$T/mine" --ram drop --nvram fresh --tpm fresh
