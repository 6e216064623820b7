#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# linux.sh PACKAGES FOLDER: FOLDER/vmlinuz and FOLDER/initrd, a Linux guest with an agent.
#
# PACKAGES is a folder that a Debian kernel, busybox-static and qemu-guest-agent were unpacked
# in (./bootstrap does). The guest mounts the ext4 of /dev/vda, counts in its file "count", and
# answers the agent's channel, with the C library and all else of this host.
set -eu
packages=$1 folder=$2
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

modules=(virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk virtio_console)
mkdir -p "$root"/{bin,dev,proc,sys,mnt,run,var/run,modules}
cp "$packages/bin/busybox" "$root/bin/busybox"
cp "$packages/usr/sbin/qemu-ga" "$root/bin/qemu-ga"
for library in $(ldd "$root/bin/qemu-ga" | grep -o '/[^ ]*'); do
    install -D "$(readlink -f "$library")" "$root$library"
done
for module in "${modules[@]}"; do
    cp "$(find "$packages/lib/modules" -name "$module.ko")" "$root/modules/"
done
cat > "$root/init" <<END
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
for module in ${modules[*]}; do
    insmod /modules/\$module.ko
done
while [ ! -b /dev/vda ]; do
    sleep 0.1
done
mount -t ext4 /dev/vda /mnt
echo "vp-linux mounted"
agent=\$(grep -l org.qemu.guest_agent.0 /sys/class/virtio-ports/*/name | cut -d / -f 5)
if [ "\$agent" ]; then
    qemu-ga -m virtio-serial -p "/dev/\$agent" &
fi
count=0
while :; do
    count=\$((count + 1))
    echo "\$count" > /mnt/count
    echo "vp-linux count=\$count"
    sleep 0.2
done
END
chmod 755 "$root/init"
ln -s busybox "$root/bin/sh"
(cd "$root" && find . | "$packages/bin/busybox" cpio -o -H newc 2> /dev/null | gzip -1) > "$folder/initrd"
cp "$packages"/boot/vmlinuz-* "$folder/vmlinuz"
