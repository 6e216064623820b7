#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# demo.sh PREFIX: the main job of virt-porter, on a qemu:///session of its own.
#
# A guest that counts on its disk becomes a package, as it was at a snapshot; the
# package becomes two new machines. All in one temporary folder, gone at the end.
set -eu
tests=$(cd "$(dirname "$0")/.." && pwd)

if [ -z "${VP_DEMO:-}" ]; then
    . "$tests/live/session.sh"
    folder=$(mktemp -d /tmp/vp-demo-XXXX)
    chmod 711 "$folder"
    trap 'session_stop; sleep 0.3; rm -rf "$folder"' EXIT
    trap 'exit 130' INT TERM HUP
    session_make "$folder/s" "$1"
    cp -r "$tests" "$folder/tests"
    chmod -R a+rX "$folder/tests"
    cd "$folder"
    in_session VP_DEMO="$folder/s" bash "$folder/tests/demo/demo.sh"
    exit
fi

guest=$tests/guest
cd "$VP_DEMO"

say() {
    printf '\n%s\n' "$*"
}

# What is run is shown, as one would type it.
show() {
    printf '  $ %s\n' "${*@Q}" | sed "s/'\([A-Za-z0-9_./=:@,-]*\)'/\1/g"
    "$@" 2>&1 | sed 's/^/    /'
    return "${PIPESTATUS[0]}"
}

# run_until DOMAIN COUNT: boots it, waits until it has counted that far, shuts it off.
run_until() {
    virsh -q start "$1"
    first=$("$guest/listen.sh" "$1")
    "$guest/listen.sh" "$1" "$2" > /dev/null
    virsh -q shutdown "$1"
    while [ "$(virsh -q domstate "$1")" != "shut off" ]; do
        sleep 0.1
    done
}

count_of() {
    "$guest/count.sh" "$1" qcow2
}

fact() {
    sed -n "s/.*\<$1=\([^ ]*\).*/\1/p" <<< "$first"
}

say "A tiny guest, 'counter': it boots from its disk and counts on it. We are user $(id -un)," \
    "the hypervisor is $LIBVIRT_DEFAULT_URI, all files are in $PWD."
"$guest/make-disk.sh" "$PWD/counter.qcow2" qcow2 64M
cat > counter.xml <<END
<domain type='qemu'>
  <name>counter</name>
  <memory unit='MiB'>32</memory>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <features><acpi/></features>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='$PWD/counter.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <interface type='user'><model type='rtl8139'/></interface>
    <serial type='pty'/>
  </devices>
</domain>
END
show virsh -q define counter.xml
run_until counter 8
half=$(count_of counter.qcow2)
echo "  It counted to $half and was shut off. Here we take a snapshot, then let it go on."
show virsh -q snapshot-create-as counter half-way
run_until counter $((half + 8))
counter_uuid=$(fact uuid) counter_mac=$(fact mac)
end=$(count_of counter.qcow2)
echo "  It went on to $end and was shut off for good."

say "The snapshot becomes a package, the guest stays as it is:"
show virt-porter export counter --snapshot half-way half-way.vpkg
show virt-porter info half-way.vpkg

say "The package becomes a machine, twice: other names, other folders, other network cards:"
mkdir one two
show virt-porter import half-way.vpkg --name copy-one --dir "$PWD/one" --nic 0=user
show virt-porter import half-way.vpkg --name copy-two --dir "$PWD/two" --nic 0=none
show virt-porter list

say "Both boot:"
printf '  %-9s %-18s %-12s %-37s %s\n' machine "found on its disk" "counted to" UUID MAC
printf '  %-9s %-18s %-12s %-37s %s\n' counter - "$end" "$counter_uuid" "$counter_mac"
good=1
for copy in one two; do
    image=$(virsh -q domblklist "copy-$copy" | awk '{ print $2 }')
    found=$(count_of "$image")
    run_until "copy-$copy" $((half + 5))
    now=$(count_of "$image")
    uuids="${uuids:-$counter_uuid}"$'\n'$(fact uuid)
    macs="${macs:-$counter_mac}"$'\n'$(fact mac)
    printf '  %-9s %-18s %-12s %-37s %s\n' "copy-$copy" "$found" "$now" "$(fact uuid)" "$(fact mac)"
    # The first line heard may be a few ticks after the boot, where the machine is busy.
    if [ "$found" != "$half" ] || [ "$(fact vda)" -lt "$half" ] || [ "$now" -lt $((half + 5)) ]; then
        good=
    fi
done

if [ -z "$good" ] || [ "$(sort -u <<< "$uuids" | wc -l)" != 3 ] ||
    [ "$(sort -u <<< "$macs" | wc -l)" != 3 ] || [ "$(count_of counter.qcow2)" != "$end" ]; then
    say "This is not what should have come out."
    exit 1
fi
say "Both went on from $half, the count of the snapshot, each with its own UUID and MAC;" \
    "'counter' still stands at $end."
