#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# listen.sh DOMAIN [COUNT]: what a running guest says on its serial port (a pty).
#
# Prints the facts, "vda=41 vdb=none rand=… uuid=… mac=…" with tick= or boot in front,
# of the first whole line in which its first disk has counted to COUNT. A line that
# nobody read is lost: a late listener hears the next one.
set -u
domain=$1 count=${2:-0}
pty=$(virsh -q ttyconsole "$domain") || exit 1

while IFS= read -r -t 20 line; do
    line=${line%$'\r'}
    if [[ $line =~ ^vp-guest\ ((boot|tick=[0-9]+)\ vda=([0-9]+|error)\ .*\ mac=[^\ ]+)$ ]]; then
        if [ "${BASH_REMATCH[3]}" = error ] || [ "${BASH_REMATCH[3]}" -ge "$count" ]; then
            echo "${BASH_REMATCH[1]}"
            exit
        fi
    fi
done < "$pty"
echo "listen.sh: $domain: the guest says nothing" >&2
exit 1
