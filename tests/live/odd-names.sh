#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Domain names with a leading dash, quotes, blanks and non-ASCII letters go through.
. "$(dirname "$0")/lib.sh"

mkdir new
make_disk vda.qcow2 qcow2 16M
name="-$TEST crit@\"x\" é"
domain_xml x "$(disk vda "$T/vda.qcow2" qcow2)" |
    sed "s|<name>x</name>|<name>-$TEST crit@\"x\" é</name>|" > x.xml
must virsh -q define x.xml
at_exit virsh -q undefine --domain "$name"
succeeds "export" vp export -- "$name" x.vpkg
succeeds "import" vp import x.vpkg "--name=$TEST-back" --dir "$T/new"
must virsh -q undefine --domain "$name"
succeeds "import under its own name" vp import x.vpkg --dir "$T/new"
true_that "it is there" virsh dominfo --domain "$name"
fails 2 "a name with a control character" vp import x.vpkg --name $'a\eb' --dir "$T/new"
false_that "is not printed as it is" grep -q $'\e' "$ERR"
