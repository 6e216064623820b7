#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Without QEMU's tools the message names the one that is missing.
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-g"
mkdir bin
fails 1 "export without QEMU's tools" env PATH="$T/bin" "$VP_PREFIX/bin/virt-porter" export "$TEST-g" g.vpkg
says 'qemu-(img|nbd)' "names the tool"
says '^ +apt-get install qemu-utils' "and the way out"
false_that "which is no other" grep -q -e --exclude "$ERR"
is "$(find . -name '*.vpkg*' | wc -l)" 0 "nothing was left behind"
must vp export "$TEST-g" whole.vpkg
fails 1 "verify without them does not blame the package" env PATH="$T/bin" \
    "$VP_PREFIX/bin/virt-porter" verify whole.vpkg
says 'qemu-nbd' "names the tool"
