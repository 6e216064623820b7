#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Names that were used again: of an overlay by a snapshot that libvirt forgot or of a clock that
# was set back, of snapshots within an image and in libvirt. Another disk's bytes never come out.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
editor=$T/editor
printf '#!/bin/sh\nsed -i "$EDIT" "$1"\n' > "$editor"
chmod +x "$editor"

# domain: shut off, with one disk, "base".
domain() {
    v destroy "$g" 2> /dev/null
    v undefine "$g" --snapshots-metadata 2> /dev/null
    rm -rf "$g"
    mkdir "$g"
    make_disk "$g/base" qcow2 16M
    pattern 1 "$g/base"
    define "$g" "$(disk vda "$T/$g/base" qcow2)"
}

# back_on TARGET FILE: what the domain has for its disk now.
back_on() {
    define "$g" "$(disk "$1" "$T/$g/$2" qcow2)" "<uuid>$(v domuuid "$g")</uuid>"
}

pattern() {
    must qemu-io -f qcow2 -c "write -P $1 2M 64k" "$2"
}

# taken_at S SECONDS: libvirt says that the snapshot was made so much later.
taken_at() {
    local at
    at=$(v snapshot-dumpxml "$g" "$1" | xmllint --xpath 'string(//creationTime)' -)
    v snapshot-dumpxml "$g" "$1" | sed "s|<creationTime>$at|<creationTime>$((at + $2))|" > s.xml
    must virsh -q snapshot-create "$g" s.xml --redefine --current
    touch -d "@$((at + ($2 < 0 ? $2 : 0)))" "$g/base"
}

overlay() {
    must virsh -q snapshot-create-as "$g" "$1" --disk-only --diskspec "vda,file=$T/$g/o1" "${@:2}"
}

commit() {
    pattern 2 "$g/o1"
    must qemu-img commit -q -f qcow2 "$g/o1"
    must rm "$g/o1"
    back_on vda base
}

# later S: what comes now is of another time than the snapshot.
later() {
    local at
    at=$(v snapshot-dumpxml "$g" "$1" | xmllint --xpath 'string(//creationTime)' -)
    wait_past $((at + 2))
}

rename() {
    EDIT="s|<name>$1</name>|<name>$2</name>|" EDITOR=$editor must virsh -q snapshot-edit "$g" "$1" \
        --rename
}

# right S BYTE WHAT / refused S PATTERN WHAT: what comes of exporting the snapshot S.
right() {
    succeeds "$1 $3" vp export "$g" "$1.vpkg" --snapshot "$1" --force
    true_that "with the bytes of its moment" pattern_is "$2" "$1.vpkg/disks/vda.qcow2"
}

refused() {
    fails 1 "$1 $3 is refused" vp export "$g" "$1.vpkg" --snapshot "$1" --force
    says "$2" "with the reason"
}

domain
overlay s1
taken_at s1 -1000
right s1 1 "below its overlay"
commit
overlay none --no-metadata
refused s1 "$T/$g/base: it was written to" "whose overlay has its name from one that libvirt forgot"

domain
overlay s1
taken_at s1 1000
right s1 1 "of a clock that went wrong"
commit
overlay s2
refused s1 "$T/$g/base: .* of a later snapshot" "whose overlay has its name from an older child"

domain
overlay s1
back_on hda o1
right s1 1 "whose overlay has another target now"

domain
must virsh -q snapshot-create-as "$g" i1
must virsh -q snapshot-delete "$g" --metadata i1
pattern 2 "$g/base"
must virsh -q snapshot-create-as "$g" i1
refused i1 "$T/$g/base: has two internal snapshots i1" "of which the image has two"
fails 1 "all of them together are refused" vp export "$g" all.vpkg --all-snapshots
must qemu-img snapshot -d i1 "$g/base"
right i1 2 "which is the only one again"

later i1
pattern 3 "$g/base"
must virsh -q snapshot-create-as "$g" i2
rename i1 i0
rename i2 i1
refused i1 "$T/$g/base: .* another time" "which was called i2"
refused i0 "$T/$g/base: no internal snapshot i0" "which the image knows as i1"
says "--exclude vda" "and the way out"

domain
must virsh -q start --paused "$g"
must virsh -q snapshot-create-as "$g" r1
later r1
must virsh -q snapshot-create-as "$g" r2
rename r1 r0
rename r2 r1
fails 1 "the RAM of r1, which was called r2, is refused" \
    vp export "$g" r1.vpkg --snapshot r1 --exclude vda
says "$T/$g/base: .* another time" "with the reason"
says "--no-ram" "and the way out"
