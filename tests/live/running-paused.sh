#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# A paused domain is exported as it stands, and stays paused; a transient one is exported too.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
two_disks "$g"
must virsh -q start "$g"
must_listen "$g" 3
must virsh -q suspend "$g"
succeeds "export" vp export "$g" g.vpkg
is "$(v domstate "$g")" paused "it is paused still"
is "$(count g.vpkg/disks/vda.qcow2 qcow2)" "$(count "$g/vda.qcow2" qcow2)" "the package holds the count"
must virsh -q resume "$g"
must_listen "$g" "$(($(count g.vpkg/disks/vda.qcow2 qcow2) + 2))"
ok "it counts on when it is resumed"

must virsh -q undefine "$g"
succeeds "export of a transient one" vp export "$g" t.vpkg
mkdir new
succeeds "import" vp import t.vpkg --name "$TEST-new" --dir "$T/new"
run_until "$TEST-new" "$(($(count t.vpkg/disks/vda.qcow2 qcow2) + 2))"
ok "the copy boots and counts on"
