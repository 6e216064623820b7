/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of test-powers.c: a piece of domain XML, and the powers it asks for. */
#pragma once

typedef struct {
    const char *name;
    const char *content;  /* of <domain type='kvm'> */
    const char *expected; /* "power place", a line each, places below /domain */
} Row;

#define DEVICES(xml) "<devices>" xml "</devices>"
#define DISK(xml)    DEVICES("<disk type='file'>" xml "</disk>")
#define NETWORKED(xml) \
    DEVICES("<disk type='network'><source protocol='rbd' name='a'>" xml "</source></disk>")
#define QEMU(xml) "<q:" xml " xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'/>"

static const char *const firmware[] = {"/fw/CODE.fd", "/fw/VARS.fd", NULL};

static const Row rows[] = {
    {"nothing", "<name>a</name><memory unit='KiB'>1</memory>", ""},
    {"emulator", DEVICES("<emulator>/bin/x</emulator>"), "emulator /devices/emulator\n"},
    {"virtiofsd", DEVICES("<filesystem><binary path='/bin/x'/></filesystem>"),
     "hostpath /devices/filesystem\nemulator /devices/filesystem/binary/@path\n"},

    {"commandline", QEMU("commandline"), "commandline /commandline\n"},
    {"override", QEMU("override"), "commandline /override\n"},
    {"capabilities", QEMU("capabilities"), "commandline /capabilities\n"},
    {"deprecation", QEMU("deprecation"), "commandline /deprecation\n"},
    {"commandline of no namespace", "<commandline/>", "unknown /commandline\n"},
    {"commandline in metadata", "<metadata>" QEMU("commandline") "</metadata>", ""},

    {"kernel", "<os><kernel>/k</kernel><initrd>/i</initrd><cmdline>a</cmdline></os>",
     "kernel /os/kernel\nkernel /os/initrd\n"},
    {"dtb", "<os><dtb>/d</dtb></os>", "kernel /os/dtb\n"},
    {"acpi table", "<os><acpi><table type='slic'>/s</table></acpi></os>",
     "kernel /os/acpi/table\n"},
    {"fw_cfg",
     "<sysinfo type='fwcfg'><entry name='a' file='/f'/><entry name='b'>c</entry></sysinfo>",
     "kernel /sysinfo/entry[1]/@file\n"},
    {"smbios of its own",
     "<sysinfo type='smbios'><system><entry name='uuid'>a</entry></system></sysinfo>"
     "<os><smbios mode='sysinfo'/></os>",
     ""},
    {"smbios of the host", "<os><smbios mode='host'/></os>", "hostpath /os/smbios\n"},

    {"loader of the host", "<os><loader type='pflash'>/fw/CODE.fd</loader></os>", ""},
    {"loader elsewhere", "<os><loader>/tmp/CODE.fd</loader></os>", "loader /os/loader\n"},
    {"loader by two texts", "<os><loader>/fw/CODE.fd<x/>/../../tmp/x</loader></os>",
     "loader /os/loader\nunknown /os/loader/x\n"},
    {"loader to write to", "<os><loader readonly='no' type='pflash'>/fw/CODE.fd</loader></os>",
     "loader /os/loader/@readonly\n"},
    {"loader unnamed", "<os firmware='efi'><loader secure='yes'/></os>", ""},
    {"nvram path", "<os><nvram>/tmp/x</nvram></os>", "loader /os/nvram\n"},
    {"nvram source", "<os><nvram type='file'><source file='/tmp/x'/></nvram></os>",
     "loader /os/nvram/source\n"},
    {"template of the host", "<os><nvram template='/fw/VARS.fd'/></os>", ""},
    {"template elsewhere", "<os><nvram template='/etc/shadow'/></os>",
     "loader /os/nvram/@template\n"},

    {"hostdev",
     DEVICES("<hostdev mode='subsystem' type='usb'><source><vendor id='1'/></source></hostdev>"),
     "hostdev /devices/hostdev\n"},
    {"hostdev with a ROM", DEVICES("<hostdev><rom file='/x'/></hostdev>"),
     "hostdev /devices/hostdev\nhostpath /devices/hostdev/rom/@file\n"},
    {"hostdev with a secret", DEVICES("<hostdev><source><auth><secret/></auth></source></hostdev>"),
     "hostdev /devices/hostdev\nsecret /devices/hostdev/source/auth/secret\n"},
    {"hostdev interface",
     DEVICES("<interface type='hostdev'><source><address/></source></interface>"),
     "hostdev /devices/interface\n"},
    {"vdpa", DEVICES("<interface type='vdpa'><source dev='/dev/x'/></interface>"),
     "hostdev /devices/interface\n"},
    {"tap device", DEVICES("<interface type='bridge'><backend tap='/dev/x'/></interface>"),
     "hostdev /devices/interface/backend/@tap\n"},
    {"filter of the host's card",
     DEVICES("<interface type='direct' trustGuestRxFilters='yes'/>"
             "<interface type='direct' trustGuestRxFilters='no'/>"),
     "hostdev /devices/interface[1]/@trustGuestRxFilters\n"},
    {"keyboard of the host",
     DEVICES("<input type='evdev'><source dev='/dev/input/event0'/></input>"),
     "hostdev /devices/input\n"},
    {"keyboard", DEVICES("<input type='keyboard' bus='usb'/>"), ""},
    {"render node",
     DEVICES("<graphics type='spice'><gl enable='yes' rendernode='/dev/dri/x'/></graphics>"),
     "hostdev /devices/graphics/gl\n"},
    {"egl-headless", DEVICES("<graphics type='egl-headless'/>"), "hostdev /devices/graphics\n"},
    {"render node of a card",
     DEVICES("<video><model type='virtio'><acceleration rendernode='/dev/x'/></model></video>"),
     "hostdev /devices/video/model/acceleration/@rendernode\n"},
    {"smartcard of the host", DEVICES("<smartcard mode='host'/>"), "hostdev /devices/smartcard\n"},

    {"vhost-user card", DEVICES("<video><driver name='vhostuser'/></video>"),
     "hostdev /devices/video/driver/@name\n"},
    {"no acceleration", DEVICES("<graphics type='spice'><gl enable='no'/></graphics>"), ""},

    {"filesystem",
     DEVICES("<filesystem type='mount'><source dir='/'/><target dir='x'/></filesystem>"),
     "hostpath /devices/filesystem\n"},
    {"shmem", DEVICES("<shmem name='x'><server path='/x'/></shmem>"), "hostpath /devices/shmem\n"},
    {"lease", DEVICES("<lease><target path='/x'/></lease>"), "hostpath /devices/lease\n"},
    {"memory in files", "<memoryBacking><source type='file'/></memoryBacking>",
     "hostpath /memoryBacking/source\n"},
    {"memory in memfd", "<memoryBacking><source type='memfd'/></memoryBacking>", ""},
    {"nvdimm", DEVICES("<memory model='nvdimm'><source><path>/x</path></source></memory>"),
     "hostpath /devices/memory/source/path\n"},
    {"tpm passthrough",
     DEVICES("<tpm><backend type='passthrough'><device path='/x'/></backend></tpm>"),
     "hostpath /devices/tpm/backend\n"},
    {"tpm external",
     DEVICES("<tpm><backend type='external'><source type='unix' path='/x'/></backend></tpm>"),
     "hostpath /devices/tpm/backend\n"},
    {"tpm emulator", DEVICES("<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>"),
     ""},
    {"tpm emulator with a folder",
     DEVICES("<tpm><backend type='emulator'><source type='dir' path='/x'/></backend></tpm>"),
     "hostpath /devices/tpm/backend/source\n"},
    {"random numbers",
     DEVICES("<rng><backend model='random'>/dev/urandom</backend></rng>"
             "<rng><backend model='random'>/dev/random</backend></rng>"
             "<rng><backend model='builtin'/></rng>"
             "<rng><backend model='random'>/etc/shadow</backend></rng>"),
     "hostpath /devices/rng[4]/backend\n"},
    {"audio of two types", DEVICES("<audio x:type='file' type='none' path='/x' xmlns:x='urn:x'/>"),
     "unknown /devices/audio/@type\n"},
    {"keyboard layout",
     DEVICES("<graphics type='vnc' keymap='de'/><graphics type='vnc' keymap='/etc/shadow'/>"),
     "hostpath /devices/graphics[2]/@keymap\n"},
    {"audio", DEVICES("<audio id='1' type='spice'/><audio id='2' type='file' path='/x'/>"),
     "hostpath /devices/audio[2]\n"},
    {"disk", DISK("<source file='/x'/><target dev='vda' bus='virtio'/>"),
     "hostpath /devices/disk/source/@file\n"},
    {"disk type unsaid", DEVICES("<disk><source file='/x'/></disk>"),
     "hostpath /devices/disk/source/@file\n"},
    {"medium", DEVICES("<disk type='file' device='cdrom'><source file='/x'/></disk>"),
     "hostpath /devices/disk/source/@file\n"},
    {"no medium", DEVICES("<disk type='block' device='cdrom'><target dev='sda'/></disk>"), ""},
    {"folder", DEVICES("<disk type='dir'><source dir='/x'/></disk>"),
     "hostpath /devices/disk/source/@dir\n"},
    {"volume", DEVICES("<disk type='volume'><source pool='a' volume='b'/></disk>"),
     "hostpath /devices/disk/source/@volume\n"},
    {"backing file",
     DISK("<backingStore type='file'><format type='raw'/><source file='/x'/>"
          "<backingStore type='file'><source file='/y'/></backingStore></backingStore>"),
     "hostpath /devices/disk/backingStore/source/@file\n"
     "hostpath /devices/disk/backingStore/backingStore/source/@file\n"},
    {"mirror", DISK("<mirror type='file' file='/x'/>"), "hostpath /devices/disk/mirror\n"},
    {"option ROM", DEVICES("<interface type='user'><rom file='/x'/></interface>"),
     "hostpath /devices/interface/rom/@file\n"},
    {"VNC socket", DEVICES("<graphics type='vnc' socket='/x'/>"),
     "hostpath /devices/graphics/@socket\n"},
    {"certificates of the host", DEVICES("<smartcard mode='host-certificates'/>"),
     "hostpath /devices/smartcard\n"},
    {"window on the host", DEVICES("<graphics type='sdl' xauth='/x'/>"),
     "hostpath /devices/graphics\n"},

    {"block", DEVICES("<disk type='block'><source dev='/dev/x'/></disk>"),
     "blockdev /devices/disk/source\n"},
    {"device of a file disk", DISK("<source dev='/dev/x'/>"),
     "unknown /devices/disk/source/@dev\n"},
    {"lun", DEVICES("<disk type='block' device='lun'><source dev='/dev/x'/></disk>"),
     "blockdev /devices/disk\n"},
    {"rawio", DEVICES("<disk type='file' rawio='yes'/><disk type='file' rawio='no'/>"),
     "blockdev /devices/disk[1]/@rawio\n"},
    {"sgio", DEVICES("<disk type='file' sgio='unfiltered'/>"), "blockdev /devices/disk/@sgio\n"},
    {"network disk", NETWORKED("<host name='a'/><config file='/x'/>"),
     "blockdev /devices/disk/source\n"},
    {"network backing",
     DISK("<backingStore type='network'><source protocol='nbd'/></backingStore>"),
     "blockdev /devices/disk/backingStore/source\n"},
    {"nvme", DEVICES("<disk type='nvme'><source type='pci'><address/></source></disk>"),
     "blockdev /devices/disk/source\n"},
    {"vhost-user disk", DEVICES("<disk type='vhostuser'><source type='unix' path='/x'/></disk>"),
     "blockdev /devices/disk/source\n"},
    {"reservations", DISK("<source><reservations managed='yes'/></source>"),
     "blockdev /devices/disk/source/reservations\n"},

    {"terminals",
     DEVICES(
         "<serial type='pty'><source path='/dev/pts/1'/></serial><serial/><console type='null'/>"
         "<serial type='stdio'/><parallel type='vc'/><channel type='spicevmc'/>"
         "<redirdev type='spicevmc' bus='usb'/>"),
     ""},
    {"agent socket",
     DEVICES("<channel type='unix'><source mode='bind'/><target name='a'/></channel>"), ""},
    {"socket", DEVICES("<channel type='unix'><source mode='bind' path='/x'/></channel>"),
     "chardev /devices/channel/source/@path\n"},
    {"serial to a file", DEVICES("<serial type='file'><source path='/x' append='on'/></serial>"),
     "chardev /devices/serial\n"},
    {"pipe and device", DEVICES("<parallel type='pipe'/><parallel type='dev'/>"),
     "chardev /devices/parallel[1]\nchardev /devices/parallel[2]\n"},
    {"serial to another host",
     DEVICES("<serial type='tcp'><source mode='connect' host='h' service='1'/></serial>"),
     "chardev /devices/serial\n"},
    {"serial of a type unheard of", DEVICES("<serial type='teleport'/>"),
     "chardev /devices/serial\n"},
    {"log", DEVICES("<serial type='pty'><log file='/x'/></serial>"),
     "chardev /devices/serial/log\n"},
    {"redirected", DEVICES("<redirdev type='tcp'/>"), "chardev /devices/redirdev\n"},
    {"egd",
     DEVICES(
         "<rng><backend model='egd' type='unix'><source mode='bind' path='/x'/></backend></rng>"),
     "chardev /devices/rng/backend\n"},
    {"vhost-user interface",
     DEVICES("<interface type='vhostuser'><source type='unix' path='/x'/></interface>"),
     "chardev /devices/interface\n"},
    {"client and udp",
     DEVICES("<interface type='client'/><interface type='udp'><source/></interface>"),
     "chardev /devices/interface[1]\nchardev /devices/interface[2]\n"},
    {"log of passt",
     DEVICES("<interface type='user'><backend type='passt' logFile='/x'/></interface>"),
     "chardev /devices/interface/backend/@logFile\n"},

    {"script",
     DEVICES("<interface type='bridge'><script path='/x'/><downscript path='/x'/></interface>"),
     "script /devices/interface/script\nscript /devices/interface/downscript\n"},
    {"ethernet", DEVICES("<interface type='ethernet'><target dev='tap0'/></interface>"),
     "script /devices/interface\n"},
    {"script below another power",
     DEVICES("<interface type='vhostuser'><script path='/x'/></interface>"),
     "chardev /devices/interface\nscript /devices/interface/script\n"},

    {"address set on the host",
     DEVICES("<interface type='bridge'><source><ip/></source></interface>"),
     "script /devices/interface/source/ip\n"},

    {"label", "<seclabel type='static' model='dac'><label>+0:+0</label></seclabel>",
     "seclabel /seclabel\n"},
    {"no label", "<seclabel type='none'/>", "seclabel /seclabel\n"},
    {"the default label", "<seclabel type='dynamic' model='dac' relabel='yes'/>", ""},
    {"base label", "<seclabel type='dynamic' model='x'><baselabel>y</baselabel></seclabel>",
     "seclabel /seclabel/baselabel\n"},
    {"label of a disk", DISK("<source><seclabel model='dac' relabel='no'/></source>"),
     "seclabel /devices/disk/source/seclabel\n"},
    {"label of a socket", DEVICES("<channel type='unix'><source><seclabel/></source></channel>"),
     "seclabel /devices/channel/source/seclabel\n"},

    {"local screen",
     DEVICES("<graphics type='vnc' port='-1' autoport='yes'/>"
             "<graphics type='vnc' listen='127.0.0.1'>"
             "<listen type='address' address='127.0.0.1'/></graphics>"
             "<graphics type='spice'><listen type='none'/></graphics>"),
     ""},
    {"open screen",
     DEVICES(
         "<graphics type='vnc' listen='0.0.0.0'><listen type='address' address='::'/></graphics>"),
     "listen /devices/graphics/@listen\nlisten /devices/graphics/listen\n"},
    {"almost local", DEVICES("<graphics type='vnc' listen='127.0.0.1.example.org'/>"),
     "listen /devices/graphics/@listen\n"},
    {"screen on a network",
     DEVICES("<graphics type='vnc'><listen type='network' network='a'/></graphics>"),
     "listen /devices/graphics/listen\n"},
    {"open serial", DEVICES("<serial type='tcp'><source mode='bind' host='0.0.0.0'/></serial>"),
     "chardev /devices/serial\nlisten /devices/serial/source\n"},
    {"open egd",
     DEVICES("<rng><backend model='egd'><source mode='bind'/></backend></rng>"
             "<rng><backend model='egd'><source mode='bind' host='::1'/></backend></rng>"),
     "chardev /devices/rng[1]/backend\nlisten /devices/rng[1]/backend/source\n"
     "chardev /devices/rng[2]/backend\n"},
    {"local serial", DEVICES("<serial type='tcp'><source mode='bind' host='127.0.0.1'/></serial>"),
     "chardev /devices/serial\n"},
    {"server",
     DEVICES("<interface type='server'><source address='127.0.0.1' port='1'/></interface>"
             "<interface type='server'><source port='1'/></interface>"
             "<interface type='mcast'><source address='230.0.0.1' port='1'/></interface>"),
     "listen /devices/interface[2]/source\nlisten /devices/interface[3]/source\n"},
    {"forwarded port", DEVICES("<interface type='user'><portForward proto='tcp'/></interface>"),
     "listen /devices/interface/portForward\n"},

    {"secret", NETWORKED("<auth><secret uuid='a'/></auth>"),
     "blockdev /devices/disk/source\nsecret /devices/disk/source/auth/secret\n"},
    {"secret beside the source", DISK("<auth username='a'><secret/></auth>"),
     "secret /devices/disk/auth/secret\n"},
    {"LUKS", DISK("<source><encryption format='luks'><secret uuid='a'/></encryption></source>"),
     "secret /devices/disk/source/encryption/secret\n"},
    {"tpm secret",
     DEVICES("<tpm><backend type='emulator'><encryption secret='a'/></backend></tpm>"),
     "secret /devices/tpm/backend/encryption\n"},

    {"pinned", "<vcpu cpuset='0' placement='static'>1</vcpu><cputune><shares>1</shares></cputune>",
     "resource /vcpu/@cpuset\nresource /cputune\n"},
    {"numad", "<vcpu placement='auto'>1</vcpu>", "resource /vcpu/@placement\n"},
    {"tuned", "<memtune/><blkiotune/><numatune/><resource/><perf/>",
     "resource /memtune\nresource /blkiotune\nresource /numatune\nresource /resource\n"
     "resource /perf\n"},
    {"locked", "<memoryBacking><locked/><hugepages/></memoryBacking>",
     "resource /memoryBacking/locked\nresource /memoryBacking/hugepages\n"},
    {"enclave memory", DEVICES("<memory model='sgx-epc'><target/></memory>"),
     "resource /devices/memory\n"},
    {"core dump", "<on_crash>coredump-destroy</on_crash>", "resource /on_crash\n"},
    {"no core dump", "<on_crash>destroy</on_crash><memory dumpCore='off'>1</memory>", ""},
    {"dumped memory", "<memory dumpCore='on'>1</memory>", "resource /memory/@dumpCore\n"},
    {"dumping watchdog", DEVICES("<watchdog model='itco' action='dump'/>"),
     "resource /devices/watchdog/@action\n"},

    {"harmless in newer libvirt",
     "<launchSecurity type='sev-snp'><idBlock>a</idBlock></launchSecurity>"
     "<launchSecurity type='tdx'><mrOwner>a</mrOwner></launchSecurity>"
     "<iothreadids><iothread id='1'><poll max='1'/></iothread></iothreadids>",
     ""},
    {"harmless devices of newer libvirt",
     DEVICES("<crypto model='virtio' type='qemu'><backend model='builtin' queues='1'/></crypto>"
             "<memory model='dimm'><target><address base='0x1'/></target></memory>"
             "<disk><driver><iothreads><iothread id='1'><queue id='0'/></iothread></iothreads>"
             "</driver><dataStore type='file'/></disk>"
             "<controller><driver><iothreads><iothread id='1'/></iothreads></driver></controller>"),
     ""},
    {"harmless and rare",
     "<features><xen><e820_host state='on'/></xen></features>" DEVICES(
         "<interface type='user'><guest dev='a'/><rom file=''/></interface>"
         "<disk sgio='filtered'><address type='ccw'><zpci uid='1'/></address></disk>"
         "<controller><target><node>1</node></target></controller>"),
     ""},
    {"varstore", "<os><varstore path='/x'/></os>", "loader /os/varstore\n"},

    {"unknown element", "<new/>" DEVICES("<newer><child a='b'/></newer>"),
     "unknown /new\nunknown /devices/newer\n"},
    {"power below the unknown", DEVICES("<newer><secret/></newer>"),
     "unknown /devices/newer\nsecret /devices/newer/secret\n"},
    {"unknown attribute", "<memory colour='blue'>1</memory>", "unknown /memory/@colour\n"},
    {"foreign attribute", DEVICES("<disk x:type='block' xmlns:x='urn:x'/>"),
     "unknown /devices/disk/@type\n"},
    {"foreign element", "<x:devices xmlns:x='urn:x'/>", "unknown /devices\n"},
    {"interface that libvirt dies of", DEVICES("<interface type='null'/>"),
     "unknown /devices/interface\n"},
};
