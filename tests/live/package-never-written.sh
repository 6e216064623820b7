#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# No option leads an import to write into its package, nor a guest afterwards.
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
must vp export "$TEST-g" --exclude vda lean.vpkg
must cp g.vpkg/disks/vda.qcow2 lean.vpkg/other.qcow2
ln -s g.vpkg/disks link
before=$(tree_digest g.vpkg) lean=$(tree_digest lean.vpkg)
fails 3 "--dir in the package" vp import g.vpkg --name "$TEST-new" --dir g.vpkg/disks
says 'path-not-writable: .* in the package' "says why"
fails 3 "--dir by a link" vp import g.vpkg --name "$TEST-new" --dir link
fails 3 "--disk in the package" vp import g.vpkg --name "$TEST-new" --disk vda=./g.vpkg/new.qcow2
fails 3 "an image in the package, to be used" \
    vp import lean.vpkg --name "$TEST-new" --disk vda=./lean.vpkg/other.qcow2,format=qcow2
is "$(tree_digest g.vpkg)" "$before" "the package is as it was"
is "$(tree_digest lean.vpkg)" "$lean" "the other too"
mkdir g.vpkg-not
succeeds "a folder that is only called alike" vp import g.vpkg --name "$TEST-new" --dir g.vpkg-not
