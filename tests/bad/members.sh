#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The files of a package: damaged, missing, other than plain files, names that lead out.
. "$(dirname "$0")/lib.sh"

rename_in_manifest() {
    manifest "s|member=\"disks/vda.qcow2\"|member=\"$1\"|"
}

# ---- damaged ----

attack "a flipped bit in domain.xml" qcow2 0444 "domain.xml is not what the manifest says" << 'END'
flip domain.xml 40
END

attack "a flipped bit in the NVRAM" nvram 044 "nvram.fd is not what the manifest says" --allow loader << 'END'
flip nvram.fd 100
END

attack "a flipped bit in the TPM state" qcow2 044 "tpm/tpm2/state is not what" << 'END'
mkdir -p tpm/tpm2
echo state > tpm/tpm2/state
manifest "s|<disk |$(member tpm tpm/tpm2/state)&|"
flip tpm/tpm2/state 2
END

attack "a flipped bit in the data of a disk" qcow2 0440 "disks/vda.qcow2: its bytes are not those" << 'END'
flip disks/vda.qcow2 "$(grep -abo 'guest data' disks/vda.qcow2 | sed 's/:.*//; q')"
END

attack "a flipped bit in the data of a raw disk" raw 0440 "disks/vda.raw: its bytes are not those" << 'END'
flip disks/vda.raw 200000
END

attack "data where a raw disk has none" raw 0440 "disks/vda.raw" << 'END'
put disks/vda.raw 3000000 ff
END

attack "a flipped bit in the header of a disk" qcow2 044 "disks/vda.qcow2: it is no qcow2 image" << 'END'
flip disks/vda.qcow2 0
END

for file in domain.xml disks/vda.qcow2; do
    attack "$file cut off" nvram 044 "$file" --allow loader << 'END'
truncate -s -1 "$file"
END
    attack "$file longer by a byte" nvram 044 "$file" --allow loader << 'END'
truncate -s +1 "$file"
END
    attack "$file emptied" nvram 044 "$file" --allow loader << 'END'
: > "$file"
END
    attack "$file missing" nvram 044 "the member $file is missing" --allow loader << 'END'
rm "$file"
END
done

attack "a raw disk cut off" raw 044 "disks/vda.raw has" << 'END'
truncate -s -512 disks/vda.raw
END

attack "a raw disk cut off, manifest and all" raw 044 "another size than the manifest says" << 'END'
truncate -s -512 disks/vda.raw
seal disks/vda.raw
END

attack "two members exchanged" nvram 044 "is not what the manifest says" --allow loader << 'END'
mv nvram.fd x
mv domain.xml nvram.fd
mv x domain.xml
END

attack "a domain.xml of 100 MiB" qcow2 0555 "domain.xml is larger than 64 MiB" << 'END'
truncate -s 100M domain.xml
seal domain.xml
END

attack "an NVRAM of 8 TiB that takes no space" nvram 055 "nvram.fd is larger than 64 MiB" --allow loader << 'END'
truncate -s 8T nvram.fd 2> /dev/null || truncate -s 1T nvram.fd
END

# ---- no plain files ----

for file in domain.xml nvram.fd disks/vda.qcow2; do
    attack "$file is a link to the host" nvram 055 "$file is a link or no plain file" --allow loader << 'END'
ln -sf "$OUTSIDE" "$file"
END
done

attack "a disk is a link within the package" qcow2 055 "disks/vda.qcow2 is a link" << 'END'
mv disks/vda.qcow2 disks/real
ln -s real disks/vda.qcow2
END

attack "a disk is a broken link" qcow2 055 "disks/vda.qcow2 is a link" << 'END'
ln -sf nowhere disks/vda.qcow2
END

attack "a disk is a link to itself" qcow2 055 "disks/vda.qcow2 is a link" << 'END'
ln -sf vda.qcow2 disks/vda.qcow2
END

attack "the folder of the disks is a link" qcow2 055 "disks/vda.qcow2 is a link" << 'END'
mv disks real
ln -s real disks
END

attack "the folder of the disks is a link to the host" qcow2 055 "disks/vda.qcow2 is a link" << 'END'
mv disks "$T/secret/disks"
ln -s "$T/secret/disks" disks
END
rm -rf "$T/secret/disks"

attack "the folder of the disks is a file" qcow2 055 "disks/vda.qcow2 is a link or no plain file" << 'END'
rm -r disks
echo > disks
END

attack "a disk is a folder" qcow2 055 "disks/vda.qcow2 is no plain file" << 'END'
rm disks/vda.qcow2
mkdir disks/vda.qcow2
END

attack "a disk is a FIFO" qcow2 055 "disks/vda.qcow2 is no plain file" << 'END'
rm disks/vda.qcow2
mkfifo disks/vda.qcow2
END

attack "domain.xml is a FIFO" qcow2 055 "domain.xml is no plain file" << 'END'
rm domain.xml
mkfifo domain.xml
END

# Only root makes device nodes; who is not root has a link to one.
attack "a disk is a device" raw 055 "disks/vda.raw is a link or no plain file" << 'END'
rm disks/vda.raw
mknod disks/vda.raw c 1 5 2> /dev/null || ln -s /dev/zero disks/vda.raw
END

attack "a disk is a block device" raw 055 "disks/vda.raw is a link or no plain file" << 'END'
rm disks/vda.raw
mknod disks/vda.raw b 7 250 2> /dev/null || ln -s /dev/null disks/vda.raw
END

attack "a disk is a socket" qcow2 055 "disks/vda.qcow2 is a link or no plain file" << 'END'
rm disks/vda.qcow2
perl -e 'use Socket; socket(my $s, PF_UNIX, SOCK_STREAM, 0); chdir "disks";
    bind($s, sockaddr_un("vda.qcow2")) or die' # nothing else of the base system binds one
END

# ---- names ----

# More of them stand in tests/unit/test-manifest.c.
for name in ../vda.qcow2 /etc/passwd disks/../../x .hidden a//b "" "\&#10;" package.xml; do
    attack "a member called “$name”" qcow2 55 "is unsafe" << 'END'
rename_in_manifest "$name"
END
done

attack "a member with a name of 5000 bytes" qcow2 55 "is unsafe" << 'END'
rename_in_manifest "$(repeat x 5000)"
END

attack "a domain called as the host's passwords are" qcow2 55 "is unsafe" << 'END'
manifest 's|member="domain.xml"|member="/etc/passwd"|'
END

attack "TPM state outside of its folder" qcow2 0505 "lies outside of tpm/" << 'END'
echo state > state
manifest "s|<disk |$(member tpm state)&|"
END

# ---- more than the manifest lists: verify tells of it, import does not look ----

attack "a file more" qcow2 0040 "notes: is in the package, but not in its manifest" << 'END'
echo hello > notes
END

attack "a hidden file more among the disks" qcow2 0040 "disks/.x: is in the package" << 'END'
echo hello > disks/.x
END

attack "a folder more" qcow2 0040 "more: is in the package" << 'END'
mkdir -p more/and/more
END

attack "a link more" qcow2 0040 "leak: is in the package" << 'END'
ln -s / leak
END

attack "a file more whose name is for terminals" qcow2 0040 'x\x1b[2J\x0a: is in the package' << 'END'
echo > $'x\e[2J\n'
END

done_testing
