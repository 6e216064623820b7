#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The completion, as bash calls it. libvirt's test driver has a domain and a network.
. "$(dirname "$0")/tap.sh"
script=$VP_SRCDIR/docs/completion/virt-porter

# completes WHAT WANTED WORD …: the words as bash divides them, the last being typed.
completes() {
    local what=$1 wanted=$2 got
    shift 2
    got=$(. "$script"
        COMP_WORDBREAKS=$' \t\n"\'><=;|&(:' COMP_WORDS=(virt-porter "$@") COMP_CWORD=$#
        _virt_porter "$VIRT_PORTER" 2>&1
        printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd ' ')
    is "$what" "$got" "$wanted"
}

exits 0 "it can be sourced" bash -c 'set -u; . "$1"; complete -p virt-porter' - "$script"
is "and completes virt-porter" "$(cat "$T/out")" "complete -F _virt_porter virt-porter"
completes "commands" "check export import info list plan revoke verify" ""
completes "a command that is begun" "import info" i
completes "a command after options" "export" -q -c test : ///default ex
completes "options of a command" "--mac --machine" import --ma
completes "options of every command" "--connect" list --c
completes "no options of another command" "" verify --snap
completes "no options behind --" "" export -- --f
completes "values" "qcow2 raw" export --format ""
completes "values that are begun" "keep keep-if-free" import --mac k
completes "values behind an equals sign" "keep keep-if-free" import --mac = k
completes "no values of a switch" "--dry-run" import --start --dr
completes "powers" "script seclabel secret" import --allow s
completes "powers behind a comma" "emulator,kernel" import --allow emulator,k
completes "connections" "bridge: direct: drop keep network:default none ovs: user" \
    -c test : ///default import x --nic 0 =
completes "a network" "network:default" -c test : ///default import x --network lan = netw
completes "a network behind its colon" "default" \
    -c test : ///default import x --network = lan = network : d
completes "pools" "default-pool" -c test : ///default import x --pool ""
completes "nothing before a NIC is named" "" import x --nic ""

completes "domains" "test" -c test : ///default export ""
completes "domains, the URI behind an equals sign" "test" --connect = test : ///default export te
completes "no second domain" "" -c test : ///default export test nothing-here
completes "no domain that does not match" "" -c test : ///default export x

# Domains and snapshots with names that a shell would take apart.
domain() {
    echo "<domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
        <name>$1</name><uuid>6695eb01-f6a4-8304-79aa-97f2502e193$2</uuid>
        <memory>8192</memory><os><type>hvm</type></os>$3</domain>"
}
snapshot() {
    echo "<test:domainsnapshot><name>$1</name><state>shutoff</state>
        <creationTime>1</creationTime><active>0</active>$(domain web 1 '')</test:domainsnapshot>"
}
cat > "$T/node.xml" <<END
<node>
  $(domain 'two words' 0 '')
  $(domain web 1 "$(snapshot before) $(snapshot 'before upgrade')")
</node>
END
uri=(test : "//$T/node.xml")
completes "a name with a blank" 'two\ words' -c "${uri[@]}" export tw
completes "snapshots of the domain" 'before before\ upgrade' -c "${uri[@]}" export web --snapshot ""
completes "snapshots that are begun" 'before\ upgrade' \
    -c "${uri[@]}" export web --snapshot = 'before\ '
completes "no snapshots of nobody" "" -c "${uri[@]}" export --snapshot ""
completes "a fault is silence" "" -c test : ///no-such-file export ""

mkdir -p "$T/dir/web1.vpkg"
touch "$T/dir/disk.qcow2"
completes "packages are folders" "$T/dir/web1.vpkg" info "$T/dir/"
completes "disks" "$T/dir/disk.qcow2" import x --disk vda = "$T/dir/d"
completes "a disk may be left out" "skip" import x --disk vda = sk
completes "folders" "$T/dir" import x --dir "$T/di"
finish
