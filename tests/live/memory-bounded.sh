#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Export and import stay under 100 MiB of memory of their own, whatever the disk's size.
. "$(dirname "$0")/lib.sh"

big_guest "$TEST-g"
mkdir new
# time(1) tells the largest of the process and the tools it waited for.
peak() {
    tail -n 1 "$ERR"
}
succeeds "export" /usr/bin/time -f %M "$VP_PREFIX/bin/virt-porter" -q export "$TEST-g" g.vpkg
true_that "export under 100 MiB: $(peak) KiB" test "$(peak)" -lt 102400
succeeds "import" /usr/bin/time -f %M "$VP_PREFIX/bin/virt-porter" -q import g.vpkg --name "$TEST-new" --dir "$T/new"
true_that "import under 100 MiB: $(peak) KiB" test "$(peak)" -lt 102400
