#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# A domain goes along with all its snapshots: each image once, as it is, and nothing changes.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
two_disks "$g"
must virsh -q snapshot-create-as "$g" off "before all"
must virsh -q start "$g"
must_listen "$g" 3
must virsh -q snapshot-create-as "$g" internal
must_listen "$g" $((F[vda] + 3))
must virsh -q snapshot-create-as "$g" outside --disk-only --diskspec "vda,file=$T/$g/vda.o1" \
    --diskspec "vdb,file=$T/$g/vdb.o1"
must_listen "$g" $((F[vda] + 3))
must virsh -q snapshot-create-as "$g" whole --memspec "file=$T/$g/ram.save" \
    --diskspec "vda,file=$T/$g/vda.o2" --diskspec "vdb,snapshot=no"
must_listen "$g" $((F[vda] + 3))

fails 1 "not while it runs" vp export "$g" p.vpkg --all-snapshots
says "domain $g runs: .*: shut it off" "says the way out"
must virsh -q suspend "$g"
fails 1 "nor while it is paused" vp export "$g" p.vpkg --all-snapshots
says "domain $g is paused: .*: resume it and shut it off" "says so, and the way out"
must virsh -q destroy "$g"
must virsh -q snapshot-create-as "$g" $'odd\nname'
fails 1 "a name that no package takes" vp export "$g" p.vpkg --all-snapshots --dry-run
says 'control characters.* snapshot odd.x0aname' "says so, and which"
must virsh -q snapshot-delete "$g" $'odd\nname'
must virsh -q snapshot-current "$g" whole
before=$(tree_digest "$g")
snapshots=$(for s in off internal outside whole; do v snapshot-dumpxml "$g" "$s"; done)
for other in --compress "--format raw" --config-only "--snapshot off" --ram --no-ram --quiesce; do
    # shellcheck disable=SC2086
    fails 2 "not with $other" vp export "$g" p.vpkg --all-snapshots $other
done
fails 2 "a disk that a snapshot holds stays in" vp export "$g" p.vpkg --all-snapshots --exclude vdb

# package XPATH: of its manifest.
package() {
    xmllint --xpath "string($1)" p.vpkg/package.xml
}

succeeds "export" vp export "$g" p.vpkg --all-snapshots
says 'snapshot whole' "names the snapshots"
is "$(package 'count(//image)')" 5 "each image goes along once"
is "$(package 'count(//moment)')" 5 "with every moment"
is "$(package 'count(//moment[1]/@name)')" 0 "the first is now"
is "$(package '//moment[@name="whole"]/snapshot/@current')" yes "the current one is marked"
is "$(package '//moment[@name="off"]/snapshot/description')" "before all" "with its description"
is "$(package '//moment[@name="internal"]/@parent')" "$(package '//moment[@name="off"]/@id')" \
    "and its parent"
is "$(package '//moment[@name="internal"]/disk[@target="vdb"]/@snapshot')" internal "what is internal"
is "$(package '//moment[@name="outside"]/disk[@target="vda"]/@overlay')" \
    "$(package '//moment[@name="whole"]/disk[@target="vda"]/@image')" "what is external"
is "$(package 'count(//moment[@name="whole"]/disk[@target="vdb"]/@digest)')" 0 \
    "what a snapshot left out has no bytes of its moment"
is "$(zstd -dcq "p.vpkg/$(package '//moment[@name="whole"]/ram/stream/@member')" | head -c 4)" QEVM \
    "RAM beside an external snapshot goes along"
for image in p.vpkg/disks/*; do
    true_that "${image##*/} is clean" qemu-img check -q "$image"
    true_that "${image##*/} finds what it lies on" qemu-img info --backing-chain "$image"
done
is "$(count p.vpkg/disks/vda.qcow2 qcow2)" "$(count "$g/vda.o2" qcow2)" "the disk of now"
is "$(tree_digest "$g")" "$before" "the source is unchanged"
is "$(for s in off internal outside whole; do v snapshot-dumpxml "$g" "$s"; done)" "$snapshots" \
    "and so are its snapshots"

# Each moment has the digest that it has as a machine of its own.
for s in off internal outside; do
    must vp export "$g" "$s.vpkg" --snapshot "$s"
    for disk in vda vdb; do
        is "$(package "//moment[@name='$s']/disk[@target='$disk']/@digest")" \
            "$(xmllint --xpath "string(//disk[@target='$disk']/@digest)" "$s.vpkg/package.xml")" \
            "$s has the right $disk"
    done
done
succeeds "verify" vp verify p.vpkg
succeeds "info" vp info p.vpkg
says '^      \* whole' "shows the tree"
must cp -r p.vpkg q.vpkg
must qemu-io -f raw -c 'write -P 1 700k 1' q.vpkg/disks/vda.1.qcow2
fails 4 "a byte that differs, wherever it is" vp verify q.vpkg
