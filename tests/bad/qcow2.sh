#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# qcow2 images that lead out of the package, lie, or would keep QEMU's tools busy.
# Offsets are those of QEMU's docs/interop/qcow2.txt.
. "$(dirname "$0")/lib.sh"
D=disks/vda.qcow2

# image QEMU-IMG-ARG…: the package's disk is made anew, and stands so in the manifest.
image() {
    rm -f $D
    qemu-img create -q "$@"
    seal $D
    manifest 's/(virtual-size=)"[0-9]+"/\1"4194304"/; s/allocated="[0-9]+"/allocated="0"/'
}

# ---- what leads out of the package ----

attack "a backing file of the host" qcow2 0555 "names a backing file" << 'END'
image -f qcow2 -u -b "$OUTSIDE" -F raw $D 4M
END

attack "a backing file within the package" qcow2 055 "names a backing file" << 'END'
image -f qcow2 -u -b ../domain.xml -F raw $D 4M
END

attack "a backing file without a format" qcow2 055 "names a backing file" << 'END'
image -f qcow2 -u -b "$OUTSIDE" -F raw $D 4M
put $D 104 "$(hex32 0)"
END

attack "a backing file in json" qcow2 055 "names a backing file" << 'END'
image -f qcow2 -u -b "json:{\"driver\":\"raw\",\"file\":{\"driver\":\"file\",\"filename\":\"$OUTSIDE\"}}" -F raw $D 4M
END

attack "a backing file over the network" qcow2 055 "names a backing file" << 'END'
image -f qcow2 -u -b nbd://192.0.2.1:10809/secret -F raw $D 4M
END

attack "a backing file beyond the first cluster" qcow2 055 "names a backing file" << 'END'
put $D 8 "$(hex64 400000)"
put $D 16 "$(hex32 12)"
END

attack "the name of a backing file of 4 GiB" qcow2 055 "names a backing file" << 'END'
put $D 8 "$(hex64 200)"
put $D 16 ffffffff
END

attack "an external data file" qcow2 055 "keeps its data in another file" << 'END'
image -f qcow2 -o data_file="$T/secret/data" $D 4M
rm "$T/secret/data"
END

attack "an external data file by its header extension only" qcow2 055 "names an external data file" << 'END'
put $D 112 "44415441$(hex32 16)$(printf %s /etc/shadow12345 | od -An -tx1 | tr -d ' \n')"
END

attack "encrypted with LUKS" qcow2 055 "it is encrypted" << 'END'
put $D 32 "$(hex32 2)"
END

attack "encrypted with LUKS by its header extension only" qcow2 055 "it is encrypted" << 'END'
put $D 112 "0537be77$(hex32 16)$(hex64 65536)$(hex64 65536)"
END

attack "the old encryption" qcow2 055 "it is encrypted" << 'END'
put $D 32 "$(hex32 1)"
END

attack "internal snapshots" qcow2 055 "internal snapshots" << 'END'
qemu-img snapshot -c hidden $D
seal $D
END

attack "four thousand million internal snapshots" qcow2 055 "internal snapshots" << 'END'
put $D 60 ffffffff
END

# ---- marks and features ----

attack "marked dirty" qcow2 055 "marked dirty" << 'END'
put $D 79 01
END

attack "marked corrupt" qcow2 055 "marked corrupt" << 'END'
put $D 79 02
END

for byte in 72 78; do
    attack "an unknown feature in byte $byte" qcow2 055 "a feature that this version does not know" << 'END'
put $D $byte 80
END
done

attack "another compression than its bits say" qcow2 055 "compression" << 'END'
put $D 79 08
END

attack "an unknown compression" qcow2 055 "unknown compression" << 'END'
put $D 79 08
put $D 104 7f
END

attack "version 2" qcow2 055 "of version 3 only" << 'END'
image -f qcow2 -o compat=0.10 $D 4M
END

attack "version 4 thousand million" qcow2 055 "of version 3 only" << 'END'
put $D 4 ffffffff
END

# ---- bounds ----

for bits in 00 28; do
    attack "clusters of 2 to the 0x$bits bytes" qcow2 055 "cluster size is out of bounds" << 'END'
put $D 23 $bits
END
done

for length in 0 105 4294967288; do
    attack "a header of $length bytes" qcow2 055 "length of its header" << 'END'
put $D 100 "$(hex32 $length)"
END
done

attack "an L1 table of 32 GiB" qcow2 055 "L1 table is out of bounds" << 'END'
put $D 36 ffffffff
END

attack "an L1 table that does not cover the disk" qcow2 055 "does not cover the disk" << 'END'
put $D 36 00000000
END

attack "an L1 table outside the file" qcow2 055 "L1 table lies outside" << 'END'
put $D 40 "$(hex64 $((1 << 40)))"
END

attack "an L1 table near the end of the address space" qcow2 055 "L1 table lies outside" << 'END'
put $D 40 ffffffffffff0000
END

attack "an L1 table beside a cluster's start" qcow2 055 "L1 table lies outside" << 'END'
put $D 40 "$(hex64 8)"
END

attack "a refcount table outside the file" qcow2 055 "refcount table lies outside" << 'END'
put $D 48 "$(hex64 $((1 << 40)))"
END

attack "a refcount table of 256 TiB" qcow2 055 "refcount table is out of bounds" << 'END'
put $D 56 ffffffff
END

attack "no refcount table" qcow2 055 "refcount table is out of bounds" << 'END'
put $D 56 00000000
END

attack "refcounts of 2 to the 255 bits" qcow2 055 "width of its refcounts" << 'END'
put $D 96 000000ff
END

attack "a header extension of 4 GiB" qcow2 055 "extension of its header" << 'END'
put $D 112 12345678ffffffff
END

attack "a header extension to the end of the first cluster" qcow2 055 "extension of its header" << 'END'
put $D 112 "12345678$(hex32 65417)"
END

attack "a disk of 8 EiB, manifest and all" qcow2 55 "virtual-size" << 'END'
put $D 24 7fffffffffffffff
manifest 's/virtual-size="[0-9]+"/virtual-size="9223372036854775807"/'
END

attack "a disk of 1 PiB whose L1 table is that of 4 MiB" qcow2 055 "does not cover the disk" << 'END'
put $D 24 "$(hex64 $((1 << 50)))"
manifest "s/virtual-size=\"[0-9]+\"/virtual-size=\"$((1 << 50))\"/"
END

attack "a file of some bytes" qcow2 0444 "the file is too short" << 'END'
head -c 60 $D > x
mv x $D
seal $D
END

attack "a raw image as qcow2" qcow2 044 "it is no qcow2 image" << 'END'
rm $D
truncate -s 4M $D
seal $D
END

attack "a vmdk as qcow2" qcow2 044 "it is no qcow2 image" << 'END'
image -f vmdk $D 4M
END

# ---- tables that lie: QEMU's tools must end, and the import with them ----

l1() {
    be64 $D 40
}

l2() {
    echo $(($(be64 $D "$(l1)") & 0x00fffffffffffe00))
}

attack "the L1 table points beyond the file" qcow2 0440 "disks/vda.qcow2" << 'END'
put $D "$(l1)" "$(printf %x $((0x4000000000000000 + (1 << 41))))"
END

attack "the L1 table points to itself" qcow2 0440 "disks/vda.qcow2" << 'END'
put $D "$(l1)" "80$(printf %014x "$(l1)")"
END

attack "the L1 table points beside a cluster's start" qcow2 0440 "disks/vda.qcow2" << 'END'
put $D "$(l1)" "80$(printf %014x $(($(l2) + 512)))"
END

attack "an L2 table points beyond the file" qcow2 0440 "disks/vda.qcow2" << 'END'
put $D $(($(l2) + 24)) "80$(printf %014x $((1 << 41)))"
END

attack "an L2 table points to itself" qcow2 0440 "disks/vda.qcow2" << 'END'
put $D $(($(l2) + 24)) "80$(printf %014x "$(l2)")"
END

attack "every entry of an L2 table points to one cluster" qcow2 0440 "disks/vda.qcow2" << 'END'
entry=$(od -An -tx1 -j $(($(l2) + 24)) -N8 $D | tr -d ' ')
put $D "$(l2)" "$(repeat "$entry" 64)"
END

attack "an L2 table of compressed clusters that are none" qcow2 0440 "disks/vda.qcow2" << 'END'
put $D "$(l2)" "$(repeat 4000000000000001 64)"
END

attack "an L2 table of compressed clusters beyond the file" qcow2 0440 "disks/vda.qcow2" << 'END'
put $D "$(l2)" "$(repeat 7fffffffffffffff 64)"
END

# A disk of 1 GiB from a few KiB; the manifest says that nothing is allocated.
attack "a small file that unfolds" qcow2 0440 "it holds more data than the manifest says" << 'END'
rm $D
truncate -s 1G bomb
head -c 1M /dev/zero | tr '\0' B | dd of=bomb conv=notrunc status=none
qemu-img convert -c -f raw -O qcow2 bomb $D
rm bomb
seal $D
manifest 's/virtual-size="[0-9]+"/virtual-size="1073741824"/; s/allocated="[0-9]+"/allocated="0"/'
END

done_testing
