#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Codes of the report that no other script makes happen: each in a check of a package that is
# content without it, and gone where what the finding offers was done.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g" new
make_disk "$g/vda.qcow2" qcow2 16M
head -c 100K /dev/urandom > "$g/cd.iso"
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)$(nic user)
    <disk type='file' device='cdrom'><source file='$T/$g/cd.iso' startupPolicy='mandatory'/>
        <target dev='sda' bus='sata'/><readonly/></disk>
    <controller type='sata' index='0'/>"
must vp export "$g" g.vpkg
options=(--name "$TEST-new" --dir "$T/new")

# codes PACKAGE [OPTION …]: "LEVEL CODE" of each finding of the check, sorted.
codes() {
    try vp --json check "${options[@]}" "$@"
    sed -nE 's/^\{"finding":\{"code":"([^"]*)","level":"([^"]*)".*/\2 \1/p' "$OUT" | sort -u | xargs
}

# differs PACKAGE PATTERN: a copy of g.vpkg, where sed has done PATTERN to the definition.
differs() {
    must cp -r g.vpkg "$1"
    must sed -i -E "$2" "$1/domain.xml"
    rewrite "$1" domain.xml
}

says_only() {
    is "$(codes "${@:2}")" "$1" "${1:-nothing}: ${*:2}"
}

says_only "warning media-ejected" g.vpkg
options+=(--disk sda=skip)
says_only "" g.vpkg

touch new/there.qcow2
says_only "error uuid-taken" g.vpkg --uuid keep
says_only "error file-exists" g.vpkg --disk "vda=$T/new/there.qcow2"
says_only "error file-in-use" g.vpkg --disk "vda=$T/$g/vda.qcow2"
says_only "error media-absent" g.vpkg --disk "sda=$T/none.iso,format=raw"
says_only "" g.vpkg --disk "sda=$T/$g/cd.iso,format=raw"
says_only "warning media-absent" g.vpkg --disk "sda=$T/none.iso,format=raw" \
    --xml './devices/disk[2]/source/@startupPolicy=optional'
says_only "error owner-denied" g.vpkg --owner root
says_only "error grant-unavailable" g.vpkg --grant root=view
says_only "error arch-unsupported" g.vpkg --xml ./os/type/@arch=s390x
says_only "error machine-unsupported" g.vpkg --machine pc-q35-0.1
says_only "error hardware-contradicts" g.vpkg --memory 32 --xml ./currentMemory=65536
says_only "error firmware-missing" g.vpkg --xml ./os/loader=/nowhere/bios.bin
says_only "error xml-refused" g.vpkg --xml ./on_crash=whatever

differs mac.vpkg "s|(<mac address=.)[0-9a-f:]*|\101:00:5e:00:00:01|"
says_only "error mac-invalid error xml-refused" mac.vpkg --mac keep
says_only "" mac.vpkg --mac new
must vp export --exclude vda "$g" h.vpkg
must cp "$g/vda.qcow2" new/used.qcow2
used=(h.vpkg --disk "vda=$T/new/used.qcow2,format=qcow2")
says_only "" "${used[@]}"
says_only "note owner-unused" "${used[@]}" --owner "$(id -un)"
says_only "note owner-unused" "${used[@]}" --file-mode 0640
secret=$(cat /proc/sys/kernel/random/uuid)
must mkdir l
must cp "$g/vda.qcow2" l/vda.raw
must vp export --config-only "$g" c.vpkg
says_only "warning secret-missing" c.vpkg --disk "vda=$T/l/vda.raw,format=raw" \
    --xml './devices/disk[1]/source/encryption/@format=luks' \
    --xml './devices/disk[1]/source/encryption/secret/@type=passphrase' \
    --xml "./devices/disk[1]/source/encryption/secret/@uuid=$secret"

no_cpu='/<cpu .*[^/]>$/,/<[/]cpu>/d; /<cpu .*[/]>$/d'
named="<cpu mode='custom' match='exact'><model>Icelake-Server</model></cpu>"
if ! v capabilities | grep -q "<domain type='kvm'"; then
    differs kvm.vpkg "s|(<domain type=.)[a-z]*|\1kvm|; $no_cpu; s|</features>|&<cpu mode='host-passthrough'/>|"
    says_only "error virt-type-unavailable" kvm.vpkg
    says_only "note cpu-changed note virt-type-changed" kvm.vpkg --virt-type auto
    says_only "note cpu-changed" kvm.vpkg --virt-type qemu
    differs named.vpkg "s|(<domain type=.)[a-z]*|\1kvm|; $no_cpu; s|</features>|&$named|"
    says_only "note cpu-changed note virt-type-changed" named.vpkg --virt-type auto
    succeeds "import of it" vp import named.vpkg "${options[@]}" --virt-type auto
    is "$(xml "$TEST-new" /domain/@type) $(xml "$TEST-new" //cpu/@mode)" "qemu maximum" "as the notes say"
    run_until "$TEST-new" 1
    ok "and it boots"
    must virsh -q undefine "$TEST-new"
    rm "new/$TEST-new-vda.qcow2"
fi
differs cpu.vpkg "$no_cpu; s|</features>|&$named|"
says_only "warning cpu-incompatible" cpu.vpkg
says_only "error cpu-incompatible" cpu.vpkg --xml ./cpu/@check=full
says_only "" cpu.vpkg --xml xpath.delete=./cpu
says_only "error cpu-incompatible" g.vpkg --xml ./cpu/@mode=host-passthrough
v dumpxml "$g" | sed -e "$no_cpu; s|</features>|&${named/match/check=\'full\' match}|" \
    -e "s|<name>.*</name>|<name>$TEST-cpu</name>|" -e '/<uuid>/d' > cpu.xml
must virsh -q define cpu.xml
fails 1 "libvirt would not have started it" virsh -q start "$TEST-cpu"

must cp -r g.vpkg newer.vpkg
must sed -i -E 's#(<(hypervisor|libvirt) [^>]*version=")[0-9]+#\199000000#' newer.vpkg/package.xml
says_only "warning version-newer" newer.vpkg
is "$(grep -c '"code":"version-newer"' "$OUT")" 2 "of both"

must cp -r g.vpkg bad.vpkg
must dd if=/dev/urandom of=bad.vpkg/disks/vda.qcow2 bs=64K seek=3 count=1 conv=notrunc status=none
try vp --json verify bad.vpkg
says '"code":"package-damaged","level":"error"' "package-damaged: verify"
