#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# count.sh IMAGE FORMAT [SNAPSHOT]: the counter in a disk image, read without booting it.
# count.sh --facts IMAGE FORMAT: what the guest that counted last knew of itself.
# An image that a guest runs on can be read; what is still in QEMU's caches is missed.
set -eu
facts=
if [ "$1" = --facts ]; then
    facts=1
    shift
fi
image=$1 format=$2 snapshot=${3:-}
sector=$(mktemp)
trap 'rm -f "$sector" "$sector.whole"' EXIT

if [ -n "$snapshot" ]; then
    qemu-img convert -U -l "snapshot.name=$snapshot" -f "$format" -O raw "$image" "$sector.whole"
    image=$sector.whole format=raw
fi
# Old versions of qemu-img count from the image's start, new ones from skip on.
qemu-img dd -U -f "$format" -O raw bs=32768 skip=1 count=2 if="$image" of="$sector" > /dev/null

head -c 512 "$sector" | tr -d '\0\r' | {
    read -r word count
    if [ "$word" != vp-count ]; then
        echo "count.sh: $image: no counter" >&2
        exit 1
    fi
    if [ -n "$facts" ]; then
        read -r line
        echo "$line"
    else
        echo $((10#$count))
    fi
}
