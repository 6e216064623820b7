#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Raw images: never probed, whatever they begin with; and files without end.
. "$(dirname "$0")/lib.sh"
D=disks/vda.raw

# resize SIZE: an empty raw disk of that size, manifest and all.
resize() {
    rm $D
    truncate -s "$1" $D || return
    seal $D
    manifest "s/virtual-size=\"[0-9]+\"/virtual-size=\"$(stat -c %s $D)\"/; s/allocated=\"[0-9]+\"/allocated=\"0\"/"
}

# A guest that writes a qcow2 header to its raw disk must not read the host by it.
attack "a raw disk that begins as a qcow2 image" raw 0440 "its bytes are not those" << 'END'
qemu-img create -q -f qcow2 -u -b "$OUTSIDE" -F raw header 4M
dd if=header of=$D conv=notrunc status=none
rm header
END

attack "a raw disk that is a vmdk of the host's files" raw 0440 "its bytes are not those" << 'END'
printf '# Disk DescriptorFile\nversion=1\nCID=1\nparentCID=ffffffff\ncreateType="monolithicFlat"\nRW 8192 FLAT "%s" 0\n' \
    "$OUTSIDE" | dd of=$D conv=notrunc status=none
END

attack "a qcow2 image as raw" raw 0444 "another size than the manifest says" << 'END'
qemu-img convert -f raw -O qcow2 $D x
mv x $D
seal $D
END

attack "a raw disk of no byte" raw 0440 "its bytes are not those" << 'END'
resize 0
END

attack "a raw disk of 8 EiB that takes no space" raw 55 "virtual-size" << 'END'
manifest 's/(virtual|file)-size="[0-9]+"/\1-size="9223372036854775807"/g'
truncate -s 9223372036854775807 $D 2> /dev/null || truncate -s 1T $D
END

attack "a raw disk of 4 GiB of data, none in the manifest" raw 0440 "it holds more data than the manifest says" << 'END'
resize 4G
put $D 70000 ff
END

attack "more allocated than the host has space" raw 0343 "no-space" << 'END'
resize 8T || resize 1T
manifest "s/allocated=\"[0-9]+\"/allocated=\"$(stat -c %s $D)\"/"
END

done_testing
