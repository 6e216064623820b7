#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Without PACKAGE the package is ./DOMAIN.vpkg, with a snapshot ./DOMAIN@SNAPSHOT.vpkg.
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-g"
must virsh -q snapshot-create-as "$TEST-g" one
succeeds "export" vp export "$TEST-g"
true_that "DOMAIN.vpkg" test -f "$TEST-g.vpkg/package.xml"
succeeds "export of a snapshot" vp export --snapshot one "$TEST-g"
true_that "DOMAIN@SNAPSHOT.vpkg" test -f "$TEST-g@one.vpkg/package.xml"
