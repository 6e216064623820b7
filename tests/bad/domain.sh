#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# domain.xml: no domain, hostile names, powers. Sizes and digests are right: verify, which
# proves bytes and holds XML to its rules, is content with names and powers.
. "$(dirname "$0")/lib.sh"

replace() {
    cat > domain.xml
    seal domain.xml
}

# ---- no domain ----

attack "an empty domain.xml" config 0444 "domain.xml: not well-formed" << 'END'
replace < /dev/null
END

attack "domain.xml is a picture" config 044 "domain.xml: byte" << 'END'
printf '\x89PNG\r\n\x1a\n' | replace
END

attack "domain.xml is a network" config 044 "domain.xml: not a libvirt domain" << 'END'
replace <<< "<network><name>m</name></network>"
END

attack "domain.xml is a snapshot" config 044 "domain.xml: not a libvirt domain" << 'END'
replace <<< "<domainsnapshot><name>s</name>$(cat domain.xml)</domainsnapshot>"
END

attack "a domain of a foreign namespace" config 044 "domain.xml: not a libvirt domain" << 'END'
domain 's/<domain /<domain xmlns="urn:elsewhere" /'
END

attack "two domains" config 044 "domain.xml: not well-formed" << 'END'
cat domain.xml domain.xml > two
mv two domain.xml
seal domain.xml
END

attack "a DOCTYPE in domain.xml" config 0555 "domain.xml: has a DOCTYPE" << 'END'
replace <<< "<!DOCTYPE domain [<!ENTITY x SYSTEM \"file://$OUTSIDE\">]>$(sed 's|<name>m|<name>\&x;|' domain.xml)"
END

attack "domain.xml nested 10 000 deep" config 055 "domain.xml: nested deeper" << 'END'
replace <<< "<domain><name>m</name>$(repeat "<a>" 10000)$(repeat "</a>" 10000)</domain>"
END

attack "domain.xml in UTF-16" config 044 "domain.xml: byte" << 'END'
iconv -t UTF-16 domain.xml > wide
mv wide domain.xml
seal domain.xml
END

attack "a domain.xml of 20 MiB" config 055 "domain.xml: larger than" << 'END'
domain "s|<devices>|<!--$(repeat x 1000)-->&|"
head -c 20M /dev/zero | tr '\0' ' ' >> domain.xml
seal domain.xml
END

# ---- names ----

name() {
    domain "s|<name>m</name>|<name>$1</name>|"
}

attack "no name" config 044 "not a libvirt domain with a type and a name" << 'END'
domain '/<name>/d'
END

attack "an empty name" config 044 "not a libvirt domain with a type and a name" << 'END'
name ""
END

# More of them stand in tests/unit/test-identity.c.
for bad in ../../x .. "&#10;" "&#x9b;2J" "  "; do
    attack "a domain called “$bad”" qcow2 0505 "domain.xml: the name" << 'END'
name "${bad/&/\\&}"
END
done

attack "a hostile name, and the importer gives another" qcow2 0000 "" --name web <<< "name ../../x"

attack "a name of 300 bytes" qcow2 050 "longer than 200 bytes" << 'END'
name "$(repeat x 300)"
END

attack "a name is no option" qcow2 0000 "" << 'END'
name -rf
END

attack "a name with quotes and spaces" qcow2 0000 "" << 'END'
name "'\"\$(id) web; x"
END

attack "a name that turns the writing direction" qcow2 0000 "" << 'END'
name "a&#x202e;b" 
sed -i 's/a202e/\&/' domain.xml
seal domain.xml
END

attack "two names" qcow2 0303 "xml-refused" << 'END'
domain 's|<name>m</name>|&<name>n</name>|'
END

# ---- targets: files are named after them ----

for target in ../../x "" "vda&#10;"; do
    attack "a disk called “$target”" qcow2 050 "is no target of a disk" << 'END'
domain "s|dev=\"vda\"|dev=\"${target/&/\\&}\"|"
manifest "s|target=\"vda\"|target=\"${target/&/\\&}\"|"
END
done

attack "a target of 300 bytes" qcow2 030 "xml-refused" << 'END'
domain "s|dev=\"vda\"|dev=\"$(repeat v 300)\"|"
manifest "s|target=\"vda\"|target=\"$(repeat v 300)\"|"
END

attack "two disks of one target" qcow2 030 "file-exists" << 'END'
domain "s|</disk>|&$(sed -n '/<disk/,/<.disk>/p' domain.xml | tr -d '\n')|"
END

# ---- powers and places that are looked at twice ----

attack "a disk of the host in a second list of devices" qcow2 030 "xml-refused" --allow hostpath << 'END'
domain "s|</devices>|&<devices><disk type='file'><source file='$OUTSIDE'/><target dev='vdb'/></disk></devices>|"
END

attack "a disk of the host that has no target" qcow2 030 "xml-refused" << 'END'
domain "s|</devices>|<disk type='file'><source file='$OUTSIDE'/></disk>&|"
END

attack "a second source in a disk" qcow2 030 "xml-refused" << 'END'
domain "s|<source file=.*/>|&<source file='$OUTSIDE'/>|"
END

attack "a backing chain of the host" qcow2 0000 "" << 'END'
domain "s|<target dev|<backingStore type='file'><format type='raw'/><source file='$OUTSIDE'/><backingStore/></backingStore>&|"
END

attack "an emulator" qcow2 030 "power-refused" << 'END'
domain 's|<devices>|&<emulator>/bin/sh</emulator>|'
END

attack "a command line" qcow2 030 "power-refused" << 'END'
domain "s|</domain>|<qemu:commandline xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><qemu:arg value='-x'/></qemu:commandline>&|"
END

attack "a kernel of the host" qcow2 030 "power-refused" << 'END'
domain 's|</os>|<kernel>/boot/vmlinuz</kernel>&|'
END

attack "a host device" qcow2 030 "power-refused" << 'END'
domain "s|</devices>|<hostdev mode='subsystem' type='usb'><source><vendor id='0x1234'/><product id='0xbeef'/></source></hostdev>&|"
END

attack "a folder of the host" qcow2 030 "power-refused" << 'END'
domain "s|</devices>|<filesystem type='mount'><source dir='/'/><target dir='r'/></filesystem>&|"
END

attack "a log file of the host" qcow2 030 "power-refused" << 'END'
domain "s|</devices>|<serial type='file'><source path='/etc/cron.d/x'/></serial>&|"
END

attack "a script" qcow2 030 "power-refused" << 'END'
domain "s|</devices>|<interface type='ethernet'><script path='/bin/sh'/></interface>&|"
END

attack "a listener" qcow2 030 "power-refused" << 'END'
domain "s|</devices>|<graphics type='vnc' listen='0.0.0.0'/>&|"
END

attack "an element that nobody knows" qcow2 030 "power-refused" << 'END'
domain 's|</devices>|<frobnicate/>&|'
END

attack "an origin record that is a lie" qcow2 0000 "" << 'END'
domain 's|</domain>|<metadata><o:origin xmlns:o="urn:virt-porter:origin:1" package="lie" user="root"/></metadata>&|'
END

done_testing
