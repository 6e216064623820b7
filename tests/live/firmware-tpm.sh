#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system session
# NVRAM and TPM state go along; on import they are kept, made fresh, or dropped.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g"
make_disk "$g/vda.qcow2" qcow2 16M
cat > g.xml <<END
<domain type='qemu'>
  <name>$g</name>
  <memory unit='MiB'>128</memory>
  <os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type></os>
  <features><acpi/><smm state='on'/></features>
  <devices>
    $(disk vda "$T/$g/vda.qcow2" qcow2)
    <tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>
    <serial type='pty'/>
  </devices>
</domain>
END
must virsh -q define g.xml
must virsh -q start "$g"
must virsh -q destroy "$g"
nvram=$(nvram_of "$g")
tpm=$(swtpm_folder)/$(xml "$g" /domain/uuid)
must test -s "$nvram"
must find "$tpm" -name 'tpm2-00.permall'
must dd if=/dev/urandom of="$nvram" bs=16 seek=30000 count=1 conv=notrunc    # ours alone

succeeds "export" vp export "$g" g.vpkg
true_that "the NVRAM is in the package" cmp "$nvram" g.vpkg/nvram.fd
true_that "the TPM state is in the package" find_same tpm2-00.permall "$tpm" g.vpkg/tpm

mkdir new
tpm_of() {
    local uuid
    uuid=$(xml "$1" /domain/uuid)
    echo "$(swtpm_folder)/${uuid:-none}"
}

succeeds "import, both kept" vp import g.vpkg --name "$TEST-keep" --dir "$T/new" --tpm keep --nvram keep
true_that "the NVRAM came along" cmp "$nvram" "$(nvram_of "$TEST-keep")"
true_that "the TPM state came along" find_same tpm2-00.permall "$tpm" "$(tpm_of "$TEST-keep")"
is "$(find "$(tpm_of "$TEST-keep")" -name tpm2-00.permall -printf '%u %m\n')" \
    "$(find "$tpm" -name tpm2-00.permall -printf '%u %m\n')" "owned as swtpm wants it"
must virsh -q start "$TEST-keep"
ok "libvirt starts it with both"
must virsh -q destroy "$TEST-keep"

succeeds "import, both fresh" vp import g.vpkg --name "$TEST-fresh" --dir "$T/new" --tpm fresh --nvram fresh
must virsh -q start "$TEST-fresh"
must virsh -q destroy "$TEST-fresh"
false_that "another NVRAM" cmp -s "$nvram" "$(nvram_of "$TEST-fresh")"
false_that "another TPM state" find_same tpm2-00.permall "$tpm" "$(tpm_of "$TEST-fresh")"

succeeds "import, TPM dropped" vp import g.vpkg --name "$TEST-drop" --dir "$T/new" --tpm drop
is "$(xml "$TEST-drop" 'count(//tpm)')" 0 "no TPM in it"
must virsh -q start "$TEST-drop"
ok "libvirt starts it without"
