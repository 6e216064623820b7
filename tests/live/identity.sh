#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# Identity agrees wherever it stands: UUID, SMBIOS, genid new; disk serials, title kept.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
mkdir "$g" new
make_disk "$g/vda.qcow2" qcow2 16M
uuid=11111111-2222-4333-8444-555555555555
define "$g" "$(disk vda "$T/$g/vda.qcow2" qcow2 "<serial>S-123</serial>")$(default_nic)" \
    "<uuid>$uuid</uuid><genid>$uuid</genid><title>Old one</title>
    <sysinfo type='smbios'><system><entry name='manufacturer'>ACME</entry>
    <entry name='uuid'>$uuid</entry></system></sysinfo>"
v dumpxml --inactive "$g" | sed "s|<type |<smbios mode='sysinfo'/><type |" > g.xml
must virsh -q define g.xml
must vp export "$g" g.vpkg
succeeds "import" vp import g.vpkg --name "$TEST-new" --dir "$T/new"
new=$(xml "$TEST-new" /domain/uuid)
isnt "$new" $uuid "a new UUID"
is "$(xml "$TEST-new" "//sysinfo/system/entry[@name='uuid']")" "$new" "SMBIOS agrees"
isnt "$(xml "$TEST-new" /domain/genid)" $uuid "a new genid"
is "$(xml "$TEST-new" //disk/serial)" S-123 "the disk's serial is kept"
is "$(xml "$TEST-new" "//sysinfo/system/entry[@name='manufacturer']")" ACME "the rest of SMBIOS is kept"
run_until "$TEST-new" 1
is "${F[uuid]}" "$new" "the guest sees the new one"
given=99999999-2222-4333-8444-555555555555
succeeds "import --uuid UUID" vp import g.vpkg --name "$TEST-given" --dir "$T/new" --uuid $given
is "$(xml "$TEST-given" /domain/uuid)" $given "the UUID given"
