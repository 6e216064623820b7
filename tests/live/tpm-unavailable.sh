#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A host without swtpm says so before a domain is made that it could not start.
. "$(dirname "$0")/own-host.sh"

own_libvirtd ''
for tool in swtpm swtpm_setup swtpm_ioctl; do
    must mount --bind /dev/null "/usr/bin/$tool"
done
start_own_libvirtd
mkdir "$TEST-g"
must qemu-img create -q -f qcow2 "$T/$TEST-g/vda.qcow2" 1M
define "$TEST-g" "$(disk vda "$T/$TEST-g/vda.qcow2" qcow2)"
must vp export "$TEST-g" g.vpkg
must sed -i "s|</devices>|<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>&|" g.vpkg/domain.xml
rewrite g.vpkg domain.xml
fails 3 "a TPM where there is no swtpm" vp import g.vpkg --name "$TEST-new" --dir "$T"
says '^error: tpm-unavailable' "is refused"
succeeds "without the TPM" vp import g.vpkg --name "$TEST-new" --dir "$T" --tpm drop
is "$(xml "$TEST-new" 'count(//tpm)')" 0 "as the finding offers"
