#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# Too small a place for an import is found before, and where it fills up on the way all is undone.
. "$(dirname "$0")/lib.sh"

mkdir "$TEST-g" small
make_disk "$TEST-g/vda.qcow2" qcow2 64M 24
make_disk "$TEST-g/vdb.qcow2" qcow2 64M
define "$TEST-g" "$(disk vdb "$T/$TEST-g/vdb.qcow2" qcow2)$(disk vda "$T/$TEST-g/vda.qcow2" qcow2)
    <tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm>"
must vp export "$TEST-g" g.vpkg
must mount -t tmpfs -o size=8M none small
at_exit umount "$T/small"
before=$(host_state "$T" "$(images_folder)")
fails 3 "import where it cannot fit" vp import g.vpkg --name "$TEST-new" --dir "$T/small"
says 'no-space|space' "says why"
is "$(host_state "$T" "$(images_folder)")" "$before" "nothing was left behind"

# Room by the look of it, gone while copying: another writer takes it.
must mount -o remount,size=40M "$T/small"
(while ! find small -type f -size +1M | grep -q .; do sleep 0.01; done
    head -c 33M /dev/zero > "$T/small/other") 2> /dev/null &
try vp import g.vpkg --name "$TEST-new" --dir "$T/small"
kill $! 2> /dev/null
wait
if [ "$STATUS" = 0 ]; then
    ok "the copy was faster than the other writer"
else
    is "$STATUS" 1 "import on a disk that fills up"
fi
rm -f small/other
if [ "$STATUS" != 0 ]; then
    is "$(host_state "$T" "$(images_folder)")" "$before" "nothing was left behind"
fi
no_tools_left
