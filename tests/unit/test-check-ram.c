/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vp_check_ram(), vp_abi_compare() and what a plan makes of RAM: each with its nearest
 * neighbour that is fine. */
#include "model-fixture.h"
#include "model/abi.h"

#include <string.h>

#define DISK(target) \
    "<disk type='file'><driver type='qcow2'/><source file='/old/" target ".qcow2'/>" \
    "<target dev='" target "' bus='virtio'/></disk>"
#define NIC(mac) \
    "<interface type='network'><mac address='" mac "'/><source network='lan'/></interface>"
#define MAC      "52:54:00:00:00:01"
#define MACHINE  DISK("vda") NIC(MAC)
#define IDENTITY "warning ram-identity ram\n"
#define KEPT     "note network-kept nic:0\n"

typedef struct {
    const char *name;
    const char *more; /* devices that only the RAM has */
    void (*set)(Fixture *fixture);
    const char *expected;
} Row;

static void
no_power(Fixture *f)
{
    f->options.allow = NULL;
}

static void
no_power_but_drop(Fixture *f)
{
    f->options.allow = NULL;
    f->options.ram = "drop";
}

static void
cpu_lacks(Fixture *f)
{
    f->facts->ram_cpu = VP_CPU_LACKS;
}

static void
cpu_lacks_but_drop(Fixture *f)
{
    f->facts->ram_cpu = VP_CPU_LACKS;
    f->options.ram = "drop";
}

static void
cpu_unknown(Fixture *f)
{
    f->facts->ram_cpu = VP_CPU_UNKNOWN;
}

static void
other_accelerator(Fixture *f)
{
    f->options.virt_type = "qemu";
}

static void
more_memory(Fixture *f)
{
    f->options.xml = fixture_list(f, "./memory=131072");
}

static void
other_title(Fixture *f)
{
    f->options.xml = fixture_list(f, "./title=x");
    f->options.name = "web2";
    f->options.nic = fixture_list(f, "0=user");
    f->options.disk = fixture_list(f, "vda=/else/x.raw,format=raw");
}

static void
other_bus(Fixture *f)
{
    f->options.xml = fixture_list(f, "./devices/disk/target/@bus=ide");
}

static void
no_disk(Fixture *f)
{
    f->options.disk = fixture_list(f, "vda=skip");
}

static void
new_mac(Fixture *f)
{
    f->options.mac = "new";
}

static void
add_twin(Fixture *f, const char *link)
{
    fixture_add_domain(f, "other", "x", MAC, "");
    VpDomainFact *fact = f->facts->domains->pdata[0];
    fact->links = g_new0(char *, 2);
    fact->links[0] = g_strdup(link);
}

static void
twin(Fixture *f)
{
    add_twin(f, "network lan");
}

static void
twin_on_bridge(Fixture *f)
{
    VpNetworkFact *fact = g_new0(VpNetworkFact, 1);
    add_twin(f, "bridge virbr0");
    fact->name = g_strdup("lan");
    fact->active = TRUE;
    fact->bridge = g_strdup("virbr0");
    f->facts->network_facts = g_ptr_array_new_with_free_func((GDestroyNotify)vp_network_fact_free);
    g_ptr_array_add(f->facts->network_facts, fact);
}

static void
twin_elsewhere(Fixture *f)
{
    add_twin(f, "network default");
}

static void
twin_moved(Fixture *f)
{
    twin(f);
    f->options.nic = fixture_list(f, "0=none");
}

static void
space_for_once(Fixture *f)
{
    f->machine->ram->size = 10 * GIB;
    fixture_path(f, "/images/web.ram")->free = 15 * GIB;
    fixture_path(f, "/save/web.save")->free = 15 * GIB;
}

static void
space_for_once_and_start(Fixture *f)
{
    space_for_once(f);
    f->options.ram = "start";
}

static void
space_but_for_the_disk(Fixture *f)
{
    f->machine->ram->size = 10 * GIB;
    fixture_path(f, "/images/web-vda.qcow2")->free = 15 * GIB;
    fixture_path(f, "/images/web.ram")->free = 15 * GIB;
}

static void
saved_already(Fixture *f)
{
    fixture_path(f, "/save/web.save")->exists = TRUE;
}

static void
give_only_in_ram(Fixture *f)
{
    f->options.disk = fixture_list(f, "vdz=/x.raw,format=raw");
}

static const Row rows[] = {
    {"fine", "", NULL, IDENTITY KEPT},
    {"power", "", no_power, "error power-refused ram\n" IDENTITY KEPT},
    {"power/drop", "", no_power_but_drop, KEPT},
    {"power/inside", "<hostdev/>", NULL, "error power-refused domain\n" IDENTITY KEPT},
    {"cpu", "", cpu_lacks, "error ram-needs-same-cpu ram\n" IDENTITY KEPT},
    {"cpu/drop", "", cpu_lacks_but_drop, KEPT},
    {"cpu/unknown", "", cpu_unknown, IDENTITY KEPT "note unchecked ram\n"},
    {"accelerator", "", other_accelerator, "error ram-needs-same-cpu ram\n" IDENTITY KEPT},
    {"abi/memory", "", more_memory, "error ram-abi ram\n" IDENTITY KEPT},
    {"abi/bus", "", other_bus, "error ram-abi ram\n" IDENTITY KEPT},
    {"abi/disk", "", no_disk, "error ram-abi ram\n" IDENTITY KEPT},
    {"abi/mac", "", new_mac, "error ram-abi ram\n" IDENTITY KEPT},
    {"abi/none", "", other_title, IDENTITY},
    {"twin", "", twin, "warning mac-taken nic:0\n" IDENTITY "warning ram-identity nic:0\n" KEPT},
    {"twin/bridge", "", twin_on_bridge,
     "warning mac-taken nic:0\n" IDENTITY "warning ram-identity nic:0\n" KEPT},
    {"twin/elsewhere", "", twin_elsewhere, "warning mac-taken nic:0\n" IDENTITY KEPT},
    {"twin/moved", "", twin_moved, "warning mac-taken nic:0\n" IDENTITY},
    {"space", "", space_for_once, "error no-space ram\n" IDENTITY KEPT},
    {"space/start", "", space_for_once_and_start, IDENTITY KEPT},
    {"space/disk", "", space_but_for_the_disk, "error no-space ram\n" IDENTITY KEPT},
    {"saved-already", "", saved_already, "error file-exists ram\n" IDENTITY KEPT},
    {"only/nic", NIC("52:54:00:00:00:02"), NULL,
     IDENTITY "warning definition-differs ram\n" KEPT "note network-kept nic:1\n"},
    {"only/disk", DISK("vdz"), NULL,
     "error source-missing disk:vdz\n" IDENTITY "warning definition-differs ram\n" KEPT},
    {"only/disk-given", DISK("vdz"), give_only_in_ram,
     IDENTITY "warning definition-differs ram\n" KEPT},
};

static Fixture *
resuming_new(const char *more)
{
    Fixture *fixture = fixture_new(MACHINE, NULL);
    fixture_add_ram(fixture, more);
    fixture->options.allow = fixture_list(fixture, "ram");
    return fixture;
}

static void
test_row(gconstpointer data)
{
    const Row *row = data;
    g_autoptr(Fixture) fixture = resuming_new(row->more);
    if (row->set)
        row->set(fixture);
    g_autofree char *found = fixture_check(fixture);
    g_assert_cmpstr(found, ==, row->expected);
}

/* The RAM lists its NICs in another order, with one more between them. */
static void
test_nics_by_mac(void)
{
    static const char ram[] =
        "<domain type='kvm'><name>web</name><devices>" NIC("52:54:00:00:00:02")
            NIC("52:54:00:00:00:03") NIC(MAC) "</devices></domain>";
    g_autoptr(Fixture) fixture = fixture_new(NIC(MAC) NIC("52:54:00:00:00:02"), NULL);
    vp_machine_set_ram(fixture->machine, vp_ram_new(ram, NULL, TRUE, NULL));
    fixture->options.nic = fixture_list(fixture, "0=bridge:br0 2=user");
    g_autoptr(VpPlan) plan = fixture_plan(fixture, NULL);
    g_autoptr(VpReport) report = vp_report_new();
    g_autoptr(xmlDoc) domain = xmlCopyDoc(fixture->machine->ram->description->domain, 1);
    vp_retarget_moment(domain, plan, "ram", report);
    static const char *const types[] = {"network", "user", "bridge"};
    g_autoptr(GPtrArray) nics = vp_domain_nics(domain);
    g_assert_cmpuint(plan->nics->len, ==, 3);
    for (guint i = 0; i < nics->len; i++)
        g_assert_cmpstr(((VpDomainNic *)nics->pdata[i])->type, ==, types[i]);
}

static void
test_plan(void)
{
    static const struct {
        const char *word;
        VpRamFate fate;
        const char *save_path;
    } fates[] = {
        {NULL, VP_RAM_SAVED, "/save/web.save"},
        {"saved", VP_RAM_SAVED, "/save/web.save"},
        {"start", VP_RAM_START, NULL},
        {"paused", VP_RAM_PAUSED, NULL},
        {"drop", VP_RAM_DROP, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(fates); i++) {
        g_autoptr(Fixture) fixture = resuming_new("");
        fixture->options.ram = fates[i].word;
        g_autoptr(VpPlan) plan = fixture_plan(fixture, NULL);
        const VpPlanNic *nic = plan->nics->pdata[0];
        gboolean drop = fates[i].fate == VP_RAM_DROP;
        g_assert_cmpint(plan->ram, ==, fates[i].fate);
        g_assert_cmpstr(plan->save_path, ==, fates[i].save_path);
        g_assert_cmpstr(plan->ram_path, ==, drop ? NULL : "/images/web.ram");
        g_assert_true(drop == (strcmp(nic->mac, MAC) != 0));
    }
}

/* What differs is told with its values, of the old machine and of the new. */
static void
test_abi_values(void)
{
    static const struct {
        const char *was, *is, *expected;
    } values[] = {
        {"<memory unit='KiB'>32768</memory>", "<memory unit='KiB'>65536</memory>",
         "memory: unit=KiB 32768 → unit=KiB 65536"},
        {"<devices>" DISK("vda") "</devices>", "<devices/>", "disk vda: there → (null)"},
        {"<devices/>", "<devices>" DISK("vda") "</devices>", "disk vda: (null) → there"},
        {"<devices>" NIC(MAC) "</devices>", "<devices>" NIC("52:54:00:00:00:02") "</devices>",
         "NIC " MAC ": mac(address=" MAC ") → mac(address=52:54:00:00:00:02)"},
        {"<devices><disk><target dev='vda' bus='virtio'/></disk></devices>",
         "<devices><disk><target dev='vda' bus='ide'/><serial>x</serial></disk></devices>",
         "disk vda: target(dev=vda bus=virtio), none → target(dev=vda bus=ide), serial(x)"},
        {"<features><acpi/><apic/><pae/><hap/><pmu/><hyperv><relaxed state='on'/></hyperv></features>",
         "<features><acpi/><apic/><pae/><hap/><pmu/><hyperv><relaxed state='off'/></hyperv></features>",
         "features: …hyperv(relaxed(state=on))) → …hyperv(relaxed(state=off)))"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        g_autofree char *before = g_strconcat("<domain>", values[i].was, "</domain>", NULL);
        g_autofree char *after = g_strconcat("<domain>", values[i].is, "</domain>", NULL);
        g_autoptr(xmlDoc) was = vp_xml_parse(before, strlen(before), "was", NULL);
        g_autoptr(xmlDoc) is = vp_xml_parse(after, strlen(after), "is", NULL);
        g_autoptr(GPtrArray) differences = vp_abi_compare(was, is);
        g_assert_cmpuint(differences->len, ==, 1);
        const VpAbiDifference *one = differences->pdata[0];
        g_autofree char *told = g_strdup_printf(
            "%s: %s → %s", one->what, one->was ? one->was : "(null)", one->is ? one->is : "(null)");
        g_assert_cmpstr(told, ==, values[i].expected);
    }
}

/* The RAM brings UEFI variables and TPM state of its own. */
static void
test_fresh_state(void)
{
    static const char os[] = "<type arch='x86_64' machine='q35'>hvm</type>"
                             "<loader type='pflash'>/firmware/code.fd</loader><nvram>/n</nvram>";
    static const char tpm[] = "<tpm model='tpm-crb'><backend type='emulator'/></tpm>";
    g_autoptr(Fixture) fixture = fixture_new(tpm, os);
    fixture_add_ram(fixture, "");
    fixture->options.allow = fixture_list(fixture, "ram");
    g_autofree char *kept = fixture_check(fixture);
    g_assert_cmpstr(kept, ==, IDENTITY);
    fixture->options.tpm = fixture->options.nvram = "fresh";
    g_autofree char *fresh = fixture_check(fixture);
    g_assert_cmpstr(fresh, ==, "error ram-abi ram\nerror ram-abi ram\n" IDENTITY);
    fixture->options.ram = "drop";
    g_autofree char *dropped = fixture_check(fixture);
    g_assert_cmpstr(dropped, ==, "");
}

static void
assert_usage(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VpPlan) plan = fixture_plan(fixture, &error);
    g_assert_null(plan);
    g_assert_error(error, VP_ERROR, VP_ERROR_USAGE);
}

static void
test_plan_refused(void)
{
    g_autoptr(Fixture) without = fixture_new(MACHINE, NULL);
    without->options.ram = "start";
    assert_usage(without);
    g_autoptr(Fixture) with = resuming_new("");
    with->options.ram = "later";
    assert_usage(with);
    with->options.ram = "paused";
    with->options.start = TRUE;
    assert_usage(with);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/check-ram/nics-by-mac", test_nics_by_mac);
    g_test_add_func("/check-ram/abi-values", test_abi_values);
    g_test_add_func("/check-ram/fresh-state", test_fresh_state);
    g_test_add_func("/check-ram/plan", test_plan);
    g_test_add_func("/check-ram/plan-refused", test_plan_refused);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strdup_printf("/check-ram/%s", rows[i].name);
        g_test_add_data_func(path, &rows[i], test_row);
    }
    return g_test_run();
}
