#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Devices that only the running domain has, or only its definition: warned of, disks as they run.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
two_disks "$g"
must virsh -q start "$g"
must_listen "$g" 3
make_disk vdc.qcow2 qcow2 16M 2
make_disk vdd.qcow2 qcow2 16M
must virsh -q attach-disk "$g" "$T/vdc.qcow2" vdc --subdriver qcow2 --live
must virsh -q attach-disk "$g" "$T/vdd.qcow2" vdd --subdriver qcow2 --config
must virsh -q attach-device "$g" /dev/stdin --config <<< "$(nic user '' 52:54:00:00:00:0a)"
must virsh -q attach-device "$g" /dev/stdin --config <<< "<input type='mouse' bus='usb'/>"
must virsh -q attach-device "$g" /dev/stdin --live <<< "<input type='tablet' bus='usb'/>"
before=$(v dumpxml --inactive "$g")
succeeds "export" vp export "$g" g.vpkg
says 'definition-differs.*vdc' "the disk of the running domain is told"
says 'definition-differs.*vdd' "that of the definition too"
says 'definition-differs.*52:54:00:00:00:0a' "so is a NIC"
says 'definition-differs.*input tablet usb: .* has 1, its definition 0 ' "so is a tablet"
says 'definition-differs.*input mouse usb: .* has 0, its definition 1 ' "where the definition has a mouse"
is "$(grep -c definition-differs "$ERR")" 5 "nothing else is"
says 'left out: disk:vdd' "and that its disk is left out"
is "$(cd g.vpkg/disks && echo *)" "vda.qcow2 vdb.qcow2 vdc.qcow2" "the disks are those that run"
is "$(v dumpxml --inactive "$g")" "$before" "the definition is as it was"
no_job_left "$g"
must virsh -q destroy "$g"
true_that "the bytes are those of the disk" qemu-img compare vdc.qcow2 g.vpkg/disks/vdc.qcow2

mkdir new
fails 3 "import without a word about the disk that is not there" vp import g.vpkg --name "$TEST-new" --dir "$T/new"
says 'source-missing.*vdd|vdd.*source-missing' "names it"
succeeds "import" vp import g.vpkg --name "$TEST-new" --dir "$T/new" --disk vdd=skip
is "$(v domblklist "$TEST-new" | awk '{ print $1 }' | xargs)" "vda vdb vdc" "the copy has the disks that ran"
run_until "$TEST-new" $(($(count g.vpkg/disks/vda.qcow2 qcow2) + 2))
ok "and boots"

# scsi PACKAGE: controllers, and which disk is on which.
scsi() {
    xmllint --xpath '//controller[@type="scsi"]' "$1/domain.xml" | sed 's/<address.*//' |
        grep -o "index=\S*\|model=[^ />]*"
    xmllint --xpath '//disk/target[@bus="scsi"]/@dev | //disk[target/@bus="scsi"]/address/@controller' \
        "$1/domain.xml"
}

h=$TEST-h
two_disks "$h"
must virsh -q start "$h"
must_listen "$h" 1
must virsh -q attach-device "$h" /dev/stdin --live <<< "<controller type='scsi' model='virtio-scsi'/>"
for dev in sda sdb; do
    must qemu-img create -q -f qcow2 "$h/$dev.qcow2" 1M
    must virsh -q attach-device "$h" /dev/stdin --live <<< "$(disk "$dev" "$T/$h/$dev.qcow2" qcow2)"
done
must virsh -q snapshot-create-as "$h" then --disk-only
succeeds "export of disks that are plugged in, and their controller" vp export "$h" h.vpkg
says 'definition-differs.*controller scsi 0 \(virtio-scsi\)' "the controller is told"
is "$(grep -c definition-differs "$ERR")" 3 "once"
is "$(scsi h.vpkg | xargs)" "index=0 model=virtio-scsi dev=sda controller=0 dev=sdb controller=0" \
    "and goes along with the disks"
succeeds "export without one of them" vp export "$h" x.vpkg --exclude sda
false_that "does not offer to leave it out" grep -e '--exclude sda' "$ERR"
succeeds "export of a snapshot with them" vp export "$h" then.vpkg --snapshot then
says 'definition-differs.*controller scsi 0 \(virtio-scsi\)' "the controller is told"
is "$(scsi then.vpkg | xargs)" "$(scsi h.vpkg | xargs)" "and goes along as well"
must virsh -q attach-device "$h" /dev/stdin --config <<< "<controller type='scsi' model='lsilogic'/>"
succeeds "export where the definition has another controller" vp export "$h" o.vpkg
is "$(scsi o.vpkg | xargs)" \
    "index=0 model=lsilogic index=1 model=virtio-scsi dev=sda controller=1 dev=sdb controller=1" \
    "the disks stay on theirs"
succeeds "import" vp import o.vpkg --name "$TEST-two" --dir "$T/new"
succeeds "and start" virsh -q start --paused "$TEST-two"
