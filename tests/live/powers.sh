#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# What asks for more than a stranger may have is refused by name, and allowed by name only.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g" new
make_disk "$g/vda.qcow2" qcow2 16M
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)<serial type='file'><source path='$T/serial.log'/></serial>"
must vp export "$g" g.vpkg
fails 3 "import" vp import g.vpkg --name "$TEST-new" --dir "$T/new"
says '--allow chardev' "names the power"
fails 3 "with another power" vp import g.vpkg --name "$TEST-new" --dir "$T/new" --allow hostdev
false_that "nothing was defined" defined "$TEST-new"
succeeds "with --allow chardev" vp import g.vpkg --name "$TEST-new" --dir "$T/new" --allow chardev
