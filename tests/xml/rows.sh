#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Each row of rows.txt: the domain and the findings that come of it are the expected, it
# is valid, and it differs from its source in nothing but what the options say.
# VP_REGENERATE=1 makes the expectations anew, to be read in the diff.
. "$(dirname "$0")/../meta/tap.sh"
here=$VP_SRCDIR/tests/xml
expected=$here/expected
retarget=$VP_BUILDDIR/tests/xml/retarget
schema=/usr/share/libvirt/schemas/domain.rng
mkdir "$T/source" "$T/result"
declare -A faults

for domain in "$here"/domains/*.xml; do
    xmllint --encode UTF-8 "$domain" > "$T/source/${domain##*/}" || not_ok "${domain##*/} is XML"
done

# run_row NAME HOST DOMAIN OPTION …
run_row() {
    local name=$1 host=$here/$2.ini domain=$3.xml result=$T/result/$1 status IFS=$'\t'
    shift 3
    "$retarget" "$host" "$here/domains/$domain" "$@" > "$result.xml" 2> "$result.findings"
    status=$?
    if [ "$status" = 0 ] || [ "$status" = 3 ]; then
        local options=("${@//$'\n'/$'\x1f'}")
        echo "$name	$host	$T/source/$domain	$result.xml${options[*]:+	}${options[*]}" >> "$T/jobs"
    elif [ "$status" != 2 ]; then
        faults[$name]+="left with $status"$'\n'
    fi
    [ -s "$result.xml" ] || rm "$result.xml"
    [ -s "$result.findings" ] || rm "$result.findings"
}

rows=()
used=
while IFS='|' read -r name host domain options; do
    read -r name <<< "$name"
    if [ -z "$name" ] || [ "${name:0:1}" = '#' ]; then
        continue
    fi
    read -r host <<< "$host"
    read -r domain <<< "$domain"
    eval "words=($options)"
    run_row "$name" "$host" "$domain" "${words[@]}" < /dev/null
    rows+=("$name")
    used+="$domain.xml"$'\n'
done < "$here/rows.txt"

while IFS= read -r line; do
    faults[${line%%: *}]+="${line#*: }"$'\n'
done < <(perl "$here/differ.pl" < "$T/jobs" 2>&1)

if [ -n "${VP_REGENERATE-}" ]; then
    rm -rf "$expected"
    cp -r "$T/result" "$expected"
fi
while IFS= read -r line; do
    name=${line##*[/ ]}
    name=${name%.xml}
    name=${name%.findings}
    faults[$name]+=$(diff -uN "$expected/$name.xml" "$T/result/$name.xml"
        diff -uN "$expected/$name.findings" "$T/result/$name.findings")
done < <(cd "$T" && diff -rqN "$expected" result | sed 's/ differ$//')

for name in "${rows[@]}"; do
    none "$name" "${faults[$name]-}"
    unset "faults[$name]"
done
none "nothing else is wrong, no expectation without a row" "${faults[*]:+${!faults[*]}: ${faults[*]}}"
none "every row has a name of its own" "$(printf '%s\n' "${rows[@]}" | sort | uniq -d)"
none "every domain has a row" "$(comm -23 <(ls "$here/domains") <(sort -u <<< "$used"))"
if [ -e "$schema" ]; then
    none "every result is valid" \
        "$(xmllint --noout --relaxng "$schema" "$T"/result/*.xml 2>&1 | grep -v ' validates$')"
else
    skip "every result is valid" "no schema of libvirt"
fi
finish
