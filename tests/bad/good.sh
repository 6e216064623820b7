#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the attacks start from is good: else any refusal would do.
. "$(dirname "$0")/lib.sh"

attack "a qcow2 package" qcow2 0000 "" <<< :
attack "a raw package" raw 0000 "" <<< :
attack "a package without bytes" config 0000 "" --disk vda=skip <<< :
attack "a package with UEFI variables" nvram 0000 "" --nvram fresh --allow loader <<< :

attack "what seal does keeps a package good" qcow2 0000 "" << 'END'
domain 's/8192/16384/'
seal disks/vda.qcow2
END

attack "a package on a folder that cannot be written" qcow2 0000 "" << 'END'
chmod 400 package.xml domain.xml disks/*
chmod 500 disks .
END
chmod -R u+w "$T/p.vpkg" # who is not root could not take it away

attack "a newer minor version, with foreign elements and attributes" qcow2 0000 "" << 'END'
manifest 's|version="1.0"|version="1.7" xmlns:z="urn:z" z:new="1"|; s|<images>|<z:more><images/></z:more>&|'
END

done_testing
