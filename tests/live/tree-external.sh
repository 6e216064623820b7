#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# External snapshots, one with RAM, on an internal one and on a raw base: the copy has them all,
# and what each of them exports is what the original's exports.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g"
make_disk "$g/base.raw" raw 16M
must qemu-img create -q -f qcow2 -b base.raw -F raw "$g/vda.qcow2"
make_disk "$g/vdb.qcow2" qcow2 16M
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)$(disk vdb "$T/$g/vdb.qcow2" qcow2)$(default_nic)"
must virsh -q start "$g"
must_listen "$g" 3
must virsh -q snapshot-create-as "$g" inside
must_listen "$g" $((F[vda] + 3))
must virsh -q snapshot-create-as "$g" outside --disk-only --diskspec "vda,file=$T/$g/vda.o1" \
    --diskspec "vdb,snapshot=no"
must_listen "$g" $((F[vda] + 3))
must virsh -q snapshot-create-as "$g" whole --memspec "file=$T/$g/ram.save" \
    --diskspec "vda,file=$T/$g/vda.o2" --diskspec "vdb,file=$T/$g/vdb.o2"
rand=${F[rand]}
must_listen "$g" $((F[vda] + 3))
must virsh -q destroy "$g"
must vp export "$g" p.vpkg --all-snapshots
before=$(tree_digest "$g")
package=$(tree_digest p.vpkg)

mkdir "$T/c"
succeeds "import" vp import p.vpkg --name "$TEST-c" --allow ram --dir "$T/c" --owner daemon:adm \
    --file-mode 640
is "$(find "$T/c" -type f | wc -l)" 7 "each image, and the RAM beside a snapshot, is a file"
is "$(stat -c '%U:%G %a' "$T/c"/*.qcow2 "$T/c"/*.raw | sort -u)" "daemon:adm 640" "the images as named"
is "$(stat -c '%U:%G %a' "$T/c"/*.save)" "$(id -un):$(id -gn) 600" "the RAM for nobody else to read"
for image in "$T"/c/*.qcow2; do
    true_that "${image##*/} is clean" qemu-img check -q "$image"
done
is "$(qemu-img info --backing-chain "$T/c/$TEST-c-vda.qcow2" | grep -c "^image: $T/c/")" 4 \
    "each image names the file that it lies on"
created=$(v snapshot-dumpxml "$g" inside | xmllint --xpath 'string(//creationTime)' -)
is "$(stat -c %Y "$T"/c/*.raw)" "$created" "the base is no younger than the snapshot on it"
is "$(xml "$TEST-c" '//disk[target/@dev="vda"]//backingStore[not(*)]/../source/@file')" \
    "$(qemu-img info --backing-chain "$T/c/$TEST-c-vda.qcow2" | sed -n 's/^image: //p' | tail -1)" \
    "the definition has the chain to its end"
is "$(v snapshot-list "$TEST-c" --tree)" "$(v snapshot-list "$g" --tree)" "the tree is the same"
is "$(v snapshot-current "$TEST-c" --name)" whole "with its current mark"
for s in inside whole; do
    succeeds "export of the copy's $s" vp export "$TEST-c" "c-$s.vpkg" --snapshot "$s"
    must vp export "$g" "g-$s.vpkg" --snapshot "$s"
    for disk in vda vdb; do
        digest="string(//disk[@target='$disk']/@digest)"
        is "$(xmllint --xpath "$digest" "c-$s.vpkg/package.xml")" \
            "$(xmllint --xpath "$digest" "g-$s.vpkg/package.xml")" "$s has the $disk that it had"
    done
    true_that "and the RAM" cmp "c-$s.vpkg/ram.zst" "g-$s.vpkg/ram.zst"
done
succeeds "export of the copy's outside" vp export "$TEST-c" c-outside.vpkg --snapshot outside \
    --exclude vdb
is "$(xmllint --xpath 'string(//disk/@digest)' c-outside.vpkg/package.xml)" \
    "$(xmllint --xpath 'string(//moment[@name="outside"]/disk/@digest)' p.vpkg/package.xml)" \
    "it has the disk that it had"
succeeds "its RAM resumes" vp import c-whole.vpkg --name "$TEST-w" --allow ram --ram start
must_listen "$TEST-w" 1
is "${F[rand]}" "$rand" "as the same run"

succeeds "the copy as a whole goes along again" vp export "$TEST-c" again.vpkg --all-snapshots
digests() {
    xmllint --xpath '//moment/@name|//moment/@parent|//disk/@*|//snapshot/@created' "$1/package.xml"
}
is "$(digests again.vpkg)" "$(digests p.vpkg)" "with every moment as it was"
run_until "$TEST-c" 2
is "$(tree_digest "$g")" "$before" "the original is unchanged"
is "$(tree_digest p.vpkg)" "$package" "and so is the package"
