/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model/check.h: each finding with the facts that make it, and the nearest that do not. */
#include "model-fixture.h"

#define DISK(target) \
    "<disk type='file'><driver type='qcow2'/><source file='/old/" target ".qcow2'/>" \
    "<target dev='" target "'/></disk>"
#define CDROM "<disk type='file' device='cdrom'><target dev='sda'/></disk>"
#define SHARED \
    "<disk type='file'><source file='/old/vda.raw'/><target dev='vda'/><shareable/></disk>"
#define NIC(type, source) \
    "<interface type='" type "'><mac address='52:54:00:00:00:01'/><source " source "/></interface>"
#define NETWORK "<interface type='network'><source network='default'/></interface>"
#define TPM     "<tpm><backend type='emulator'/></tpm>"
#define UEFI \
    "<type arch='x86_64' machine='q35'>hvm</type><loader>/firmware/code.fd</loader>" \
    "<nvram>/old/nvram.fd</nvram>"

static void
take_name(Fixture *f)
{
    fixture_add_domain(f, "web", "00000000-0000-4000-8000-000000000001", "", "");
}

static void
take_name_but_rename(Fixture *f)
{
    take_name(f);
    f->options.name = "web2";
}

static void
take_uuid(Fixture *f)
{
    fixture_add_domain(f, "other", UUID, "", "");
    f->options.uuid = "keep";
}

static void
take_uuid_but_draw(Fixture *f)
{
    fixture_add_domain(f, "other", UUID, "", "");
}

static void
take_mac(Fixture *f)
{
    fixture_add_domain(f, "other", "x", "52:54:00:AA:00:01 52:54:00:00:00:01", "");
    f->options.mac = "keep";
}

static void
take_mac_but_keep_if_free(Fixture *f)
{
    take_mac(f);
    f->options.mac = "keep-if-free";
}

static void
take_mac_but_drop(Fixture *f)
{
    take_mac(f);
    f->options.nic = fixture_list(f, "0=drop");
}

static void
only_other_arch(Fixture *f)
{
    g_strfreev(f->facts->archs);
    f->facts->archs = g_strsplit("aarch64", " ", -1);
}

static void
archs_unknown(Fixture *f)
{
    g_clear_pointer(&f->facts->archs, g_strfreev);
    g_clear_pointer(&f->facts->virt_types, g_strfreev);
    g_clear_pointer(&f->facts->machines, g_strfreev);
}

static void
no_kvm(Fixture *f)
{
    g_strfreev(f->facts->virt_types);
    f->facts->virt_types = g_strsplit("qemu", " ", -1);
}

static void
no_kvm_but_auto(Fixture *f)
{
    no_kvm(f);
    f->options.virt_type = "auto";
}

static void
no_kvm_but_edit(Fixture *f)
{
    no_kvm(f);
    f->options.xml = fixture_list(f, "./@type=qemu");
}

static void
old_machines(Fixture *f)
{
    g_strfreev(f->facts->machines);
    f->facts->machines = g_strsplit("pc", " ", -1);
}

static void
old_machines_but_edit(Fixture *f)
{
    old_machines(f);
    f->options.xml = fixture_list(f, "./os/type/@machine=pc");
}

static void
firmware_missing(Fixture *f)
{
    fixture_path(f, "/firmware/code.fd");
}

static void
firmware_there(Fixture *f)
{
    fixture_path(f, "/firmware/code.fd")->exists = TRUE;
}

static void
firmware_missing_but_other(Fixture *f)
{
    firmware_missing(f);
    fixture_path(f, "/firmware/vars.fd")->exists = TRUE;
    f->options.xml = fixture_list(f, "./os/loader=/firmware/vars.fd");
}

static void
no_swtpm(Fixture *f)
{
    f->facts->tpm = FALSE;
}

static void
no_swtpm_but_drop(Fixture *f)
{
    no_swtpm(f);
    f->options.tpm = "drop";
}

static void
swtpm_unknown(Fixture *f)
{
    no_swtpm(f);
    f->facts->tpm_known = FALSE;
}

static void
file_there(Fixture *f)
{
    fixture_path(f, "/images/web-vda.qcow2")->exists = TRUE;
}

static void
file_there_but_elsewhere(Fixture *f)
{
    file_there(f);
    fixture_path(f, "/other/web-vda.qcow2");
    f->options.dir = "/other";
}

static void
file_of_another(Fixture *f)
{
    fixture_path(f, "/images/web-vda.qcow2");
    fixture_add_domain(f, "other", "x", "", "/images/web-vda.qcow2");
}

static void
folder_missing(Fixture *f)
{
    VpPathFact *fact = fixture_path(f, "/images/web-vda.qcow2");
    fact->folder_exists = fact->folder_writable = FALSE;
}

static void
folder_closed(Fixture *f)
{
    fixture_path(f, "/images/web-vda.qcow2")->folder_writable = FALSE;
}

static void
folder_of_package(Fixture *f)
{
    fixture_path(f, "/images/web-vda.qcow2")->in_package = TRUE;
}

static void
folder_fine(Fixture *f)
{
    fixture_path(f, "/images/web-vda.qcow2");
}

static void
leave_out(Fixture *f)
{
    file_there(f);
    f->options.disk = fixture_list(f, "vda=skip");
}

static void
config_only(Fixture *f)
{
    g_ptr_array_set_size(f->machine->disks, 0);
}

static void
config_only_used(Fixture *f)
{
    config_only(f);
    fixture_path(f, "/here")->exists = TRUE;
    f->options.disk = fixture_list(f, "vda=/here,format=raw");
}

static void
config_only_absent(Fixture *f)
{
    config_only_used(f);
    fixture_path(f, "/here")->exists = FALSE;
}

static void
config_only_of_package(Fixture *f)
{
    config_only_used(f);
    VpPathFact *fact = fixture_path(f, "/here");
    fact->exists = fact->in_package = TRUE;
}

static void
config_only_others(Fixture *f)
{
    config_only_used(f);
    fixture_add_domain(f, "other", "x", "", "/else /here");
}

static void
config_only_same_file(Fixture *f)
{
    config_only_used(f);
    ((VpPathFact *)vp_host_facts_find(f->facts, "/here"))->identity = g_strdup("file 1 2");
    fixture_add_domain(f, "other", "x", "", "");
    VpDomainFact *fact = f->facts->domains->pdata[0];
    g_strfreev(fact->paths);
    fact->paths = g_strsplit("/link,file 1 2", ",", -1);
}

static void
media_of_another(Fixture *f)
{
    fixture_path(f, "/iso")->exists = TRUE;
    fixture_add_domain(f, "other", "x", "", "/iso");
    f->options.disk = fixture_list(f, "sda=/iso,format=raw");
}

static void
same_path(Fixture *f)
{
    f->options.disk = fixture_list(f, "vda=/new/a vdb=/new/x/../a");
}

static void
other_path(Fixture *f)
{
    f->options.disk = fixture_list(f, "vda=/new/a vdb=/new/b");
}

static void
room_for(Fixture *f, guint64 first, guint64 second, guint64 filesystem)
{
    fixture_path(f, "/images/web-vda.qcow2")->free = first;
    VpPathFact *fact = fixture_path(f, "/images/web-vdb.qcow2");
    fact->free = second;
    fact->filesystem = filesystem;
}

static void
no_room(Fixture *f)
{
    room_for(f, 10 * GIB - 1, 100 * GIB, 2);
}

static void
no_room_for_both(Fixture *f)
{
    room_for(f, 20 * GIB - 1, 20 * GIB - 1, 1);
}

static void
just_room_for_both(Fixture *f)
{
    room_for(f, 20 * GIB, 20 * GIB, 1);
}

static void
room_apart(Fixture *f)
{
    room_for(f, 10 * GIB, 10 * GIB, 2);
}

static void
medium_gone(Fixture *f)
{
    fixture_path(f, "/iso");
    f->options.disk = fixture_list(f, "sda=/iso,format=raw");
}

static void
medium_gone_edited(Fixture *f)
{
    medium_gone(f);
    f->options.xml = fixture_list(f, "./devices/disk/source/@startupPolicy=optional");
}

static void
cpu_lacks(Fixture *f)
{
    f->facts->cpu = VP_CPU_LACKS;
    f->facts->cpu_why = g_strdup("no x2apic");
}

static void
cpu_unknown(Fixture *f)
{
    cpu_lacks(f);
    f->facts->cpu = VP_CPU_UNKNOWN;
}

static void
older_host(Fixture *f)
{
    f->machine->about->hypervisor = g_strdup("QEMU");
    f->machine->about->hypervisor_version = 8002000;
    f->machine->about->libvirt_version = 9001000;
    f->facts->hypervisor_version = 7002022;
    f->facts->libvirt_version = 9000000;
}

static void
host_of_a_fix_less(Fixture *f)
{
    older_host(f);
    f->facts->hypervisor_version = 8002000;
    f->facts->libvirt_version = 9001000;
    f->machine->about->hypervisor_version = 8002022;
    f->machine->about->libvirt_version = 9001005;
}

static void
behind_barrier(Fixture *f)
{
    fixture_path(f, "/images/web-vda.qcow2")->barrier = g_strdup("/images");
}

static void
behind_barrier_but_elsewhere(Fixture *f)
{
    behind_barrier(f);
    f->options.dir = "/other";
}

static void
state_there(Fixture *f)
{
    fixture_path(f, "/nvram/web_VARS.fd")->exists = TRUE;
    fixture_path(f, "/swtpm/" UUID)->exists = TRUE;
    f->options.uuid = "keep";
}

static void
state_there_fresh(Fixture *f)
{
    state_there(f);
    f->options.nvram = "fresh";
    f->options.tpm = "fresh";
}

static void
state_there_dropped(Fixture *f)
{
    state_there_fresh(f);
    f->options.tpm = "drop";
    f->options.name = "other";
}

static void
network_lost(Fixture *f)
{
    g_strfreev(f->facts->networks);
    f->facts->networks = g_strsplit("lan", " ", -1);
}

static void
network_lost_fail(Fixture *f)
{
    network_lost(f);
    f->options.on_missing_network = "fail";
}

static void
network_lost_mapped(Fixture *f)
{
    network_lost(f);
    f->options.network = fixture_list(f, "default=lan");
}

static void
network_lost_kept(Fixture *f)
{
    network_lost(f);
    f->options.nic = fixture_list(f, "0=keep");
}

static void
network_lost_restore(Fixture *f)
{
    network_lost_fail(f);
    f->options.restore = TRUE;
}

static void
networks_unknown(Fixture *f)
{
    g_clear_pointer(&f->facts->networks, g_strfreev);
}

static void
network_named(Fixture *f)
{
    f->options.nic = fixture_list(f, "0=network:dmz");
}

static void
bridge_mapped(Fixture *f)
{
    f->options.nic = fixture_list(f, "0=bridge:br0");
}

static void
bridge_mapped_missing(Fixture *f)
{
    f->options.nic = fixture_list(f, "0=ovs:br9:7");
}

static void
device_mapped_missing(Fixture *f)
{
    f->options.nic = fixture_list(f, "0=direct:eth9");
}

static void
bridges_unknown(Fixture *f)
{
    bridge_mapped_missing(f);
    g_clear_pointer(&f->facts->bridges, g_strfreev);
}

static void
restore(Fixture *f)
{
    f->options.restore = TRUE;
}

static void
keep_nic(Fixture *f)
{
    f->options.nic = fixture_list(f, "0=keep");
}

static void
drop_nic(Fixture *f)
{
    f->options.nic = fixture_list(f, "0=drop");
}

static void
allow_hostdev(Fixture *f)
{
    f->options.allow = fixture_list(f, "listen,hostdev");
}

static void
allow_other(Fixture *f)
{
    f->options.allow = fixture_list(f, "listen");
}

static void
own_kernel(Fixture *f)
{
    f->options.xml = fixture_list(f, "./os/kernel=/boot/vmlinuz");
}

static void
own_listen(Fixture *f)
{
    f->options.xml = fixture_list(f, "./devices/graphics[1]/@listen=0.0.0.0");
}

#define LISTEN "<graphics type='vnc' listen='127.0.0.1'/><graphics type='vnc' listen='0.0.0.0'/>"

static const FixtureRow rows[] = {
    {"nothing", DISK("vda") TPM, UEFI, NULL, ""},
    {"name-taken", "", NULL, take_name, "error name-taken domain\n"},
    {"name-taken/renamed", "", NULL, take_name_but_rename, ""},
    {"uuid-taken", "", NULL, take_uuid, "error uuid-taken domain\n"},
    {"uuid-taken/drawn", "", NULL, take_uuid_but_draw, ""},
    {"mac-taken", NIC("user", ""), NULL, take_mac,
     "warning mac-taken nic:0\nnote network-kept nic:0\n"},
    {"mac-taken/if-free", NIC("user", ""), NULL, take_mac_but_keep_if_free,
     "note network-kept nic:0\n"},
    {"mac-taken/dropped", NIC("user", ""), NULL, take_mac_but_drop, ""},

    {"arch", "", NULL, only_other_arch, "error arch-unsupported domain\n"},
    {"arch/unknown", "", NULL, archs_unknown, ""},
    {"virt-type", "", NULL, no_kvm, "error virt-type-unavailable domain\n"},
    {"virt-type/auto", "", NULL, no_kvm_but_auto, "note virt-type-changed domain\n"},
    {"virt-type/edited", "", NULL, no_kvm_but_edit, ""},
    {"machine", "", NULL, old_machines, "error machine-unsupported domain\n"},
    {"machine/edited", "", NULL, old_machines_but_edit, ""},
    {"firmware", "", UEFI, firmware_missing, "error firmware-missing nvram\n"},
    {"firmware/there", "", UEFI, firmware_there, ""},
    {"firmware/edited", "", UEFI, firmware_missing_but_other, ""},
    {"tpm", TPM, NULL, no_swtpm, "error tpm-unavailable tpm\n"},
    {"tpm/dropped", TPM, NULL, no_swtpm_but_drop, ""},
    {"tpm/unknown", TPM, NULL, swtpm_unknown, ""},
    {"tpm/none", "", NULL, no_swtpm, ""},

    {"file-exists", DISK("vda"), NULL, file_there, "error file-exists disk:vda\n"},
    {"file-exists/elsewhere", DISK("vda"), NULL, file_there_but_elsewhere, ""},
    {"file-exists/skipped", DISK("vda"), NULL, leave_out, ""},
    {"file-exists/twice", DISK("vda") DISK("vdb"), NULL, same_path, "error file-exists disk:vdb\n"},
    {"file-exists/apart", DISK("vda") DISK("vdb"), NULL, other_path, ""},
    {"file-in-use", DISK("vda"), NULL, file_of_another, "error file-in-use disk:vda\n"},
    {"folder/missing", DISK("vda"), NULL, folder_missing, "error path-not-writable disk:vda\n"},
    {"folder/closed", DISK("vda"), NULL, folder_closed, "error path-not-writable disk:vda\n"},
    {"folder/package", DISK("vda"), NULL, folder_of_package, "error path-not-writable disk:vda\n"},
    {"folder/fine", DISK("vda"), NULL, folder_fine, ""},
    {"source-missing", DISK("vda"), NULL, config_only, "error source-missing disk:vda\n"},
    {"source-missing/used", DISK("vda"), NULL, config_only_used, ""},
    {"used/of-package", DISK("vda"), NULL, config_only_of_package,
     "error path-not-writable disk:vda\n"},
    {"source-missing/absent", DISK("vda"), NULL, config_only_absent,
     "error source-missing disk:vda\n"},
    {"used/by-another", DISK("vda"), NULL, config_only_others, "error file-in-use disk:vda\n"},
    {"used/another-path", DISK("vda"), NULL, config_only_same_file, "error file-in-use disk:vda\n"},
    {"used/shareable", SHARED, NULL, config_only_others, "warning file-in-use disk:vda\n"},
    {"used/medium", CDROM, NULL, media_of_another, ""},
    {"no-space", DISK("vda") DISK("vdb"), NULL, no_room, "error no-space disk:vda\n"},
    {"no-space/both", DISK("vda") DISK("vdb"), NULL, no_room_for_both, "error no-space disk:vdb\n"},
    {"no-space/just", DISK("vda") DISK("vdb"), NULL, just_room_for_both, ""},
    {"no-space/apart", DISK("vda") DISK("vdb"), NULL, room_apart, ""},
    {"media-absent", CDROM, NULL, medium_gone, "error media-absent disk:sda\n"},
    {"media-absent/optional", CDROM, NULL, medium_gone_edited, "warning media-absent disk:sda\n"},
    {"cpu/lacks", "", NULL, cpu_lacks, "error cpu-incompatible domain\n"},
    {"cpu/unknown", "", NULL, cpu_unknown, "note unchecked domain\n"},
    {"version/newer", "", NULL, older_host,
     "warning version-newer domain\nwarning version-newer domain\n"},
    {"version/fix", "", NULL, host_of_a_fix_less, ""},
    {"reach/barrier", DISK("vda"), NULL, behind_barrier, "error path-unreachable disk:vda\n"},
    {"reach/elsewhere", DISK("vda"), NULL, behind_barrier_but_elsewhere, ""},

    {"state", TPM, UEFI, state_there, "error file-exists nvram\nerror file-exists tpm\n"},
    {"state/fresh", TPM, UEFI, state_there_fresh,
     "error file-exists nvram\nerror file-exists tpm\n"},
    {"state/dropped", TPM, UEFI, state_there_dropped, ""},
    {"state/none", "", NULL, state_there, ""},

    {"network/there", NETWORK, NULL, NULL, "note network-kept nic:0\n"},
    {"network/asked", NETWORK, NULL, keep_nic, ""},
    {"network/there-restored", NETWORK, NULL, restore, ""},
    {"network/lost", NETWORK, NULL, network_lost, "warning network-missing nic:0\n"},
    {"network/fail", NETWORK, NULL, network_lost_fail, "error network-missing nic:0\n"},
    {"network/mapped", NETWORK, NULL, network_lost_mapped, ""},
    {"network/kept", NETWORK, NULL, network_lost_kept, "warning network-missing nic:0\n"},
    {"network/restored", NETWORK, NULL, network_lost_restore, "error network-missing nic:0\n"},
    {"network/unknown", NETWORK, NULL, networks_unknown, ""},
    {"network/dropped", NIC("network", "network='gone'"), NULL, drop_nic, ""},
    {"network/named", NETWORK, NULL, network_named, "error network-missing nic:0\n"},
    {"bridge", NIC("bridge", "bridge='br0'"), NULL, NULL, "warning bridge-missing nic:0\n"},
    {"bridge/mapped", NIC("bridge", "bridge='x'"), NULL, bridge_mapped, ""},
    {"bridge/restored", NIC("bridge", "bridge='br0'"), NULL, restore, ""},
    {"bridge/restored-absent", NIC("bridge", "bridge='x'"), NULL, restore,
     "warning bridge-missing nic:0\n"},
    {"bridge/kept-absent", NIC("bridge", "bridge='x'"), NULL, keep_nic,
     "warning bridge-missing nic:0\n"},
    {"device/kept", NIC("direct", "dev='eth0'"), NULL, keep_nic, ""},
    {"device/kept-absent", NIC("direct", "dev='eth9'"), NULL, keep_nic,
     "warning device-missing nic:0\n"},
    {"bridge/absent", NETWORK, NULL, bridge_mapped_missing, "error bridge-missing nic:0\n"},
    {"bridge/unknown", NETWORK, NULL, bridges_unknown, ""},
    {"device", NIC("direct", "dev='eth0'"), NULL, NULL, "warning bridge-missing nic:0\n"},
    {"device/absent", NETWORK, NULL, device_mapped_missing, "error device-missing nic:0\n"},

    {"power", "<hostdev/>", NULL, NULL, "error power-refused domain\n"},
    {"power/each", "<hostdev/><lease/>", NULL, NULL,
     "error power-refused domain\nerror power-refused domain\n"},
    {"power/allowed", "<hostdev/>", NULL, allow_hostdev, ""},
    {"power/other", "<hostdev/>", NULL, allow_other, "error power-refused domain\n"},
    {"power/own", "", NULL, own_kernel, ""},
    {"power/own-and-the-package's", LISTEN, NULL, own_listen, "error power-refused domain\n"},
};

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fixture_add_rows("/check", rows, G_N_ELEMENTS(rows));
    return g_test_run();
}
