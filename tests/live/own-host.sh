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
    must system_make "$T/.own-libvirt" $'stdio_handler = "file"\n'"$1" "${2:-}"
}

start_own_libvirtd() {
    must system_start
}
