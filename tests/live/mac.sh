#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# MACs are new by default; --mac keep keeps them, where another domain has them that is refused.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
make_guest "$g"
must vp export "$g" g.vpkg
mkdir new
mac=$(xml "$g" //mac/@address)
fails 3 "--mac keep, the original being there" vp import g.vpkg --name "$TEST-a" --dir "$T/new" --mac keep
says "mac-taken|$mac" "says which"
must virsh -q undefine "$g"
succeeds "--mac keep" vp import g.vpkg --name "$TEST-a" --dir "$T/new" --mac keep
is "$(xml "$TEST-a" //mac/@address)" "$mac" "kept"
succeeds "the default" vp import g.vpkg --name "$TEST-b" --dir "$T/new"
isnt "$(xml "$TEST-b" //mac/@address)" "$mac" "new"
