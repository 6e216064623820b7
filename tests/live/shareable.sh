#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# A shareable disk is exported with a warning: others may write it meanwhile.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g"
make_disk "$g/vda.raw" raw 16M
define "$g" "$(disk vda "$T/$g/vda.raw" raw "<shareable/>")"
succeeds "export" vp export "$g" g.vpkg
says 'vda.*share|share.*vda' "warns"
