# SPDX-License-Identifier: LGPL-2.1-or-later
# A host with a Ceph of one monitor and one OSD, and a pool of libvirt on it, $TEST: sourced in the
# place of lib.sh.
#
#   $osd   the process of the OSD
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

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
        mon osd new 00000000-0000-4000-8000-000000000001 &&
        ceph-osd --mkfs -i 0 --osd-uuid 00000000-0000-4000-8000-000000000001 &&
        daemon ceph-osd -i 0 &&
        mon osd crush add-bucket default root && mon osd crush add osd.0 1 root=default &&
        mon osd crush rule create-replicated flat default osd &&
        mon osd pool create vms 8 8 replicated flat && rbd pool init vms
}

# mon CMD …: the monitor refuses commands at times while it comes up; these do no more when told twice.
mon() {
    wait_for ceph "$@"
}

# daemon CMD …: until the end of this script.
daemon() {
    "$@" -f > "$T/ceph/$1.out" 2>&1 < /dev/null &
    osd=$!      # the last
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
