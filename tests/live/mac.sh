#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# MACs are new by default; keep keeps them (warned of where another domain has them); keep-if-free looks.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
make_guest "$g"
must vp export "$g" g.vpkg
mkdir new
mac=$(xml "$g" //mac/@address)
mac_of() {
    xml "$1" //mac/@address
}
succeeds "the default" vp import g.vpkg --name "$TEST-a" --dir "$T/new"
isnt "$(mac_of "$TEST-a")" "$mac" "new"
succeeds "--mac keep-if-free, the original being there" vp import g.vpkg --name "$TEST-b" --dir "$T/new" \
    --mac keep-if-free
isnt "$(mac_of "$TEST-b")" "$mac" "new"
succeeds "--mac keep, the original being there" vp import g.vpkg --name "$TEST-c" --dir "$T/new" --mac keep
says "$mac" "is warned of"
is "$(mac_of "$TEST-c")" "$mac" "kept"
must virsh -q undefine "$g"
must virsh -q undefine "$TEST-c"
succeeds "--mac keep-if-free, it being free" vp import g.vpkg --name "$TEST-d" --dir "$T/new" --mac keep-if-free
is "$(mac_of "$TEST-d")" "$mac" "kept"
