#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The arrows between the folders of plugin/, as HACKING.md draws them.
. "$(dirname "$0")/tap.sh"
cd "$VP_SRCDIR/plugin" || exit 1
awk -f ../tests/meta/c-words.awk */*.c */*.h > "$T/words"

# What each folder may include beside itself.
declare -A may=(
    [base]='' [model]='base' [virt]='base' [image]='base' [pack]='base model'
    [host]='base model' [source]='base model virt image pack host'
    [sink]='base model virt image pack host'
    [ops]='base model virt image pack host source sink' [cli]=''
)

# "FILE:LINE:INCLUDED" of all includes between quotes.
sed -n 's/^\([^:]*:[0-9]*\):code:#include "\(.*\)".*/\1:\2/p' "$T/words" > "$T/includes"
is "each folder has its row" "$(printf '%s\n' */ | tr -d / | sort)" \
    "$(printf '%s\n' "${!may[@]}" | sort)"
for folder in "${!may[@]}"; do
    allowed="virt-porter.h|$folder/.*"
    for other in ${may[$folder]}; do
        allowed+="|$other/.*"
    done
    if [ "$folder" = base ]; then
        allowed+="|vp-schemas.h"
    fi
    none "$folder/ includes only: $folder virt-porter.h ${may[$folder]}" \
        "$(grep "^$folder/" "$T/includes" | grep -vE ":($allowed)$")"
done

# only FOLDER WHAT KIND PATTERN: no other folder's code or strings match.
only() {
    none "only $1/ $2" "$(grep -vE "^$1/" "$T/words" | grep -E "^[^:]*:[0-9]*:$3:.*($4)")"
}

# A string with a blank is a message: it may name what it likes.
word() {
    echo "^[^:]*:[0-9]*:string:[^ ]*($1)[^ ]*$"
}

only virt "includes libvirt" code '#include <libvirt/'
only virt "calls libvirt" code '\<vir[A-Z][A-Za-z]*\('
only image "includes and calls libnbd" code '#include <libnbd|\<nbd_[a-z_]*\('
none "only image/ spells QEMU's tools" \
    "$(grep -v '^image/' "$T/words" | grep -E "$(word 'qemu-img|qemu-nbd|qemu-storage-daemon')")"
none "only host/ spells paths of libvirt, swtpm, polkit and firmware" \
    "$(grep -v '^host/' "$T/words" |
        grep -E "$(word '/var/lib|/etc/|/usr/(local/)?share|/run/|swtpm|polkit|OVMF|AAVMF|_VARS')")"
only cli "prints" code '\<(puts|printf|putchar|fputs|fprintf|g_print|g_printerr)\('
only cli "exits" code '\<exit\('
none "cli/ includes no library but GLib and json-glib" \
    "$(grep '^cli/' "$T/words" | grep -E 'code:#include <(libvirt|libxml|libnbd|openssl)')"
none "model/ opens no file and runs no process" \
    "$(grep '^model/' "$T/words" |
        grep -E 'code:(.*[^a-z_>.])?(open|openat|fopen|stat|fstat|access|unlink|rename|mkdir|fork|execv[pe]*|g_file_[a-z_]*|g_spawn_[a-z_]*|vp_process_[a-z_]*)\(')"
finish
