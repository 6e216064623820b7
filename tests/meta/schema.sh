#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The example of virt-porter-package(5) is a package, and what breaks a rule of it is refused.
. "$(dirname "$0")/tap.sh"
manual=$VP_SRCDIR/docs/virt-porter-package.5.rst
schema=$VP_SRCDIR/schemas/package.rng

# example NAME: the block of the manual after ".. example NAME".
example() {
    awk -v mark=".. example $1" '
        $0 == mark { found = 1 }
        found && /^    / { sub(/^    /, ""); print; begun = 1; next }
        begun && /^$/ { blank = 1; next }
        begun && /^[^ ]/ { exit }' "$manual"
}

example_package() {
    mkdir -p "$1/disks" "$1/tpm/tpm2"
    example package.xml > "$1/package.xml"
    example domain.xml > "$1/domain.xml"
    echo virt-porter > "$1/disks/vda.raw"
    truncate -s 1049088 "$1/disks/vda.raw"
    truncate -s 540672 "$1/nvram.fd"
    truncate -s 6013 "$1/tpm/tpm2/tpm2-00.permall"
}

package=$T/web1.vpkg
example_package "$package"
if type xmllint > /dev/null 2>&1; then
    exits 0 "the example is valid against package.rng" \
        xmllint --noout --relaxng "$schema" "$package/package.xml"
else
    skip "the example is valid against package.rng" "no xmllint"
fi
exits 0 "info reads the example" "$VIRT_PORTER" --json info "$package"
identity=$(sha256sum < "$package/package.xml" | cut -d ' ' -f 1)
is "its identity is the SHA-256 of package.xml" \
    "$(grep -o '"identity":"[0-9a-f]*"' "$T/out")" "\"identity\":\"$identity\""
if type qemu-nbd > /dev/null 2>&1; then
    exits 0 "verify finds the example whole" "$VIRT_PORTER" verify "$package"
else
    skip "verify finds the example whole" "no qemu-nbd"
fi

# The content digest as the manual has it, another way.
content_digest() {
    local size=$1 file=$2 at length
    for ((at = 0; at < size; at += 65536)); do
        length=$((size - at < 65536 ? size - at : 65536))
        tail -c "+$((at + 1))" "$file" | head -c "$length" | sha256sum | cut -d ' ' -f 1
    done > "$T/hashes"
    printf '%016x' "$size" | sed 's/\(..\)\(..\)\(..\)\(..\)\(..\)\(..\)\(..\)\(..\)/\8\7\6\5\4\3\2\1/' >> "$T/hashes"
    tr -d '\n' < "$T/hashes" | sed 's/../\\x&/g' | xargs -0 printf '%b' | sha256sum | cut -d ' ' -f 1
}
while read -r name digest; do
    case $name in
        vda.raw) file=$package/disks/vda.raw of_disk=$digest ;;
        1073741824) continue ;;
        *) file=$T/zeros && truncate -s "$name" "$file" ;;
    esac
    is "content digest of $name" "$(content_digest "$(stat -c %s "$file")" "$file")" "$digest"
done < <(sed -n '/^\.\. vectors/,/^[A-Z]/s/^    \( *[^ ]* *[0-9a-f]*\)$/\1/p' "$manual")
is "the manifest has that of the disk" "$(grep -c "digest=\"${of_disk-none}\"" "$package/package.xml")" 1

# bound FILE DEFINE PATTERN: the value in the code, for the text of the manual.
bound() {
    local value
    value=$(sed -n "s/^#define $2 *(\{0,1\}\(G_GUINT64_CONSTANT(1) << \)\{0,1\}\([0-9]*\).*/\2/p" \
        "$VP_SRCDIR/plugin/$1")
    is "the manual has $2" "$(tr '\n' ' ' < "$manual" | tr -s ' ' | grep -c -- "${3//%/$value}")" 1
}

bound base/xml.h VP_XML_MAX_SIZE 'in UTF-8, at most % MiB long.*the definition not larger than % MiB'
bound base/xml.h VP_XML_MAX_DEPTH 'MiB long and % elements deep'
bound pack/package.h VP_PACKAGE_MAX_MEMBER 'of them may be larger than % MiB'
bound model/manifest.h VP_IMAGE_MAX_SIZE 'at most 2 to the power of %\.'

# The rest changes a copy, and says which exit status that gives.
broken=$T/broken.vpkg
fresh() {
    rm -rf "$broken"
    example_package "$broken"
}

# refused STATUS WHAT SED-SCRIPT: with package.xml edited.
refused() {
    fresh
    sed -i "$3" "$broken/package.xml"
    if cmp -s "$package/package.xml" "$broken/package.xml"; then
        not_ok "the edit of “$2” changes something"
    fi
    exits "$1" "$2" "$VIRT_PORTER" info "$broken"
}

# invalid WHAT SED-SCRIPT: the schema says it too.
invalid() {
    refused 4 "$@"
    if type xmllint > /dev/null 2>&1 &&
        xmllint --noout --relaxng "$schema" "$broken/package.xml" 2> /dev/null; then
        not_ok "the schema refuses $1"
    fi
}

invalid "no version" 's/<package version="1.0"/<package/'
invalid "a version of another form" 's/version="1.0"/version="1.x"/'
invalid "no producer" '/<producer>/d'
invalid "two producers" 's/\(<producer>.*\)/\1\1/'
invalid "a time of another form" 's/<created>.*</<created>yesterday</'
invalid "contents of another kind" 's/>full</>half</'
invalid "no origin" '/<origin/,/<\/origin>/d'
invalid "an origin without host" 's/ host="[^"]*"//'
invalid "a hypervisor version with letters" 's/version="7002022"/version="seven"/'
invalid "autostart that is neither yes nor no" 's/autostart="yes"/autostart="maybe"/'
invalid "an element that is not known" 's/<images>/<extra\/><images>/'
invalid "an attribute that is not known" 's/<images>/<images extra="1">/'
invalid "an image without id" 's/image id="vda"/image/'
invalid "an image of another format" 's/format="raw"/format="vmdk"/'
invalid "a negative size" 's/virtual-size="1/virtual-size="-1/'
invalid "a size of twenty digits" 's/virtual-size="/virtual-size="11111111111111/'
invalid "a short digest" 's/ digest="e/ digest="/'
invalid "a digest in upper case" 's/ digest="e/ digest="E/'
invalid "no moment" '/<moment /,/<\/moment>/d'
invalid "a moment without definition" '/<domain member/,/sha256/d'
invalid "a consistency that is none" 's/consistency="off"/consistency="good"/'
refused 4 "another root" 's/package/parcel/g'
refused 4 "what is not XML" 's/<\/package>//'
refused 4 "a newer version" 's/version="1.0"/version="2.0"/'
refused 4 "a disk whose image is not listed" 's/image="vda"/image="vdb"/'
refused 4 "two images of one id" 's/\(<image id=.*\)/<image id="vda" member="x" format="raw" virtual-size="0" file-size="0" allocated="0"\/>\1/'
refused 4 "an image that lies on itself" 's/image id="vda"/image id="vda" backing="vda"/'
refused 4 "an image that lies on one that is not listed" 's/image id="vda"/image id="vda" backing="x"/'
refused 4 "two members of one name" 's/member="nvram.fd"/member="domain.xml"/'
refused 4 "more allocated than the disk has" 's/allocated="65536"/allocated="1049089"/'
refused 4 "an image that no disk needs" 's/\(<image id=.*\)/<image id="x" member="x" format="raw" virtual-size="0" file-size="0" allocated="0"\/>\1/'
refused 4 "a parent that is not listed" 's/moment id="0"/moment id="0" parent="1"/'
refused 4 "state in a package of the configuration" 's/>full</>config</'
refused 5 "a disk larger than may be" 's/virtual-size="1049088"/virtual-size="2251799813685248"/'
refused 5 "a member outside of the package" 's/member="nvram.fd"/member="..\/nvram.fd"/'
refused 5 "a member with an absolute name" 's/member="nvram.fd"/member="\/etc\/passwd"/'
refused 5 "a member with a hidden name" 's/member="nvram.fd"/member=".nvram"/'
refused 5 "a member five parts deep" 's/member="nvram.fd"/member="a\/b\/c\/d\/e"/'
refused 5 "the manifest as a member" 's/member="nvram.fd"/member="package.xml"/'
refused 5 "an unsafe name in a newer version" \
    's/version="1.0"/version="2.0"/; s/member="nvram.fd"/member="..\/x"/'
refused 5 "a DOCTYPE" '1s/^/<!DOCTYPE package>/'
refused 5 "another encoding" '1s/^/<?xml version="1.0" encoding="ISO-8859-1"?>/'
refused 0 "a later minor version" 's/version="1.0"/version="1.7"/'
refused 0 "elements and attributes of another namespace" \
    's/<images>/<x:y xmlns:x="urn:x" z="1"><q\/><\/x:y><images xmlns:x="urn:x" x:a="1">/'
refused 0 "no network, nothing left out" '/<networks>/,/<\/left-out>/d'

# damaged STATUS WHAT CMD …: verify, after a change in the package.
damaged() {
    local status=$1 what=$2
    shift 2
    fresh
    (cd "$broken" && "$@") || not_ok "the change of “$what” can be made"
    exits "$status" "$what" "$VIRT_PORTER" verify "$broken"
}

damaged 4 "no manifest" rm package.xml
damaged 4 "a member that is missing" rm nvram.fd
damaged 4 "a file that is not listed" touch extra
damaged 4 "a folder that is not listed" mkdir extra
damaged 4 "a definition that differs" sed -i 's/web1/web2/' domain.xml
damaged 4 "a byte that is not UTF-8" sh -c 'printf "\377" >> package.xml'
damaged 4 "a longer member" truncate -s +1 nvram.fd
damaged 4 "a shorter image" truncate -s -512 disks/vda.raw
damaged 5 "a member that is a link" ln -sf /dev/zero nvram.fd
damaged 5 "a folder that is a link" sh -c 'mv tpm ../elsewhere.$$ && ln -s ../elsewhere.$$ tpm'
if type qemu-nbd > /dev/null 2>&1; then
    damaged 4 "a bit that differs" sh -c 'printf V | dd of=disks/vda.raw conv=notrunc 2> /dev/null'
    is "each fault is told" "$(fresh; rm "$broken/nvram.fd"; touch "$broken/extra"
        "$VIRT_PORTER" verify "$broken" 2>&1 | grep -c 'error: package-damaged')" 2
fi
exits 4 "a file" "$VIRT_PORTER" info "$manual"
exits 1 "nothing at all" "$VIRT_PORTER" info "$T/none"

# The test driver has no guests to give, but it plans.
powers=$(sed -n '/power_names\[\]/,/^};/p' "$VP_SRCDIR/plugin/model/powers.c" | grep -oE '"[a-z]+"' |
    tr -d '"' | paste -sd ,)
exits 3 "every power can be allowed; the test driver is no KVM host" \
    "$VIRT_PORTER" -c test:///default import "$package" --dry-run --dir "$T" --allow "$powers"
is "and the XML is shown" "$(grep -c '<name>web1</name>' "$T/out")" 1
exits 2 "what is no power cannot" \
    "$VIRT_PORTER" -c test:///default import "$package" --dry-run --allow everything
finish
