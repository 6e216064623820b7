#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Export, import keeping identity, export again: the same members, byte for byte.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g"
make_disk "$g/vda.qcow2" qcow2 64M 3 7
must qemu-io -c 'write -z 1M 1M' -c 'write -P 9 40M 70000' "$g/vda.qcow2"
make_disk "$g/vdb.raw" raw 10M
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)$(disk vdb "$T/$g/vdb.raw" raw)$(default_nic)
    <tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm>"
run_until "$g" 2
succeeds "export" vp export "$g" one.vpkg
uuid=$(xml "$g" /domain/uuid)
must virsh -q undefine "$g"
rm -rf "${g:?}" "$(swtpm_folder)/$uuid"
mkdir new
succeeds "import --restore" vp import --restore one.vpkg --dir "$T/new"
succeeds "export again" vp export "$g" two.vpkg

members() {
    (cd "$1" && find . -type f ! -name domain.xml ! -name package.xml -exec sha256sum {} + | sort -k 2)
}
is "$(members two.vpkg)" "$(members one.vpkg)" "every member but the two XML files is the same"
is "$(members one.vpkg | wc -l | xargs test 2 -lt && echo many)" many "and there are some"
content_digests() {
    xmllint --xpath '//moment/disk/@digest' "$1/package.xml"
}
is "$(content_digests two.vpkg)" "$(content_digests one.vpkg)" "the content digests"
