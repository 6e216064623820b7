# SPDX-License-Identifier: LGPL-2.1-or-later
# A host of its own for one script: sourced in the place of lib.sh, it runs the script again where
# /run, /etc/libvirt and /var/lib/libvirt are empty and every process ends with it. own_libvirtd
# then starts what answers as qemu:///system.
if [ -z "${VP_OWN_HOST:-}" ]; then
    VP_OWN_HOST=1 exec unshare --mount --pid --fork --kill-child --mount-proc \
        --propagation private "$0"
fi
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# keep_own PATH: what is changed there is seen in this script only.
keep_own() {
    local copy
    copy=$T/.own$(tr / - <<< "$1")
    must cp -a "$1" "$copy"
    must mount --bind "$copy" "$1"
}

# own_libvirtd QEMU-LINES [LIBVIRTD-LINES]: with these lines more in its configuration.
own_libvirtd() {
    must mount -t tmpfs -o mode=755 vp-run /run
    must mkdir -m 1777 /run/lock
    must mount -t tmpfs -o mode=755 vp-libvirt /var/lib/libvirt
    must mkdir -m 711 /var/lib/libvirt/images
    keep_own /etc/libvirt
    must rm -rf /etc/libvirt/qemu /etc/libvirt/storage
    printf '%s\n' 'auth_unix_ro = "none"' 'auth_unix_rw = "none"' 'unix_sock_group = "root"' \
        'unix_sock_rw_perms = "0777"' "${2:-}" > /etc/libvirt/libvirtd.conf
    printf '%s\n' 'security_driver = "none"' 'cgroup_controllers = [ ]' 'namespaces = [ ]' \
        'stdio_handler = "file"' "$1" > /etc/libvirt/qemu.conf
}

start_own_libvirtd() {
    must libvirtd -d
    must wait_for virsh -c qemu:///system uri
}
