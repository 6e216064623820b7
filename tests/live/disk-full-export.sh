#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A full disk while exporting: exit 1, nothing is left, the domain is as it was.
. "$(dirname "$0")/lib.sh"

mkdir "$TEST-g" small
make_disk "$TEST-g/vda.qcow2" qcow2 64M 24
define "$TEST-g" "$(disk vda "$T/$TEST-g/vda.qcow2" qcow2)"
must mount -t tmpfs -o size=8M none small
at_exit umount "$T/small"
before=$(sha256sum "$TEST-g"/*)
fails 1 "export" vp export "$TEST-g" small/g.vpkg
says 'space|full|No space' "says why"
is "$(ls -A small)" "" "nothing was left behind"
is "$(sha256sum "$TEST-g"/*)" "$before" "the disk is as it was"
no_tools_left
