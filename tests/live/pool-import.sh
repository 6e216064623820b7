#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session system
# --pool and --disk T=POOL/VOLUME: disks become volumes of a folder that libvirt knows.
. "$(dirname "$0")/lib.sh"

two_disks "$TEST-g"
must vp export "$TEST-g" g.vpkg
mkdir p q
for pool in p q; do
    must virsh -q pool-define-as "$TEST-$pool" dir --target "$T/$pool"
    at_exit virsh -q pool-undefine "$TEST-$pool"
    at_exit virsh -q pool-destroy "$TEST-$pool"
done
must virsh -q pool-start "$TEST-p"

fails 3 "a pool that is not here" vp import g.vpkg --name "$TEST-a" --pool "$TEST-x"
says "pool-missing: .*$TEST-p" "says which are"
says '^ *--pool POOL$' "and offers the option again"
fails 3 "a pool that is not active" vp import g.vpkg --name "$TEST-a" --pool "$TEST-q"
says "virsh pool-start $TEST-q" "says how to start it"
must virsh -q pool-start "$TEST-q"
succeeds "import" vp import g.vpkg --name "$TEST-a" --pool "$TEST-p" \
    --disk "vdb=$TEST-q/data.img,format=raw"
is "$(xml "$TEST-a" "//disk[target/@dev='vda']/source/@file")" "$T/p/$TEST-a-vda.qcow2" "named by path"
is "$(v vol-list "$TEST-p" | awk '{ print $1 }')" "$TEST-a-vda.qcow2" "libvirt sees the volume"
is "$(v vol-path data.img --pool "$TEST-q")" "$T/q/data.img" "and that of the other pool"
is "$(qemu-img info q/data.img | sed -n 's/^file format: //p')" raw "in the format chosen"
run_until "$TEST-a" 2
ok "the copy boots and counts"

mkdir r
must virsh -q pool-define-as "$TEST-r" dir --target "$T/r"
at_exit virsh -q pool-undefine "$TEST-r"
echo "<plan version='1.0'><pool>$TEST-p</pool><disks source='*/vdb.qcow2' to='$TEST-q/'/></plan>" > site.xml
succeeds "a plan" vp plan g.vpkg --name "$TEST-f" --profile ./site.xml
says "pool: .* here: .*$TEST-p, $TEST-q, $TEST-r \\(not active\\)" "says which pools are here"
is "$(xmllint --xpath 'concat(//pool, " ", //disk[1]/@to, " ", //disk[2]/@to)' "$OUT")" \
    "$TEST-p $TEST-p/$TEST-f-vda.qcow2 $TEST-q/$TEST-f-vdb.qcow2" "pools of a profile count, by pattern too"
must cp "$OUT" p.xml
succeeds "import by that plan" vp import g.vpkg --plan p.xml
true_that "the volumes are there" test -e "p/$TEST-f-vda.qcow2" -a -e "q/$TEST-f-vdb.qcow2"

fails 3 "a volume that exists" vp import g.vpkg --name "$TEST-b" --disk "vda=$TEST-q/data.img"
says "volume-exists" "by its code"
must vp export "$TEST-g" --exclude vdb lean.vpkg
must virsh -q vol-create-as "$TEST-q" empty.qcow2 16M --format qcow2
succeeds "a volume used as it lies" vp import lean.vpkg --name "$TEST-c" --pool "$TEST-p" \
    --disk "vdb=$TEST-q/empty.qcow2,format=qcow2"
is "$(xml "$TEST-c" "//disk[target/@dev='vdb']/source/@file")" "$T/q/empty.qcow2" "is the disk"
fails 3 "one that is not there" vp import lean.vpkg --name "$TEST-d" --disk "vdb=$TEST-q/no,format=raw"
says "source-missing" "by its code"

before=$(host_state p q)
fails 4 "a package that is damaged" bash -c "
    cp -r g.vpkg bad.vpkg
    printf x | dd of=bad.vpkg/disks/vdb.qcow2 bs=1 seek=$((2 * 1024 * 1024)) conv=notrunc status=none
    '$VP_PREFIX/bin/virt-porter' import bad.vpkg --name $TEST-e --pool $TEST-p"
is "$(host_state p q)" "$before" "leaves nothing"
