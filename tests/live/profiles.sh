#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: system
# A profile by its name is the user's, else the system's; a plan wins over it and options over both,
# and a plan tells which said what.
. "$(dirname "$0")/lib.sh"

make_guest "$TEST-g"
must vp export "$TEST-g" g.vpkg
fails 2 "an unknown profile" vp check g.vpkg --profile nowhere
says 'no profile “nowhere” in /.* or /.*; there are: ' "says where it looked"
own=$(sed -n 's/.*“nowhere” in \(.*\) or .*; there are.*/\1/p' "$ERR")
common=$(sed -n 's/.*“nowhere” in .* or \(.*\); there are.*/\1/p' "$ERR")
case $VP_PREFIX in
    /usr) etc=/etc ;;
    *) etc=$VP_PREFIX/etc ;;
esac
is "$common" "$etc/virt-porter/profiles" "the system's folder is that of its configuration"

# make_own NUMBER FOLDER: it is there, and what comes into it is this script's alone.
make_own() {
    local above=$2
    until [ -d "$above" ]; do
        above=$(dirname "$above")
    done
    must test "$above" != /
    must mkdir "$1"
    must mount -t tmpfs none "$1"
    at_exit umount "$T/$1"
    must mkdir "$1/upper" "$1/work"
    must mount -t overlay -o "lowerdir=$above,upperdir=$T/$1/upper,workdir=$T/$1/work" none "$above"
    at_exit umount "$above"
    must mkdir -p "$2"
}
make_own 1 "$own" # first: the build may lie below the user's folder
make_own 2 "$common"

cat > "$common/$TEST.xml" << END
<plan version='1.0'>
  <title>of the site</title>
  <description>of the site</description>
  <memory>48</memory>
  <file-mode>0640</file-mode>
  <network source='*' to='bridge:br-test'/>
</plan>
END
is "$(vp complete profiles | grep "$TEST")" "$TEST" "the completion knows the system's"
succeeds "import by it" vp import g.vpkg --name "$TEST-a" --dir "$T" --profile "$TEST"
is "$(xml "$TEST-a" //title)" "of the site" "does what it says"
is "$(xml "$TEST-a" //interface/source/@bridge)" br-test "of NICs too"
is "$(stat -c %a "$TEST-a-vda.qcow2")" 640 "and of files"

echo "<plan version='1.0'><nmae/></plan>" > "$common/$TEST-bad.xml"
fails 2 "a malformed profile of the system" vp check g.vpkg --profile "$TEST-bad"
says "profile $TEST-bad \\($common/$TEST-bad.xml\\), line 1: nmae: " "is named with its path"
must mkdir "$common/$TEST-folder.xml"
fails 1 "one that cannot be read" vp check g.vpkg --profile "$TEST-folder"
says "profile $TEST-folder: $common/$TEST-folder.xml: " "too"
must rm -r "$common/$TEST"-*

cat > p.xml << END
<plan version='1.0' package='$(sha256sum < g.vpkg/package.xml | cut -d' ' -f1)'>
  <title>planned</title>
  <description>planned</description>
</plan>
END
# told ELEMENT: its value and where it comes from, in the plan that was printed last.
told() {
    xmllint --xpath "concat(//$1, ', ', //$1/@from)" "$OUT"
}
succeeds "a plan of profile, plan and options" vp plan g.vpkg --name "$TEST-b" --dir "$T" \
    --title asked --plan p.xml --profile "$TEST"
is "$(told title)" "asked, --title" "an option wins"
is "$(told description)" "planned, plan p.xml" "then the plan"
is "$(told memory)" "48, profile $TEST" "then the profile"
is "$(told uuid)" "new, default" "of what nobody said it says so"

mkdir -p "$T/env/virt-porter/profiles"
echo "<plan version='1.0'><title>of the environment</title></plan>" \
    > "$T/env/virt-porter/profiles/$TEST.xml"
XDG_CONFIG_HOME=$T/env HOME=$T/env vp plan g.vpkg --profile "$TEST" > env.xml 2> "$ERR"
is "$(xmllint --xpath 'string(//title)' env.xml)" "of the site" "root's are not those of the environment"
echo "<plan version='1.0'><title>of the user</title></plan>" > "$own/$TEST.xml"
is "$(vp complete profiles | grep -c "$TEST")" 1 "one name is there once"
succeeds "the user's own comes before" vp import g.vpkg --name "$TEST-c" --dir "$T" --profile "$TEST"
is "$(xml "$TEST-c" //title)" "of the user" "it counts"
is "$(stat -c %a "$TEST-c-vda.qcow2")" 600 "and the system's does not"
