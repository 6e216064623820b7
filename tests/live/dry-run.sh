#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# --dry-run tells all and touches nothing; import prints the domain XML as it would be defined.
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-g"
mkdir new
state() {
    host_state "$T" "$(images_folder)" | grep -v 'would.xml$'
}
before=$(state)
succeeds "export --dry-run" vp export --dry-run "$TEST-g" g.vpkg
says vda "names the disk"
is "$(state)" "$before" "nothing was touched"
must vp export "$TEST-g" g.vpkg

before=$(state)
succeeds "import --dry-run" vp import --dry-run g.vpkg --name "$TEST-new" --dir "$T/new"
cp "$OUT" would.xml
true_that "stdout is a domain that libvirt's schema takes" virt-xml-validate would.xml domain
fails 3 "import --dry-run with an error finding" vp import --dry-run g.vpkg --name "$TEST-g" --dir "$T/new"
true_that "prints the domain XML all the same" grep -q '<domain ' "$OUT"
is "$(state)" "$before" "nothing was touched"
