#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# Of a running domain a block device, a volume of a pool and a network disk are read like files, in
# either mode.
. "$(dirname "$0")/lib.sh"

mkdir pool new
make_disk back.raw raw 16M 1
loop=$(losetup --find --show "$T/back.raw") || skip_all "no loop device to be had"
at_exit losetup -d "$loop"
make_disk pool/second.qcow2 qcow2 16M
must virsh -q pool-create-as "$TEST" dir --target "$T/pool"
at_exit virsh -q pool-destroy "$TEST"
make_disk served.qcow2 qcow2 16M 2
must qemu-nbd --fork --persistent --shared=4 --socket="$T/nbd" --pid-file="$T/pid" -x third -f qcow2 "$T/served.qcow2"
at_exit kill "$(cat pid)"
chmod 666 nbd

# guest NAME DRIVER-ATTRIBUTES
guest() {
    define "$1" "
    <disk type='block' device='disk'><driver name='qemu' type='raw' $2/><source dev='$loop'/>
      <target dev='vda' bus='virtio'/><boot order='1'/></disk>
    <disk type='volume' device='disk'><driver name='qemu' type='qcow2' $2/>
      <source pool='$TEST' volume='second.qcow2'/><target dev='vdb' bus='virtio'/><boot order='2'/></disk>
    <disk type='network' device='disk'><driver name='qemu' type='raw' $2/>
      <source protocol='nbd' name='third'><host transport='unix' socket='$T/nbd'/></source>
      <target dev='vdc' bus='virtio'/></disk>" "<iothreads>1</iothreads>"
}

for mode in pull push; do
    g=$TEST-$mode
    guest "$g" "$([ "$mode" = pull ] || echo "iothread='1'")"
    must virsh -q start "$g"
    must_listen "$g" 3
    began=${F[vda]}
    succeeds "export in $mode mode" vp -v export "$g" "$mode.vpkg"
    says "\($mode\)" "it is that mode"
    no_job_left "$g"
    must_listen "$g" $((F[vda] + 2))
    ok "the domain counts on"
    must virsh -q destroy "$g"
    a=$(count "$mode.vpkg/disks/vda.qcow2" qcow2)
    b=$(count "$mode.vpkg/disks/vdb.qcow2" qcow2)
    true_that "block device and volume are of one instant: $began, $a, $b" \
        test $((a - b)) -ge 0 -a $((a - b)) -le 1 -a "$a" -ge "$began"
    true_that "the network disk has its bytes" qemu-img compare -U served.qcow2 "$mode.vpkg/disks/vdc.qcow2"
done
succeeds "import" vp import pull.vpkg --name "$TEST-new" --dir "$T/new" --allow resource
is "$(xml "$TEST-new" 'count(//disk[@type="file"])')" 3 "all are files"
run_until "$TEST-new" $(($(count pull.vpkg/disks/vda.qcow2 qcow2) + 2))
ok "the copy boots and counts on"
