#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Whatever libvirt's own schema lets a domain have asks for a power or is harmless: those
# that ask for none, in each kind of device, are the lines of harmless.txt, which were read
# one by one with an attacker's eye. VP_REGENERATE=1 makes that list anew, to be read again.
. "$(dirname "$0")/../meta/tap.sh"
here=$VP_SRCDIR/tests/xml
schemas=/usr/share/libvirt/schemas

if [ ! -e $schemas/domain.rng ]; then
    skip "what libvirt's schema has is harmless or asks for a power" "no schema of libvirt"
    finish
fi
perl "$here/contexts.pl" $schemas | "$VP_BUILDDIR/tests/xml/powers" > "$T/judged"
perl "$here/harmless.pl" < "$T/judged" > "$T/harmless"
if [ -n "${VP_REGENERATE-}" ]; then
    cp "$T/harmless" "$here/harmless.txt"
fi
none "what asks for no power is what was read and found harmless" \
    "$(diff -u "$here/harmless.txt" "$T/harmless")"

# Of other hypervisors, or said without what gives it its kind.
none "what is never known belongs to other hypervisors" "$(
    diff -u - <(perl "$here/harmless.pl" --unknown < "$T/judged") <<-END
	/bootloader
	/bootloader_args
	/datacenterpath
	/devices/disk/backenddomain
	/devices/graphics
	/devices/interface
	/devices/interface/source/@connectionid
	/devices/interface/source/@portgroupid
	/devices/interface/source/@switchid
	/devices/rng/backend
	/devices/tpm/backend
	/features/capabilities
	/features/privnet
	/namespace
	/on_poweroff
	/on_reboot
	/os/init
	/os/initarg
	/os/initdir
	/os/initenv
	/os/initgroup
	/os/inituser
	/os/root
	END
)"
places=$(cut -f1 "$T/judged" | sort -u | wc -l)
none "all of the schema was walked" "$([ "$places" -gt 2000 ] || echo "$places places only")"
finish
