#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session system
# Imported RAM stands as saved: virsh start goes on where the snapshot was, the original beside it.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
ram_guest "$g"
must vp export "$g" g.vpkg --snapshot s
definition=$(v dumpxml "$g")

fails 3 "without --allow ram nothing happens" vp import g.vpkg --name "$TEST-no"
says 'power-refused.*ram' "it says which power"
says '--ram drop' "and what else could be done"
false_that "nothing was defined" defined "$TEST-no"

succeeds "check, with its NIC connected to nothing" vp check g.vpkg --name "$TEST-no" --allow ram \
    --nic 0=none
says 'mac-taken' "says that its address is taken"
false_that "and does not offer what is done already" grep -e '--nic 0=none' "$OUT"
succeeds "import" vp import g.vpkg --name "$TEST-a" --allow ram
says 'RAM saved' "says what became of the RAM"
says 'ram-identity' "and what the guest keeps inside"
true_that "it stands as saved" grep -q 'Managed save: *yes' <(v dominfo "$TEST-a")
is "$(v domstate "$TEST-a")" "shut off" "it does not run"
is "$(stat -c '%u:%g %a' "$(nvram_folder)/../save/$TEST-a.save")" "$(id -u):$(id -g) 600" \
    "its save image is for nobody else to read"
is "$(ram_files)" "" "the file that it was read from is gone"
must virsh -q start "$TEST-a"
must_listen "$TEST-a"
resumed_at "$moment"
is "${F[uuid]}" "$uuid" "and the same UUID inside"
isnt "$(v domuuid "$TEST-a")" "$uuid" "the domain has its own"
must_listen "$TEST-a" $((F[vda] + 3))
ok "it writes to its disks"

succeeds "a second copy of the same moment" vp import g.vpkg --name "$TEST-b" --allow ram --start
says 'started' "started at once"
must_listen "$TEST-b"
resumed_at "$moment"
must_listen "$g" $((moment_vda + 5))
is "${F[rand]}" "$rand" "the original goes on"
is "$(v dumpxml "$g")" "$definition" "its definition is unchanged"
for name in "$g" "$TEST-a" "$TEST-b"; do
    must virsh -q destroy "$name"
done
for image in "$g"/vda.qcow2 "$(image_of "$TEST-a" vda)" "$(image_of "$TEST-b" vdb)"; do
    true_that "${image##*/} is clean" qemu-img check -q "$image"
done
run_until "$TEST-a"
isnt "${F[rand]}" "$rand" "with the next boot it draws its own number"
