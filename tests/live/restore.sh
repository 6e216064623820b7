#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# --restore brings the original back: name, UUID, MACs, TPM, autostart.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g" back
make_disk "$g/vda.qcow2" qcow2 16M
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)$(nic bridge br-test)
    <tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm>"
must virsh -q autostart "$g"
run_until "$g" 3
uuid=$(xml "$g" /domain/uuid) mac=$(xml "$g" //mac/@address)
tpm=$(cat "$(swtpm_folder)/$uuid"/tpm2/tpm2-00.permall | sha256sum)
must vp export "$g" g.vpkg
fails 3 "while the original is there" vp import --restore g.vpkg --dir "$T/back"
must virsh -q undefine "$g"
rm -rf "$(swtpm_folder)/$uuid"

succeeds "import --restore" vp import --restore g.vpkg --dir "$T/back"
is "$(xml "$g" /domain/uuid)" "$uuid" "the UUID"
is "$(xml "$g" //mac/@address)" "$mac" "the MAC"
is "$(xml "$g" //interface/source/@bridge)" br-test "the bridge"
is "$(cat "$(swtpm_folder)/$uuid"/tpm2/tpm2-00.permall | sha256sum)" "$tpm" "the TPM state"
is "$(v dominfo "$g" | sed -n 's/^Autostart: *//p')" enable "autostart"
run_until "$g" 5
ok "it boots and goes on"
