#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# What the table of powers does not know is refused: an interface of type null takes libvirt 9.0 down.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
new=$TEST-new
make_guest "$g"
must vp export "$g" g.vpkg
must sed -i "s|<interface type=\"user\">|<interface type='null'>|" g.vpkg/domain.xml
must rewrite g.vpkg domain.xml
mkdir new
fails 3 "import" vp import g.vpkg --name "$new" --dir "$T/new" --start
says "power-refused: /domain/devices/interface asks for the power .unknown." "refused, with its place"
succeeds "given by name" vp import g.vpkg --name "$new" --dir "$T/new" --allow unknown
false_that "its start fails" virsh -q start "$new"
is "$(grep -Eco 'end of file|Disconnected|reset by peer|Broken pipe' .said)" 1 "because libvirtd died of it"
