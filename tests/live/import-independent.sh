#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session system
# An imported machine has its own name, UUID, MAC and disk, boots, and goes on from the package.
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-old"
run_until "$TEST-old" 3
old_count=$(count "$TEST-old/vda.qcow2" qcow2)
must vp export "$TEST-old" old.vpkg
package=$(tree_digest old.vpkg)
mkdir new

succeeds "import" vp import old.vpkg --name "$TEST-new" --dir "$T/new"
isnt "$(xml "$TEST-new" /domain/uuid)" "$(xml "$TEST-old" /domain/uuid)" "a new UUID"
isnt "$(xml "$TEST-new" //mac/@address)" "$(xml "$TEST-old" //mac/@address)" "a new MAC"
is "$(xml "$TEST-new" //disk/source/@file)" "$T/new/$TEST-new-vda.qcow2" \
    "its disk is named after domain and target"
must virsh -q start "$TEST-new"
must_listen "$TEST-new"
true_that "it goes on from the package's count" test "${F[vda]}" -ge "$old_count"
is "${F[uuid]}" "$(xml "$TEST-new" /domain/uuid)" "the guest sees the new UUID"
is "${F[mac]}" "$(xml "$TEST-new" //mac/@address)" "the guest sees the new MAC"
must_listen "$TEST-new" $((old_count + 2))
must virsh -q destroy "$TEST-new"
is "$(count "$TEST-old/vda.qcow2" qcow2)" "$old_count" "the original's disk stands still"
is "$(tree_digest old.vpkg)" "$package" "the package is as it was"
