#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# Each power is a real one: what a package asks for is refused with its place and nothing comes of
# it; given by name, a script runs as root, a file of root's changes hands, a log goes where root
# alone writes, a template is copied out.
# Not here, for want of the hardware or of SELinux: hostdev (no PCI, USB or mediated device, no
# /dev/input) and labels of SELinux; unit rows (tests/unit/powers-rows.h) and tests/xml hold them.
# ram: ram-refused; secret: luks; unknown: powers-unknown.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
new=$TEST-new
make_guest "$g"
must vp export "$g" good.vpkg
mkdir -m 1777 marks
mkdir -m 700 private
mkdir -m 755 folder new

# evil SCRIPT: evil.vpkg is the good package with a definition that the script of sed made another.
evil() {
    rm -rf evil.vpkg
    cp -r good.vpkg evil.vpkg
    must sed -i "$1" evil.vpkg/domain.xml
    must rewrite evil.vpkg domain.xml
}

import_evil() {
    vp import evil.vpkg --name "$new" --dir "$T/new" "$@"
}

# asks POWER PLACE: the report of the last import refuses it there.
asks() {
    says "power-refused: /domain/$2 asks for the power .$1." "$1 is refused, with its place"
}

remove_new() {
    v destroy "$new"
    v undefine --nvram "$new"
    rm -f new/* marks/*
} > /dev/null 2>&1

qemu_pid() {
    cat "/run/libvirt/qemu/$new.pid"
}

# ---- what acts when the domain starts ----

printf '#!/bin/sh\nid -u > %s/marks/script\n' "$T" > script
head -c 64K /dev/zero > kernel
cp /usr/share/OVMF/OVMF_VARS_4M.fd template
printf 'secret of root' | dd of=template bs=1 seek=4096 conv=notrunc status=none
chmod 755 script
chmod 600 kernel template

asked="commandline kernel loader hostpath chardev script listen resource"
evil "s|<domain |&xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0' |
s|</domain>|<q:commandline><q:arg value='-chardev'/><q:arg value='file,id=x,path=$T/marks/commandline'/></q:commandline>&|
s|</os>|<loader readonly='yes' type='pflash'>/usr/share/OVMF/OVMF_CODE_4M.fd</loader><nvram template='$T/template'/><kernel>$T/kernel</kernel>&|
s|<vcpu |&cpuset='0' |
s|<serial type=.pty.>|&<log file='$T/private/log' append='off'/>|
s|</devices>|<filesystem type='mount'><source dir='$T/folder'/><target dir='x'/></filesystem>\
<interface type='ethernet'><mac address='52:54:00:00:00:07'/><script path='$T/script'/><model type='e1000'/></interface>\
<graphics type='vnc' port='5977' listen='0.0.0.0'/>&|"

before=$(host_state "$T")
fails 3 "a package that asks for eight powers is refused" import_evil --start
asks commandline commandline
asks kernel os/kernel
asks loader os/nvram/@template
asks hostpath devices/filesystem
asks chardev devices/serial/log
asks script 'devices/interface\[2\]'
asks listen devices/graphics/@listen
asks resource vcpu/@cpuset
is "$(host_state "$T")" "$before" "and nothing came of it"
is "$(stat -c %U kernel)" root "no file changed hands"
for power in $asked; do
    but=$(tr ' ' '\n' <<< "$asked" | grep -vx "$power" | paste -sd,)
    try import_evil --dry-run --allow "$but"
    others=$(grep -o -- '--allow [a-z]*' "$ERR" | sort -u)
    is "$STATUS $others" "3 --allow $power" "$power is given by its own name only"
done

succeeds "given all eight it starts" import_evil --start --allow "${asked// /,}"
is "$(cat marks/script)" 0 "script: it ran as root"
true_that "commandline: QEMU made a file" test -e marks/commandline
isnt "$(stat -c %U kernel)" root "kernel: root's own file is now QEMU's"
true_that "loader: root's own file lies copied" grep -q 'secret of root' "$(nvram_of "$new")"
isnt "$(stat -c %U "$(nvram_of "$new")")" root "where QEMU reads it"
true_that "hostpath: QEMU has a folder of the host open" \
    find "/proc/$(qemu_pid)/fd" -lname "$T/folder" -exec true {} +
is "$(stat -c %U private/log)" root "chardev: a log was made where root alone writes"
true_that "listen: a port is open to the world" grep -q '00000000:1759 .* 0A ' /proc/net/tcp
is "$(sed -n 's/^Cpus_allowed_list:\s*//p' "/proc/$(qemu_pid)/status")" 0 "resource: it takes a processor of its choice"
remove_new

# ---- a label ----

evil "s|</devices>|&<seclabel type='static' model='dac' relabel='yes'><label>+0:+0</label></seclabel>|"
fails 3 "a label that makes QEMU root is refused" import_evil --start
asks seclabel seclabel
succeeds "given by name it starts" import_evil --start --allow seclabel
is "$(stat -c %u "/proc/$(qemu_pid)")" 0 "seclabel: QEMU is root"
remove_new

# ---- an emulator ----

# What libvirt asks of it when the domain is defined is enough.
printf '#!/bin/sh\ntouch %s/marks/emulator\nexec /usr/bin/qemu-system-x86_64 "$@"\n' "$T" > qemu
chmod 755 qemu
evil "s|<emulator>.*</emulator>|<emulator>$T/qemu</emulator>|"
succeeds "another emulator is not taken" import_evil
is "$(xml "$new" //emulator)" /usr/bin/qemu-system-x86_64 "the host's own is put in"
false_that "and it never ran" test -e marks/emulator
remove_new
succeeds "given by name it is" import_evil --allow emulator
true_that "emulator: it was run when the domain was defined" test -e marks/emulator
remove_new

# ---- a block device ----

# The package's own is never taken over: its bytes are copied, or another is named. The power is
# for what a definition says beside it; so the harm is shown on libvirt itself.
truncate -s 1M device
loop=$(losetup -f --show device)
at_exit losetup -d "$loop"
must chown root "$loop"
evil "s|<interface|<disk type='block' device='disk'><source dev='$loop'/><target dev='vdz' bus='virtio'/></disk>&|"
fails 3 "a block device of the package's is not taken over" import_evil --allow blockdev
says 'source-missing.*vdz' "but asks for another"
define "$new" "$(sed -n 's|.*\(<disk type=.block.*</disk>\).*|\1|p' evil.vpkg/domain.xml)"
must virsh -q start "$new"
isnt "$(stat -c %U "$loop")" root "blockdev: the host's device is now QEMU's"
remove_new
