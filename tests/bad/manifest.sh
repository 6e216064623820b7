#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# package.xml: not there, broken, hostile XML, false in itself.
. "$(dirname "$0")/lib.sh"

# again: a second moment, "1", with a domain of its own and no disk.
again() {
    cp domain.xml again.xml
    manifest "s|</moments>|<moment id=\"1\" consistency=\"off\">$(member domain again.xml)</moment>&|"
}

# ---- the file ----

attack "no manifest" qcow2 44 "it has no package.xml" << 'END'
rm package.xml
END

attack "an empty folder" qcow2 44 "it has no package.xml" << 'END'
rm -r ./*
END

attack "an empty manifest" qcow2 44 "package.xml: not well-formed" << 'END'
: > package.xml
END

attack "a manifest cut off" qcow2 44 "package.xml: not well-formed" << 'END'
truncate -s 700 package.xml
END

attack "a flipped bit in the manifest" qcow2 44 "package.xml: not" << 'END'
flip package.xml 3
END

attack "a manifest of 20 MiB" qcow2 55 "package.xml is larger than 8 MiB" << 'END'
truncate -s 20M package.xml
END

attack "a manifest of 8 EiB that takes no space" qcow2 55 "package.xml is larger than 8 MiB" << 'END'
truncate -s 8E package.xml 2> /dev/null || truncate -s 8T package.xml 2> /dev/null || truncate -s 1T package.xml
END

attack "the manifest is a link" qcow2 55 "package.xml is a link" << 'END'
mv package.xml real.xml
ln -s real.xml package.xml
END

attack "the manifest is a link to a file of the host" qcow2 55 "package.xml is a link" << 'END'
ln -sf "$OUTSIDE" package.xml
END

attack "the manifest is a broken link" qcow2 55 "package.xml is a link" << 'END'
ln -sf nowhere package.xml
END

attack "the manifest is a folder" qcow2 55 "package.xml is no plain file" << 'END'
rm package.xml
mkdir package.xml
END

attack "the manifest is a FIFO" qcow2 55 "package.xml is no plain file" << 'END'
rm package.xml
mkfifo package.xml
END

# ---- XML ----

attack "a manifest that is no manifest" qcow2 44 "not a manifest" << 'END'
echo "<html/>" > package.xml
END

attack "a manifest of a foreign namespace" qcow2 44 "not a manifest" << 'END'
manifest 's|<package |<package xmlns="urn:elsewhere" |'
END

attack "a newer major version" qcow2 44 "newer than this virt-porter reads" << 'END'
manifest 's|version="1.0"|version="2.0"|'
END

attack "a newer major version whose shape is unknown" qcow2 44 "use a newer virt-porter" << 'END'
echo '<package version="17.3"><pages/></package>' > package.xml
END

attack "no version" qcow2 44 "not a manifest with a version" << 'END'
manifest 's|version="1.0"||'
END

attack "a DOCTYPE" qcow2 55 "package.xml: has a DOCTYPE" << 'END'
manifest '1s|^|<!DOCTYPE package>\n|'
END

attack "an external entity" qcow2 55 "package.xml: has a DOCTYPE" << 'END'
manifest "1s|^|<!DOCTYPE package [<!ENTITY x SYSTEM \"file://$OUTSIDE\">]>\n|; s|virt-porter 0|\&x;|"
END

attack "an external DTD" qcow2 55 "package.xml: has a DOCTYPE" << 'END'
manifest "1s|^|<!DOCTYPE package SYSTEM \"file://$OUTSIDE\">\n|"
END

attack "a billion laughs" qcow2 55 "package.xml: has a DOCTYPE" << 'END'
{
    echo '<!DOCTYPE package [<!ENTITY l0 "ha">'
    for i in {1..30}; do
        echo "<!ENTITY l$i \"$(repeat "\&l$((i - 1));" 10)\">"
    done
    echo ']>'
} > laughs
sed -i 's|virt-porter 0|\&l30;|' package.xml
cat laughs package.xml > both
mv both package.xml
rm laughs
END

attack "an entity that nobody defined" qcow2 44 "package.xml: not well-formed" << 'END'
manifest 's|virt-porter 0|\&x;|'
END

attack "an XInclude of a file of the host" qcow2 0000 "" << 'END'
manifest "s|<images>|<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"$OUTSIDE\" parse=\"text\"/>&|"
END

attack "nested 10 000 deep" qcow2 55 "nested deeper than" << 'END'
{ sed '/<images>/,$d' package.xml; repeat "<a>" 10000; repeat "</a>" 10000; sed -n '/<images>/,$p' package.xml; } > deep
mv deep package.xml
END

attack "nested 100 deep" qcow2 55 "nested deeper than" << 'END'
{ sed '/<images>/,$d' package.xml; repeat "<a>" 100; repeat "</a>" 100; sed -n '/<images>/,$p' package.xml; } > deep
mv deep package.xml
END

attack "UTF-16" qcow2 44 "is not UTF-8 text" << 'END'
iconv -t UTF-16 package.xml > wide
mv wide package.xml
END

attack "ISO-8859-1" qcow2 55 "only UTF-8 is read" << 'END'
manifest '1s|^|<?xml version="1.0" encoding="ISO-8859-1"?>\n|'
END

attack "an encoding that does not exist" qcow2 44 "package.xml: not well-formed" << 'END'
manifest '1s|^|<?xml version="1.0" encoding="x-evil"?>\n|'
END

attack "a byte order mark" qcow2 0000 "" << 'END'
manifest '1s|^|\xef\xbb\xbf|'
END

attack "a NUL byte" qcow2 44 "is not UTF-8 text" << 'END'
put package.xml 30 00
END

attack "NUL bytes after the end" qcow2 44 "is not UTF-8 text" << 'END'
truncate -s +100 package.xml
END

attack "invalid UTF-8" qcow2 44 "is not UTF-8 text" << 'END'
manifest 's|virt-porter 0|\xff\xfe\xc0\x80|'
END

attack "control characters" qcow2 44 "package.xml: not well-formed" << 'END'
manifest 's|virt-porter 0|\x1b[2J|'
END

attack "an element that the schema does not know" qcow2 44 "package.xml: not valid" << 'END'
manifest 's|<images>|<run>rm -rf /</run>&|'
END

attack "no image list" qcow2 44 "package.xml: not valid" << 'END'
manifest '/<images>/,/<\/images>/d'
END

attack "no moment" qcow2 44 "package.xml: not valid" << 'END'
manifest '/<moment /,/<\/moment>/d'
END

attack "no domain" qcow2 44 "package.xml: not valid" << 'END'
manifest '/<domain member/d'
END

attack "a word that the format does not know" qcow2 44 "package.xml: not valid" << 'END'
manifest 's|format="qcow2"|format="vmdk"|'
END

attack "a digest that is none" qcow2 44 "package.xml: not valid" << 'END'
manifest 's|digest="..|digest="ZZ|'
END

# ---- the sense of it ----

attack "two images of one id" qcow2 44 "two images have the id" << 'END'
manifest 's|(<image )(.*vda)(.qcow2.*)|&\n\1\2-b\3|'
END

attack "two images of one member" qcow2 44 "two members are called" << 'END'
manifest 's|(<image id="vda)(.*)|&\n\1-b\2|'
END

attack "a disk twice" qcow2 44 "is listed twice" << 'END'
manifest 's|<disk .*|&&|'
END

attack "an image that is not listed" qcow2 44 "which is not listed" << 'END'
manifest 's|image="vda"|image="vdz"|'
END

attack "an image that no disk needs" qcow2 44 "no disk needs" << 'END'
manifest 's|(<image id="vda)(.*member="disks/vda)(.*)|&\n\1-b\2-b\3|'
cp disks/vda.qcow2 disks/vda-b.qcow2
END

attack "an image that lies on itself" qcow2 44 "or on itself" << 'END'
manifest 's|(<image .*)/>|\1 backing="vda"/>|'
END

attack "an image that lies on nothing" qcow2 44 "is missing" << 'END'
manifest 's|(<image .*)/>|\1 backing="base"/>|'
END

attack "a disk that the domain lacks" qcow2 0404 "none of the domain's" << 'END'
manifest 's|target="vda"|target="vdz"|'
END

attack "configuration only, with disks" qcow2 44 "configuration only" << 'END'
manifest 's|>full<|>config<|'
END

attack "two moments of one id" qcow2 44 "two moments have the id" << 'END'
again
manifest 's|id="1"|id="0"|'
END

attack "a moment whose parent is not there" qcow2 44 "the parent of moment" << 'END'
again
manifest 's|id="1"|id="1" parent="2"|'
END

attack "two moments that are no snapshots" qcow2 44 "is no snapshot" << 'END'
again
END

attack "twenty thousand images" qcow2 44 "two members are called" << 'END'
{
    sed '/<image /,$d' package.xml
    repeat '<image id="a" member="disks/a" format="raw" virtual-size="1" file-size="1" allocated="1"/>' 20000
    sed -n '/<image /,$p' package.xml
} > many
mv many package.xml
END

attack "a chain of backing images without end" qcow2 44 "more than 200 others" << 'END'
{
    sed '/<image /,$d' package.xml
    for i in {1..3000}; do
        echo "<image id=\"i$i\" member=\"disks/$i\" format=\"qcow2\" virtual-size=\"1\" file-size=\"1\" allocated=\"1\" backing=\"i$((i + 1))\"/>"
    done
    sed -n '/<image /,$p' package.xml | sed 's|image="vda"|image="i1"|'
} > many
mv many package.xml
END

# ---- numbers; tests/unit/test-manifest.c has more of them ----

attack "a negative number" qcow2 44 "package.xml: not valid" << 'END'
manifest 's|virtual-size="|&-|'
END

attack "a hexadecimal number" qcow2 44 "package.xml: not valid" << 'END'
manifest 's|file-size="|&0x|'
END

attack "a number above 64 bits" qcow2 44 "package.xml: not valid" << 'END'
manifest 's|allocated="|&18446744073709551616|'
END

attack "a disk of 2 to the 63 bytes" qcow2 55 "virtual-size" << 'END'
manifest 's|virtual-size="[0-9]+"|virtual-size="9223372036854775808"|'
END

attack "a file of 2 to the 63 bytes" qcow2 0444 "disks/vda.qcow2 has" << 'END'
manifest 's|file-size="[0-9]+"|file-size="9223372036854775808"|'
END

attack "more allocated than the disk has" qcow2 44 "allocated" << 'END'
manifest 's|allocated="[0-9]+"|allocated="4194305"|'
END

attack "more allocated than there is" qcow2 0040 "disks/vda.qcow2" << 'END'
manifest 's|allocated="[0-9]+"|allocated="4194304"|'
END

attack "less allocated than there is" qcow2 0440 "it holds more data than the manifest says" << 'END'
manifest 's|allocated="[0-9]+"|allocated="65536"|'
END

attack "a larger disk than the image has" qcow2 0444 "another size than the manifest says" << 'END'
manifest 's|virtual-size="[0-9]+"|virtual-size="8388608"|'
END

attack "a smaller disk than the image has" qcow2 0444 "another size than the manifest says" << 'END'
manifest 's|virtual-size="[0-9]+"|virtual-size="2097152"|'
END

done_testing
