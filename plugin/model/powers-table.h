/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* powers-table: the list of what is harmless in a domain XML, and what is which power.
 * Only for powers.c. */
#pragma once

#include "model/powers.h"

/*
 * A row's path is read from <domain> down. A step is a name, names divided by '|',
 * or '*' for any; "qemu:" before it asks for that namespace, none for no namespace.
 * "[type=a|b]" holds where the attribute has one of these values (an absent one is
 * empty), "[.=a|b]" where the content has; "$local", "$random", "$firmware" and "$word"
 * stand for a set of powers.c.
 * A last step "@a|b" is an attribute; "**" is this element and all below it.
 * The first row that matches decides. An attribute without a row of its own goes by
 * its element's: of a harmless element only the listed are harmless ("*": all of no
 * namespace; "**": all), the rest is unknown; those of a power are that power.
 */
typedef struct {
    VpPower power;
    const char *path;
    const char *attributes;
} Rule;

#define HARMLESS VP_POWER_LAST
#define FINE(path, attributes) \
    { \
        HARMLESS, path, attributes \
    }
#define POWER(name, path) \
    { \
        VP_POWER_##name, path, NULL \
    }

#define CHARS  "devices/serial|parallel|console|channel|redirdev|smartcard"
#define IMAGE  "devices/**/disk|backingStore|dataStore|mirror"
#define VIRTIO "|iommu|ats|packed|page_per_vq"

static const Rule rules[] = {
    /* Before all: these are alike wherever they stand. */
    FINE("metadata/**", "**"),
    POWER(SECRET, "**/secret"),
    FINE("seclabel[type=dynamic][relabel=|yes]", "type|model|relabel"),
    POWER(SECLABEL, "**/seclabel/**"),
    POWER(COMMANDLINE, "qemu:*/**"),

    /* the domain */
    FINE("@type[.=kvm|qemu|hvf]", ""),
    FINE("", "id"),
    FINE("name|title|description|uuid|genid", ""),
    FINE("on_poweroff|on_reboot|on_crash[.=destroy|restart|preserve|rename-restart]", ""),
    POWER(RESOURCE, "on_crash"), /* coredump-* */
    FINE("on_lockfailure", ""),
    FINE("pm", ""),
    FINE("pm/suspend-to-mem|suspend-to-disk", "enabled"),
    FINE("clock", "offset|timezone|adjustment|basis|start"),
    FINE("clock/timer", "name|tickpolicy|track|present|frequency|mode"),
    FINE("clock/timer/catchup", "threshold|slew|limit"),
    FINE("idmap", ""),
    FINE("idmap/uid|gid", "start|target|count"),
    FINE("keywrap", ""),
    FINE("keywrap/cipher", "name|state"),
    FINE("launchSecurity", "type|kernelHashes|authorKey|vcek"),
    FINE("launchSecurity/cbitpos|reducedPhysBits|policy|handle|dhCert|session", ""),
    FINE("launchSecurity/guestVisibleWorkarounds|idBlock|idAuth|hostData", ""),
    FINE("launchSecurity/mrConfigId|mrOwner|mrOwnerConfig", ""),

    /* boot */
    FINE("os", "firmware"),
    POWER(KERNEL, "os/kernel|initrd|dtb|shim"),
    FINE("os/cmdline", ""),
    FINE("os/acpi", ""),
    POWER(KERNEL, "os/acpi/table"),
    FINE("os/loader/@readonly[.=yes]", ""),
    POWER(LOADER, "os/loader/@readonly"), /* the firmware of every guest, to write to */
    FINE("os/loader[.=|$firmware]", "secure|stateless|type|format"),
    POWER(LOADER, "os/loader"),
    FINE("os/nvram/@template[.=|$firmware]", ""),
    POWER(LOADER, "os/nvram/@template"),
    FINE("os/nvram[.=]", "type|format|templateFormat"),
    POWER(LOADER, "os/nvram/**"),
    POWER(LOADER, "os/varstore"),
    FINE("os/firmware", ""),
    FINE("os/firmware/feature", "enabled|name"),
    FINE("os/type", "arch|machine"),
    FINE("os/boot", "dev"),
    FINE("os/bootmenu", "enable|timeout"),
    FINE("os/bios", "useserial|rebootTimeout"),
    FINE("os/smbios[mode=emulate|sysinfo]", "mode"),
    POWER(HOSTPATH, "os/smbios"), /* the host's serial numbers, which only root can read */
    FINE("sysinfo", "type"),
    FINE("sysinfo/bios|system|baseBoard|chassis|oemStrings", ""),
    FINE("sysinfo/bios|system|baseBoard|chassis|oemStrings/entry", "name"),
    POWER(KERNEL, "sysinfo/entry/@file"),
    FINE("sysinfo/entry", "name"),

    /* processor and memory */
    POWER(RESOURCE, "cputune|numatune|memtune|blkiotune|resource|perf/**"),
    POWER(RESOURCE, "vcpu/@cpuset"),
    FINE("vcpu/@placement[.=static]", ""),
    POWER(RESOURCE, "vcpu/@placement"),
    FINE("vcpu", "current"),
    FINE("vcpus", ""),
    FINE("vcpus/vcpu", "id|enabled|hotpluggable|order"),
    FINE("iothreads|iothreadids", ""),
    FINE("defaultiothread", "thread_pool_min|thread_pool_max"),
    FINE("iothreadids/iothread", "id|thread_pool_min|thread_pool_max"),
    FINE("iothreadids/iothread/poll", "max|grow|shrink"),
    FINE("memory/@dumpCore[.=off]", ""),
    POWER(RESOURCE, "memory/@dumpCore"),
    FINE("memory|currentMemory", "unit"),
    FINE("maxMemory", "unit|slots"),
    FINE("memoryBacking", ""),
    POWER(RESOURCE, "memoryBacking/locked|hugepages/**"),
    FINE("memoryBacking/source[type=anonymous|memfd]", "type"),
    POWER(HOSTPATH, "memoryBacking/source"),
    FINE("memoryBacking/access|allocation|discard|nosharepages", "mode|threads"),
    FINE("cpu", "mode|match|check|migratable|deprecated_features"),
    FINE("cpu/model", "fallback|vendor_id"),
    FINE("cpu/vendor|numa", ""),
    FINE("cpu/topology", "sockets|dies|clusters|cores|threads"),
    FINE("cpu/feature", "name|policy"),
    FINE("cpu/cache", "level|mode"),
    FINE("cpu/maxphysaddr", "mode|bits|limit"),
    FINE("cpu/numa/cell", "id|cpus|memory|unit|memAccess|discard"),
    FINE("cpu/numa/cell/distances|caches", ""),
    FINE("cpu/numa/cell/distances/sibling", "id|value"),
    FINE("cpu/numa/cell/cache", "level|associativity|policy"),
    FINE("cpu/numa/cell/cache/size|line", "value|unit"),
    FINE("cpu/numa/interconnects", ""),
    FINE("cpu/numa/interconnects/latency|bandwidth", "initiator|target|cache|type|value|unit"),

    /* features */
    FINE("features", ""),
    FINE("features/acpi|pae|viridian|kvm|tcg|xen", ""),
    FINE("features/apic|hap|pmu|pvspinlock|vmport|vmcoreinfo|smm|htm|nested-hv", "state|eoi"),
    FINE("features/ccf-assist|async-teardown|ras|ps2|cfpc|sbbc|ibs", "state|value"),
    FINE("features/gic|hpt|ioapic|msrs|aia", "version|resizing|driver|unknown|value"),
    FINE("features/hpt|smm|tcg/maxpagesize|tseg|tb-cache", "unit"),
    FINE("features/kvm/hidden|hint-dedicated|poll-control|pv-ipi|dirty-ring", "state|size"),
    FINE("features/xen/e820_host|passthrough", "state|mode"),
    FINE("features/hyperv", "mode"),
    FINE("features/hyperv/relaxed|vapic|vpindex|runtime|synic|stimer|reset|frequencies", "state"),
    FINE("features/hyperv/reenlightenment|tlbflush|ipi|evmcs|avic|emsr_bitmap|xmm_input", "state"),
    FINE("features/hyperv/spinlocks|vendor_id", "state|retries|value"),
    FINE("features/hyperv/stimer|tlbflush/direct|extended", "state"),

    /* devices: what all of them have */
    FINE("devices", ""),
    POWER(EMULATOR, "devices/emulator"),
    FINE("devices/*/alias", "name"),
    FINE("devices/*/address", "*"),
    FINE("devices/*/address/zpci", "uid|fid"),
    FINE("devices/*/acpi", "index"),
    FINE("devices/*/boot", "order|loadparm"),
    FINE("devices/*/rom/@file[.=]", ""),
    POWER(HOSTPATH, "devices/*/rom/@file"),
    FINE("devices/*/rom", "bar|enabled"),

    /* disks */
    POWER(BLOCKDEV, "devices/disk[device=lun]"),
    FINE("devices/disk/@rawio[.=no]", ""),
    FINE("devices/disk/@sgio[.=filtered]", ""),
    POWER(BLOCKDEV, "devices/disk/@rawio|sgio"),
    FINE("devices/disk[type=|file|dir|volume|block|network|nvme|vhostuser|vhostvdpa]",
         "type|device|model|snapshot"),
    POWER(BLOCKDEV, IMAGE "/source/reservations/**"),
    FINE(IMAGE "/**/encryption", "format|engine"),
    FINE(IMAGE "/**/encryption/cipher|ivgen", "name|size|mode|hash"),
    FINE(IMAGE "/source/slices", ""),
    FINE(IMAGE "/source/slices/slice", "type|offset|size"),
    POWER(BLOCKDEV, IMAGE "[type=block|network|nvme|vhostuser|vhostvdpa]/source/**"),
    POWER(HOSTPATH, IMAGE "/source/@file|dir|volume|fdgroup"),
    FINE(IMAGE "/source", "startupPolicy|index|pool|mode"),
    FINE("devices/**/disk|backingStore/backingStore", "type|index"),
    FINE("devices/**/backingStore|dataStore/format", "type"),
    FINE("devices/**/driver|format/metadata_cache", ""),
    FINE("devices/**/driver|format/metadata_cache/max_size", "unit"),
    FINE("devices/**/backingStore|disk/dataStore", "type|index"),
    POWER(HOSTPATH, "devices/disk/mirror/**"),
    FINE("devices/disk/driver", "name|type|cache|io|error_policy|rerror_policy|ioeventfd|event_idx"
                                "|copy_on_read|discard|discard_no_unref|detect_zeroes|iothread"
                                "|queues|queue_size" VIRTIO),
    FINE("devices/disk|controller/driver/iothreads", ""),
    FINE("devices/disk|controller/driver/iothreads/iothread|queue", "id"),
    FINE("devices/disk/driver/iothreads/iothread/queue", "id"),
    FINE("devices/disk/target", "dev|bus|removable|rotation_rate|tray|dpofua"),
    FINE("devices/disk/readonly|shareable|serial|wwn|vendor|product|iotune", ""),
    FINE("devices/disk/transient", "shareBacking"),
    FINE("devices/disk/iotune/*", ""),
    FINE("devices/disk/blockio", "logical_block_size|physical_block_size|discard_granularity"),
    FINE("devices/disk/geometry", "cyls|heads|secs|trans"),
    FINE("devices/disk/auth", "username"),

    /* interfaces: where a harmless one leads is for the plan to say */
    POWER(SCRIPT, "devices/interface/script|downscript"),
    POWER(SCRIPT, "devices/interface/source/ip|route"),
    POWER(SCRIPT, "devices/interface[type=ethernet]"),
    POWER(HOSTDEV, "devices/interface[type=hostdev|vdpa]"),
    POWER(HOSTDEV, "devices/interface[type=hostdev|vdpa]/source/**"),
    POWER(CHARDEV, "devices/interface[type=vhostuser|client|udp]"),
    POWER(CHARDEV, "devices/interface[type=vhostuser|client|udp]/source/**"),
    FINE("devices/interface[type=server]/source[address=$local]", "address|port"),
    POWER(LISTEN, "devices/interface[type=server|mcast]/source"),
    POWER(LISTEN, "devices/interface/portForward/**"),
    FINE("devices/interface/@trustGuestRxFilters[.=no]", ""),
    POWER(HOSTDEV, "devices/interface/@trustGuestRxFilters"),
    FINE("devices/interface[type=network|bridge|direct|user|internal|server|mcast]",
         "type|managed"),
    FINE("devices/interface/source", "network|bridge|portgroup|portid|connectionid|dev|mode|name"
                                     "|macTableManager"),
    POWER(CHARDEV, "devices/interface/backend/@logFile"),
    POWER(HOSTDEV, "devices/interface/backend/@tap|vhost"),
    FINE("devices/interface/backend", "type|hostname|fqdn"),
    FINE("devices/interface/mac", "address|type|check|currentAddress"),
    FINE("devices/interface/model", "type"),
    FINE("devices/interface/target", "dev|managed"),
    FINE("devices/interface/guest", "dev|actual"),
    FINE("devices/interface/driver", "name|queues|rx_queue_size|tx_queue_size|txmode|ioeventfd"
                                     "|event_idx|rss|rss_hash_report" VIRTIO),
    FINE("devices/interface/driver/host|guest", "csum|gso|tso4|tso6|ecn|ufo|mrg_rxbuf"),
    FINE("devices/interface/link|mtu|port", "state|size|isolated"),
    FINE("devices/interface/teaming", "type|persistent"),
    FINE("devices/interface/coalesce|tune", ""),
    FINE("devices/interface/coalesce/rx", ""),
    FINE("devices/interface/coalesce/rx/frames", "max"),
    FINE("devices/interface/tune/sndbuf", ""),
    FINE("devices/interface/vlan", "trunk"),
    FINE("devices/interface/vlan/tag", "id|nativeMode"),
    FINE("devices/interface/virtualport", "type"),
    FINE("devices/interface/virtualport/parameters",
         "interfaceid|profileid|managerid|typeid|typeidversion|instanceid"),
    FINE("devices/interface/filterref", "filter"),
    FINE("devices/interface/filterref/parameter", "name|value"),
    FINE("devices/interface/bandwidth", "classID"),
    FINE("devices/interface/bandwidth/inbound|outbound", "average|peak|burst|floor"),
    FINE("devices/interface/ip|route", "address|family|prefix|peer|netmask|gateway|metric"),

    /* host devices and host files as devices */
    POWER(HOSTDEV, "devices/hostdev/**"),
    POWER(EMULATOR, "devices/filesystem/binary/@path"),
    POWER(HOSTPATH, "devices/filesystem|shmem|lease|pstore/**"),
    POWER(RESOURCE, "devices/memory/source/nodemask|pagesize"),
    POWER(HOSTPATH, "devices/memory/source/path"),
    POWER(RESOURCE, "devices/memory[model=sgx-epc]"), /* enclave memory, of which there is little */
    FINE("devices/memory", "model|access|discard"),
    FINE("devices/memory/uuid|source", ""),
    FINE("devices/memory/source/alignsize|pmem", "unit"),
    FINE("devices/memory/target", "dynamicMemslots"),
    FINE("devices/memory/target/size|node|block|requested|current|readonly|label", "unit"),
    FINE("devices/memory/target/address", "base"),
    FINE("devices/memory/target/label/size", "unit"),
    FINE("devices/input[type=mouse|keyboard|tablet]", "type|bus|model"),
    POWER(HOSTDEV, "devices/input"),
    POWER(HOSTDEV, "devices/input/source"),
    FINE("devices/tpm", "model"),
    POWER(SECRET, "devices/tpm/backend/encryption"),
    POWER(HOSTPATH, "devices/tpm/backend/source"),
    FINE("devices/tpm/backend[type=emulator]", "type|version|persistent_state|debug"),
    FINE("devices/tpm/backend/active_pcr_banks|profile", "name|removeDisabled"),
    FINE("devices/tpm/backend/active_pcr_banks/sha1|sha256|sha384|sha512", ""),
    POWER(HOSTPATH, "devices/tpm/backend[type=passthrough|external]/**"),

    /* character devices; a unix socket without a path is libvirt's own */
    POWER(CHARDEV, CHARS "/log"),
    POWER(CHARDEV, CHARS "[type=tcp|udp]/source[mode=bind][host=$local]"),
    POWER(LISTEN, CHARS "[type=tcp|udp]/source[mode=bind]"),
    POWER(CHARDEV, CHARS "[type=file|pipe|dev|tcp|udp|nmdm]/source/**"),
    FINE(CHARS "[type=pty]/source/@path", ""),
    POWER(CHARDEV, CHARS "/source/@path"),
    FINE(CHARS "/source", "mode|channel"),
    FINE(CHARS "/source/reconnect|clipboard|mouse", "enabled|timeout|delay|copypaste|mode"),
    POWER(HOSTDEV, "devices/smartcard[mode=host]"),
    POWER(HOSTPATH, "devices/smartcard[mode=host-certificates]"),
    POWER(HOSTPATH, "devices/smartcard/certificate|database"),
    FINE(CHARS "[type=|pty|null|vc|stdio|unix|spicevmc|spiceport|dbus|qemu-vdagent]",
         "type|tty|bus|mode"),
    POWER(CHARDEV, CHARS),
    FINE(CHARS "/protocol", "type"),
    FINE(CHARS "/target", "type|port|name|state|address"),
    FINE(CHARS "/target/model", "name"),
    FINE("devices/redirfilter", ""),
    FINE("devices/redirfilter/usbdev", "class|vendor|product|version|allow"),
    FINE("devices/rng", "model"),
    FINE("devices/rng/rate", "bytes|period"),
    FINE("devices/rng/backend[model=builtin]", "model"),
    FINE("devices/rng/backend[model=random][.=|$random]", "model"),
    POWER(HOSTPATH, "devices/rng/backend[model=random]"),
    POWER(CHARDEV, "devices/rng/backend[model=egd]/source[mode=bind][host=$local]"),
    POWER(LISTEN, "devices/rng/backend[model=egd]/source[mode=bind][path=]"),
    POWER(CHARDEV, "devices/rng/backend[model=egd]/**"),

    /* what people see and hear */
    POWER(HOSTDEV, "devices/graphics[type=egl-headless]"),
    FINE("devices/graphics/gl[enable=no][rendernode=]", "enable"),
    POWER(HOSTDEV, "devices/graphics/gl"),
    POWER(HOSTPATH, "devices/graphics[type=sdl|desktop]"),
    POWER(HOSTPATH, "devices/graphics/@socket|address"),
    POWER(HOSTPATH, "devices/graphics/listen/@socket"),
    FINE("devices/graphics/@listen[.=|$local]", ""),
    POWER(LISTEN, "devices/graphics/@listen"),
    FINE("devices/graphics/listen[type=none|socket]", "type"),
    FINE("devices/graphics/listen[type=address][address=|$local]", "type|address"),
    POWER(LISTEN, "devices/graphics/listen"),
    FINE("devices/graphics/@keymap[.=$word]", ""),
    POWER(HOSTPATH, "devices/graphics/@keymap"), /* QEMU reads a path too */
    FINE("devices/graphics[type=vnc|spice|rdp|dbus]",
         "type|port|tlsPort|autoport|websocket|passwd|passwdValidTo|connected|sharePolicy"
         "|powerControl|defaultMode|p2p|username|multiUser|replaceUser"),
    FINE("devices/graphics/channel", "name|mode"),
    FINE("devices/graphics/image|jpeg|zlib|playback", "compression"),
    FINE("devices/graphics/streaming|mouse", "mode"),
    FINE("devices/graphics/clipboard|filetransfer", "copypaste|enable"),
    FINE("devices/graphics|sound/audio", "id"),
    FINE("devices/audio[type=none|spice|dbus]/**", "*"),
    POWER(HOSTPATH, "devices/audio/**"),
    FINE("devices/sound", "model|multichannel|streams"),
    FINE("devices/sound/codec", "type"),
    FINE("devices/video", ""),
    POWER(HOSTDEV, "devices/video/driver/@name[.=vhostuser]"),
    POWER(HOSTDEV, "devices/video/model/acceleration/@rendernode"),
    FINE("devices/video/model", "type|heads|primary|ram|vram|vram64|vgamem|blob|edid"),
    FINE("devices/video/model/acceleration", "accel2d|accel3d"),
    FINE("devices/video/model/resolution", "x|y"),
    FINE("devices/video/driver", "name|vgaconf" VIRTIO),

    /* devices that are the guest's alone */
    FINE("devices/controller", "type|index|model|ports|vectors|maxEventChannels|maxGrantFrames"),
    FINE("devices/controller/driver", "queues|cmd_per_lun|max_sectors|ioeventfd|iothread" VIRTIO),
    FINE("devices/controller/model|master|pcihole64", "name|startport|unit"),
    FINE("devices/controller/target", "chassisNr|chassis|port|busNr|index|hotplug|memReserve"),
    FINE("devices/controller/target/node", ""),
    POWER(RESOURCE, "devices/watchdog/@action[.=dump]"), /* a core dump on the host */
    FINE("devices/watchdog", "model|action"),
    FINE("devices/memballoon", "model|autodeflate|freePageReporting"),
    FINE("devices/memballoon/stats", "period"),
    FINE("devices/crypto", "model|type"),
    FINE("devices/crypto/backend", "model|queues"),
    FINE("devices/iommu", "model"),
    FINE("devices/iommu/driver",
         "intremap|caching_mode|eim|iotlb|aw_bits|dma_translation|xtsup|pt"),
    FINE("devices/panic|hub|vsock|nvram", "model|type"),
    FINE("devices/vsock/cid", "auto|address"),
    FINE("devices/input|rng|memballoon|vsock|crypto|sound/driver", "queues" VIRTIO),
};
