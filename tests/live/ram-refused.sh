#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# RAM that cannot resume is refused before anything is made; damaged RAM leaves nothing.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
ram_guest "$g"
must vp export "$g" g.vpkg --snapshot s
must virsh -q destroy "$g"
before=$(host_state "$T" "$(images_folder)")

# refused CODE OPTION …: that finding, nothing made, and fine with --ram drop.
refused() {
    local code=$1
    shift
    fails 3 "refused: $*" vp import g.vpkg --name "$TEST-new" --allow ram "$@"
    says "$code" "as $code"
    says '--ram drop' "which --ram drop settles"
}
refused ram-abi --xml './memory=65536'
says 'memory: .*32768, .*65536' "with what it was and what it would be"
refused ram-abi --memory 64
says 'memory: .*32768, .*65536' "alike"
refused ram-abi --vcpus 2
says 'vcpu: .*1, .*2' "with the processors that it had"
refused ram-abi --machine q35
says 'machine=' "with the machine type that it had"
refused ram-abi --mac new
says '^ *--mac keep$' "or the old address"
refused ram-abi --nic 0=drop
false_that "which that does not settle" grep -e '--mac keep' "$ERR"
refused ram-abi --disk vdb=skip
says 'disk vdb' "with the name of the disk"
refused ram-needs-same-cpu --virt-type kvm
says 'of type qemu' "with the type that it was made by"

cp -r g.vpkg cpu.vpkg
perl -0pi -e 's|<cookie>.*</cookie>|<cookie><cpu mode="custom" match="exact">
    <model>Icelake-Server</model></cpu></cookie>|s' cpu.vpkg/ram.xml
rewrite cpu.vpkg ram.xml
fails 3 "a processor that this host cannot give" \
    vp import cpu.vpkg --name "$TEST-new" --allow ram
says ram-needs-same-cpu "as ram-needs-same-cpu"

cp -r g.vpkg bad.vpkg
# Of other RAM each time: one byte alone may be what it is made already.
printf 'no RAM at all' | dd of=bad.vpkg/ram.zst bs=1 seek=20000 conv=notrunc status=none
fails 4 "damaged RAM" vp import bad.vpkg --name "$TEST-new" --allow ram

# QEMU itself refuses it: the domain was defined by then.
cp -r g.vpkg alien.vpkg
{ printf 'QEVM'; head -c 100000 /dev/zero; } | zstd -q > alien.vpkg/ram.zst
perl -pi -e 's|(<ram size=")\d+|${1}100004|' alien.vpkg/package.xml
rewrite alien.vpkg ram.zst
fails 1 "RAM that QEMU does not take" vp import alien.vpkg --name "$TEST-new" --allow ram
says 'cannot resume' "says so"
says '--ram drop' "and how to do without"

rm -rf cpu.vpkg bad.vpkg alien.vpkg
is "$(host_state "$T" "$(images_folder)")" "$before" "nothing was left behind"
is "$(ram_files)" "" "no RAM either"
false_that "nothing is defined" defined "$TEST-new"
