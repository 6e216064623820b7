#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The table of choices, the options of import, the schema of plans and the manual agree.
. "$(dirname "$0")/tap.sh"
cd "$VP_SRCDIR" || exit 1
schema=schemas/plan.rng
table=plugin/model/choice.c

# "FORM NAME SYNTAX" of each row; "RULE NAME" of those that no option stands for.
sed -n '/^static const VpChoice choices/,/^};/p' "$table" | tr -s '\n ' ' ' |
    sed 's/\[VP_CHOICE_[A-Z_]*\] = /\n&/g' | grep '^\[VP_CHOICE' | grep -v LAST > "$T/rows"
sed -nE 's/.*= +(TEXTS?|FLAG|PAIRS)\("([a-z-]+)", [a-z_]+, "([^"]*)".*/\1 \2 \3/p' "$T/rows" > "$T/options"
sed -nE 's/.*= \{"([a-z-]+)", .*VP_CHOICE_NO_OPTION.*/RULE \1/p' "$T/rows" > "$T/rules"
is "each row is understood" "$(cat "$T/options" "$T/rules" | wc -l)" "$(wc -l < "$T/rows")"

"$VIRT_PORTER" import --help > "$T/help"
sed -n 's/^      --\([a-z-]*\).*/\1/p' "$T/help" | sort > "$T/known"
own='connect json quiet verbose version dry-run plan profile'
is "each option of import that chooses something is a row, and no other" \
    "$(cut -d' ' -f2 "$T/options" | sort)" \
    "$(grep -vxF "$(tr ' ' '\n' <<< "$own")" "$T/known")"
none "the help says of each what the table says" "$(
    while read -r form name syntax; do
        case $form in
            TEXT | TEXTS) grep -qF -- "--$name $syntax" "$T/help" || echo "$name: $syntax" ;;
        esac
    done < "$T/options")"

xmllint --xpath '/*[local-name()="grammar"]/*[local-name()="start"]//*[local-name()="element"]/@name' \
    "$schema" | grep -oE '"[^"]+"' | tr -d '"' | grep -vx plan | sort > "$T/elements"
is "the schema has an element for each row, and no other" "$(cat "$T/elements")" \
    "$(cut -d' ' -f2 "$T/options" "$T/rules" | sort)"
none "the manual tells of those that no option stands for" "$(
    while read -r _ name; do
        grep -qF "*<$name" docs/virt-porter.1.rst || echo "$name"
    done < "$T/rules")"

# The examples of the manual: the indented blocks that are a plan.
awk -v out="$T/example" '
    /^    <plan / { n++; inside = 1 }
    inside { print substr($0, 5) > (out n ".xml") }
    /^    <\/plan>/ { inside = 0 }' docs/virt-porter.1.rst
is "the manual has an example of a plan and one of a profile" "$(find "$T" -name 'example*' | wc -l)" 2
for example in "$T"/example*.xml; do
    exits 0 "${example##*/} is valid" xmllint --noout --relaxng "$schema" "$example"
done
finish
