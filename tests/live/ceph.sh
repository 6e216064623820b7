#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A real Ceph on this machine: disks go into an rbd pool, a guest boots from there, and a domain
# on rbd is exported again.
. "$(dirname "$0")/lib.sh"

# One monitor and one OSD in memory, on loopback; a manager, which would count for statistics, it does
# without.
start_ceph() {
    mkdir "$T/etc" "$T/ceph"
    mount --bind "$T/etc" /etc/ceph || return
    cat > /etc/ceph/ceph.conf <<-END
	[global]
	fsid = 11111111-2222-4333-8444-555555555555
	mon host = v1:127.0.0.1:6789
	auth cluster required = none
	auth service required = none
	auth client required = none
	osd pool default size = 1
	osd pool default min size = 1
	osd crush update on start = false
	osd class update on start = false
	osd objectstore = memstore
	memstore device bytes = 1073741824
	mon allow pool size one = true
	mon warn on pool no redundancy = false
	run dir = $T/ceph
	admin socket = $T/ceph/\$name.asok
	log file = $T/ceph/\$name.log
	mon cluster log file = $T/ceph/cluster.log
	mon data = $T/ceph/mon
	osd data = $T/ceph/osd
	END
    mkdir "$T"/ceph/{mon,osd}
    monmaptool --create --fsid 11111111-2222-4333-8444-555555555555 --addv a v1:127.0.0.1:6789 \
        "$T/ceph/monmap" &&
        ceph-mon --mkfs -i a --monmap "$T/ceph/monmap" && daemon ceph-mon -i a &&
        ceph osd new 00000000-0000-4000-8000-000000000001 &&
        ceph-osd --mkfs -i 0 --osd-uuid 00000000-0000-4000-8000-000000000001 &&
        daemon ceph-osd -i 0 &&
        ceph osd crush add-bucket default root && ceph osd crush add osd.0 1 root=default &&
        ceph osd crush rule create-replicated flat default osd &&
        ceph osd pool create vms 8 8 replicated flat && rbd pool init vms
}

# daemon CMD …: until the end of this script.
daemon() {
    "$@" -f > "$T/ceph/$1.out" 2>&1 < /dev/null &
    at_exit kill "$!"
}

chmod 755 "$T"
at_exit umount /etc/ceph
begin=$EPOCHREALTIME
if ! start_ceph > "$T/.said" 2>&1; then
    not_ok "set-up: Ceph starts"
    diag < "$T/.said"
    exit 99
fi
echo "# Ceph is up after $(awk "BEGIN { print $EPOCHREALTIME - $begin }") s"
must virsh -q pool-define /dev/stdin <<END
<pool type='rbd'><name>$TEST</name>
<source><name>vms</name><host name='127.0.0.1' port='6789'/></source></pool>
END
must virsh -q pool-start "$TEST"
at_exit virsh -q pool-undefine "$TEST"
at_exit virsh -q pool-destroy "$TEST"

make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
succeeds "import" vp import g.vpkg --name "$TEST-a" --pool "$TEST"
source="//disk[target/@dev='vda']/source"
is "$(xml "$TEST-a" "$source/@name")" "vms/$TEST-a-vda" "the disk is an image of the pool"
is "$(xml "$TEST-a" "$source/host/@name")" 127.0.0.1 "its server stands in the domain"
is "$(v vol-list "$TEST" | awk '{ print $1 }')" "$TEST-a-vda" "libvirt sees the volume"
run_until "$TEST-a" 3
ok "a guest boots from Ceph, and counts"
fails 3 "a volume that exists" vp import g.vpkg --name "$TEST-b" --disk "vda=$TEST/$TEST-a-vda"
says volume-exists "by its code"
cp -r g.vpkg bad.vpkg
printf x | dd of=bad.vpkg/disks/vda.qcow2 bs=1 seek=$((3 * 65536)) conv=notrunc status=none
fails 4 "a damaged package" vp import bad.vpkg --name "$TEST-b" --pool "$TEST"
is "$(rbd ls vms)" "$TEST-a-vda" "leaves no volume"

succeeds "export of a domain on Ceph" vp export "$TEST-a" a.vpkg
counted=$(count a.vpkg/disks/vda.qcow2 qcow2)
true_that "its disk is in the package" test "$counted" -ge "${F[vda]}"
is "$(rbd status "vms/$TEST-a-vda")" "Watchers: none" "and nobody holds the image any more"
must virsh -q start "$TEST-a"
must_listen "$TEST-a" "$((counted + 1))"
succeeds "export of the domain while it runs" vp export "$TEST-a" run.vpkg
true_that "has its disk" test "$(count run.vpkg/disks/vda.qcow2 qcow2)" -gt "$counted"
must_listen "$TEST-a" "$((F[vda] + 1))"
must virsh -q destroy "$TEST-a"
counted_a=${F[vda]}
mkdir new
succeeds "back into a file" vp import a.vpkg --name "$TEST-c" --dir "$T/new"
run_until "$TEST-c" "$((counted + 1))"
ok "which boots and counts on"
must vp export "$TEST-g" --exclude vda lean.vpkg
fails 3 "an image of another domain" vp import lean.vpkg --name "$TEST-d" \
    --disk "vda=$TEST/$TEST-a-vda,format=raw"
says "file-in-use: .*$TEST-a" "names it"
must virsh -q undefine "$TEST-a"
succeeds "a volume used as it lies" vp import lean.vpkg --name "$TEST-d" \
    --disk "vda=$TEST/$TEST-a-vda,format=raw"
run_until "$TEST-d" "$((counted_a + 1))"
ok "boots and counts on"
