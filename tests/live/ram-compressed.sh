#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# RAM that libvirt compressed resumes, of an external snapshot and of a managed save, whichever tool
# wrote it: all that ./bootstrap installs are tried; lzop is none of them.
. "$(dirname "$0")/own-host.sh"

# daemon_with FORMAT: from now on libvirt writes RAM in it.
daemon_with() {
    local pid
    if pid=$(cat /run/libvirtd.pid 2> /dev/null); then
        kill "$pid"
        wait_gone "$pid"
    fi
    sed -i '/_image_format/d' /etc/libvirt/qemu.conf
    printf '%s_image_format = "%s"\n' save "$1" snapshot "$1" >> /etc/libvirt/qemu.conf
    start_own_libvirtd
}

# compression_of FILE: the number of its format in the header of libvirt's save image.
compression_of() {
    od -An -tu4 -j28 -N4 "$1" | tr -d ' '
}

# saved NAME: its managed save image.
saved() {
    echo "/var/lib/libvirt/qemu/save/$1.save"
}

# packages NAME COMPRESSION: s.vpkg of a snapshot with RAM, and m.vpkg of a managed save of a new
# guest, in its folder; libvirt writes them in the format of this number.
packages() {
    mkdir "$1"
    make_disk "$1/vda.qcow2" qcow2 16M
    define "$1" "$(disk vda "$T/$1/vda.qcow2" qcow2)"
    must virsh -q start "$1"
    must_listen "$1" 2
    rand=${F[rand]} moment=${F[tick]}
    must virsh -q snapshot-create-as "$1" s --memspec "file=$T/$1/ram.save" \
        --diskspec "vda,file=$T/$1/o"
    must virsh -q managedsave "$1"
    is "$(compression_of "$1/ram.save") $(compression_of "$(saved "$1")")" "$2 $2" \
        "$format: libvirt compressed both"
    succeeds "$format: export of the snapshot" vp export "$1" "$1/s.vpkg" --snapshot s
    succeeds "$format: export of the managed save" vp export "$1" "$1/m.vpkg"
}

# resumes PACKAGE: in a copy.
resumes() {
    succeeds "$format: import of ${1##*/}" vp import "$1" --name "$TEST-copy-$format" \
        --allow ram --ram start
    must_listen "$TEST-copy-$format"
    resumed_at "$moment"
    must virsh -q destroy "$TEST-copy-$format"
}

own_libvirtd ''
number=0
for format in gzip bzip2 xz; do
    number=$((number + 1))
    daemon_with $format
    packages "$TEST-$format" $number
    case $format in
        bzip2) resumes "$TEST-$format/m.vpkg" ;;
        *) resumes "$TEST-$format/s.vpkg" ;;
    esac
done

# libvirt 9.0 writes no zstd yet: its header tells of a stream that was packed here.
format=zstd
g=$TEST-xz
size=$(od -An -tu4 -j20 -N4 "$(saved "$g")")
header=$((92 + size))
{
    head -c 28 "$(saved "$g")"
    printf '\5\0\0\0'
    head -c "$header" "$(saved "$g")" | tail -c +33
    tail -c +$((header + 1)) "$(saved "$g")" | xz -dc | zstd -qc
} > zstd.save
must cp zstd.save "$(saved "$g")"
succeeds "zstd: export of the managed save" vp export "$g" "$g/z.vpkg"
resumes "$g/z.vpkg"

{
    head -c "$header" zstd.save
    zstd -qc < /dev/null
} > empty.save
must cp empty.save "$(saved "$g")"
fails 1 "what unpacks to nothing is refused" vp export "$g" "$g/e.vpkg"
says 'RAM: there is none in its file' "with the reason"
says '^ *--no-ram$' "and the way out"
fails 1 "in a whole tree too" vp export "$g" "$g/e.vpkg" --all-snapshots
says 'RAM: there is none in its file' "with the reason"
false_that "and no way out that is none there" grep -e '--no-ram' "$ERR"
