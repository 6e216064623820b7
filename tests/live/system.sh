# SPDX-License-Identifier: LGPL-2.1-or-later
# A qemu:///system of its own, in mounts and processes of the caller's own: for a lane, and for a
# script that wants one for itself.

# libvirt asks each guest that starts for the features of its processor one by one, some 400
# questions and more work than the boot; without this capability it asks once, for all of them.
quick_start='capability_filters = [ "cpu-unavailable-features" ]'

# system_make FOLDER [QEMU-LINES [LIBVIRTD-LINES]]: as it is right after the packages were
# installed, with these lines more in its configuration, which lies in FOLDER, a new one.
system_make() {
    cp -a /etc/libvirt "$1" &&
        mount --bind "$1" /etc/libvirt &&
        rm -rf /etc/libvirt/qemu /etc/libvirt/storage &&
        mount -t tmpfs -o mode=755 vp-libvirt /var/lib/libvirt &&
        mkdir -m 711 /var/lib/libvirt/images &&
        mkdir /var/lib/libvirt/dnsmasq &&
        mount -t tmpfs -o mode=755 vp-run /run &&
        mkdir -m 1777 /run/lock || return
    printf '%s\n' 'auth_unix_ro = "none"' 'auth_unix_rw = "none"' 'unix_sock_group = "root"' \
        'unix_sock_rw_perms = "0777"' "${3:-}" > /etc/libvirt/libvirtd.conf
    printf '%s\n' 'security_driver = "none"' 'cgroup_controllers = [ ]' 'namespaces = [ ]' \
        "$quick_start" "${2:-}" > /etc/libvirt/qemu.conf
}

system_start() {
    libvirtd -d && wait_for virsh -c qemu:///system uri
}

# wait_past SECONDS: until the clock shows a later one.
wait_past() {
    while [ "$(date +%s)" -le "$1" ]; do
        sleep 0.1
    done
}

# wait_for CMD …: until it says yes, for ten seconds; what it says last is heard.
wait_for() {
    for _ in $(seq 100); do
        "$@" > /dev/null 2>&1 && return
        sleep 0.1
    done
    "$@"
}
