#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Passwords in the domain XML stay out of the package unless --secrets takes them.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g"
make_disk "$g/vda.qcow2" qcow2 16M
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2)
    <graphics type='vnc' listen='127.0.0.1' autoport='yes' passwd='sesame'/>"
succeeds "export" vp export "$g" g.vpkg
false_that "no password inside" grep -rqs sesame g.vpkg --include='*.xml'
true_that "the manifest says so" grep -q secrets g.vpkg/package.xml
succeeds "export --secrets" vp export --secrets "$g" with.vpkg
true_that "the password is inside" grep -q sesame with.vpkg/domain.xml
