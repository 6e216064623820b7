#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# runs on: session
# A plan says of every resource what becomes of it and why; given to import it is done, edited or
# not, for its own package only. Profiles are found by name.
. "$(dirname "$0")/lib.sh"

g=$TEST-g
two_disks "$g"
mkdir new other
must vp export "$g" g.vpkg
schema=$VP_PREFIX/share/virt-porter/schemas/plan.rng
options=(--name "$TEST-new" --dir "$T/new" --disk vdb=skip --nic 0=user --genid keep --title 'A & B')

before=$(host_state "$T" "$(images_folder)" | grep -v 'xml$')
succeeds "plan" vp plan g.vpkg "${options[@]}"
cp "$OUT" p.xml
true_that "it is valid" xmllint --noout --relaxng "$schema" p.xml
for value in "name=$TEST-new" uuid=new genid=keep "title=A & B" virt-type=qemu start=no; do
    is "$(xmllint --xpath "string(//${value%%=*})" p.xml)" "${value#*=}" "it says $value"
done
is "$(xmllint --xpath 'concat(//disk[1]/@to, " ", //disk[1]/@from, " ", //disk[1]/@was)' p.xml)" \
    "$T/new/$TEST-new-vda.qcow2 --dir $T/$g/vda.qcow2" "where a disk goes, why, and what it was"
is "$(xmllint --xpath 'concat(//disk[2]/@to, " ", //disk[2]/@from)' p.xml)" "skip --disk" "what is left out"
is "$(xmllint --xpath 'concat(//nic/@to, " ", //nic/@mac, " ", //nic/@from, " ", //nic/@mac-from)' p.xml)" \
    "user new --nic default" "where a NIC is connected"
vp plan g.vpkg "${options[@]}" > again.xml
true_that "the same again" cmp p.xml again.xml
vp plan g.vpkg --plan p.xml > of-itself.xml
true_that "the plan of the plan says the same" diff <(sed -E 's/ (mac-)?from="[^"]*"//g' p.xml) \
    <(sed -E 's/ (mac-)?from="[^"]*"//g' of-itself.xml)

drawn='s/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/UUID/g; s/52:54:00(:[0-9a-f]{2}){3}/MAC/g; s/<vp:imported.*//; s/time="[^"]*"//'
vp import --dry-run g.vpkg "${options[@]}" | sed -E "$drawn" > by-options.xml
vp import --dry-run g.vpkg --plan p.xml | sed -E "$drawn" > by-plan.xml
true_that "import would define the same by the plan as by the options" diff by-options.xml by-plan.xml
is "$(host_state "$T" "$(images_folder)" | grep -v 'xml$')" "$before" "nothing was touched"

sed "s|<name[^>]*>[^<]*|<name>$TEST-edited|; s|to=\"$T/new/[^\"]*\"|to=\"$T/other/a.raw\"|; s|format=\"qcow2\"|format=\"raw\"|" \
    p.xml > edited.xml
succeeds "import of an edited plan" vp import g.vpkg --plan edited.xml
is "$(xml "$TEST-edited" "//disk[1]/source/@file")" "$T/other/a.raw" "the disk is where it says"
is "$(xml "$TEST-edited" "//title")" "A & B" "and all else too"
run_until "$TEST-edited" 1
ok "it boots"

must vp export "$g" --format raw raw.vpkg
vp plan raw.vpkg --name "$TEST-link" --dir "$T/new" | sed 's|>copy</mode>|>link</mode>|' > link.xml
fails 2 "a plan of raw disks whose mode becomes link" vp import raw.vpkg --plan link.xml
says 'plan link.xml, line [0-9]+: mode link: .* plan link.xml says format=raw: say format=qcow2' \
    "says where, and what to say instead"
sed -i 's|format="raw"|format="qcow2"|' link.xml
succeeds "which is then done" vp import raw.vpkg --plan link.xml
run_until "$TEST-link" 1
ok "and boots"

must vp export "$g" --exclude vdb h.vpkg
fails 2 "a plan of another package" vp import h.vpkg --plan p.xml
says 'of another package' "says so"
sed 's/<name/<nmae/; s/name>/nmae>/' p.xml > bad.xml
fails 2 "a plan with an unknown element" vp import g.vpkg --plan bad.xml
says 'bad.xml, line [0-9]+: nmae: no such element; there are: name' "names the line and what there is"
fails 2 "a plan as a profile" vp check g.vpkg --profile ./p.xml
fails 1 "no such plan" vp check g.vpkg --plan none.xml
says 'plan none.xml: ' "is named as such"
fails 2 "an empty word for a plan" vp check g.vpkg --plan ''
says '\-\-plan: .*give its path' "asks for its path"

export XDG_CONFIG_HOME=$T/config
profiles=$T/config/virt-porter/profiles
must mkdir -p "$profiles"
cat > "$profiles/site-a.xml" << END
<plan version='1.0'>
  <network source='*' to='none'/>
  <disks source='$T/$g/*' to='$T/other/'/>
  <mac-prefix>52:54:00:a0</mac-prefix>
  <file-mode>0640</file-mode>
</plan>
END
fails 2 "an unknown profile" vp check g.vpkg --profile site-b
says 'site-a' "lists those there are"
is "$(vp complete profiles)" site-a "the completion knows it"
succeeds "import by a profile's rules" vp import g.vpkg --name "$TEST-site" --profile site-a
is "$(xml "$TEST-site" "//disk[1]/source/@file")" "$T/other/$TEST-site-vda.qcow2" "the disks are where it says"
true_that "with the MAC prefix that it says" grep -q '^52:54:00:a0:' <(xml "$TEST-site" //interface/mac/@address)
is "$(xml "$TEST-site" "//interface/link/@state")" down "connected to nothing, as it says"
is "$(stat -c %a other/"$TEST-site"-vd?.qcow2 | sort -u)" 640 "of the mode that it says"
succeeds "an option wins over a profile" vp import g.vpkg --name "$TEST-opt" --profile site-a \
    --file-mode 600 --nic 0=user
is "$(stat -c %a "other/$TEST-opt-vda.qcow2") $(xml "$TEST-opt" "//interface/link/@state")" "600 " "it does"
