#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session system
# Without a place the files go to libvirt's images folder, which a session makes when missing.
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
succeeds "import" vp import g.vpkg --name "$TEST-new"
is "$(xml "$TEST-new" //disk/source/@file)" "$(images_folder)/$TEST-new-vda.qcow2" "the place"
must virsh -q start "$TEST-new"
must_listen "$TEST-new"
ok "the copy boots from there"
must virsh -q destroy "$TEST-new"
rm -f "$(images_folder)/$TEST-new-vda.qcow2"
