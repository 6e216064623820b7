/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model-fixture.h"

#include <string.h>

static char *
nvram_path(const char *name, gboolean session)
{
    return g_strdup_printf("/nvram/%s_VARS.fd", name);
}

static char *
tpm_path(const char *uuid, gboolean session)
{
    return g_strdup_printf("/swtpm/%s", uuid);
}

static void
add_parts(VpMachine *machine)
{
    g_autofree char *written = NULL;
    g_autoptr(GBytes) state = g_bytes_new_static("state", 5);
    g_autoptr(GPtrArray) disks = vp_domain_disks(machine->domain);
    for (guint i = 0; i < disks->len; i++) {
        const VpDomainDisk *disk = disks->pdata[i];
        if (disk->kind == VP_SOURCE_NONE || vp_domain_disk_is_removable(disk))
            continue;
        VpMachineDisk *part = vp_machine_add_disk(machine, disk->target, "disks");
        part->size = part->bytes = 10 * GIB;
    }
    if (vp_domain_has_nvram(machine->domain, &written))
        machine->nvram = g_bytes_ref(state);
    if (vp_domain_has_tpm(machine->domain))
        vp_machine_add_tpm(machine, "tpm2/state", state);
}

static VpHostFacts *
facts_new(void)
{
    VpHostFacts *facts = vp_host_facts_new();
    facts->local = facts->privileged = TRUE;
    facts->images = g_strdup("/images");
    facts->domains = g_ptr_array_new_with_free_func((GDestroyNotify)vp_domain_fact_free);
    facts->networks = g_strsplit("default lan", " ", -1);
    facts->bridges = g_strsplit("br0 eth0", " ", -1);
    facts->archs = g_strsplit("x86_64", " ", -1);
    facts->virt_types = g_strsplit("qemu kvm", " ", -1);
    facts->machines = g_strsplit("pc q35 pc-q35-7.2", " ", -1);
    facts->firmware = g_strsplit("/firmware/code.fd /firmware/vars.fd", " ", -1);
    facts->tpm = facts->tpm_known = TRUE;
    return facts;
}

Fixture *
fixture_new(const char *devices, const char *os)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strdup_printf(
        "<domain type='kvm'><name>web</name><uuid>" UUID "</uuid><memory>65536</memory>"
        "<os>%s</os><devices>%s</devices></domain>",
        os ? os : "<type arch='x86_64' machine='q35'>hvm</type>", devices);
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->lists = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    fixture->order = vp_wishes_order_new();
    fixture->machine = vp_machine_new();
    fixture->machine->about = vp_manifest_new();
    fixture->machine->domain = vp_xml_parse(text, strlen(text), "domain.xml", &error);
    g_assert_no_error(error);
    vp_machine_describe(fixture->machine);
    add_parts(fixture->machine);
    fixture->facts = facts_new();
    return fixture;
}

void
fixture_free(Fixture *fixture)
{
    vp_machine_free(fixture->machine);
    vp_host_facts_free(fixture->facts);
    g_ptr_array_unref(fixture->order);
    g_ptr_array_unref(fixture->lists);
    g_free(fixture);
}

const char *const *
fixture_list(Fixture *fixture, const char *text)
{
    char **list = g_strsplit(text, " ", -1);
    g_ptr_array_add(fixture->lists, list);
    return (const char *const *)list;
}

VpPathFact *
fixture_path(Fixture *fixture, const char *path)
{
    VpPathFact *fact = g_new0(VpPathFact, 1);
    fact->folder_exists = fact->folder_writable = TRUE;
    fact->free = 100 * GIB;
    fact->filesystem = 1;
    g_hash_table_insert(fixture->facts->paths, g_strdup(path), fact);
    return fact;
}

void
fixture_add_domain(Fixture *fixture, const char *name, const char *uuid, const char *mac,
                   const char *path)
{
    VpDomainFact *fact = g_new0(VpDomainFact, 1);
    fact->name = g_strdup(name);
    fact->uuid = g_strdup(uuid);
    fact->macs = g_strsplit(mac, " ", -1);
    fact->paths = g_strsplit(path, " ", -1);
    g_ptr_array_add(fixture->facts->domains, fact);
}

void
fixture_add_ram(Fixture *fixture, const char *more)
{
    g_autofree char *text = vp_xml_format(fixture->machine->domain);
    g_auto(GStrv) halves = g_strsplit(text, "</devices>", 2);
    g_autofree char *ram = g_strconcat(halves[0], more, "</devices>", halves[1], NULL);
    vp_machine_set_ram(fixture->machine, vp_ram_new(ram, NULL, TRUE, NULL));
    fixture->facts->ram_cpu = VP_CPU_FITS;
}

static char *
save_path(const char *name, gboolean session)
{
    return g_strdup_printf("/save/%s.save", name);
}

VpPlan *
fixture_plan(Fixture *fixture, GError **error)
{
    static const VpPlanPaths paths = {nvram_path, tpm_path, save_path};
    VpWishes *options = vp_wishes_of_options(&fixture->options, error);
    if (!options)
        return NULL;
    g_autoptr(GPtrArray) order = vp_wishes_order_new();
    while (fixture->order->len > 0)
        g_ptr_array_add(order, g_ptr_array_steal_index(fixture->order, 0));
    g_ptr_array_add(order, options);
    return vp_plan_new(order, fixture->machine, fixture->facts, &paths, error);
}

static void
add_line(const VpFinding *finding, gpointer data)
{
    static const char *const levels[] = {"note", "warning", "error"};
    g_string_append_printf(data, "%s %s %s\n", levels[finding->level], finding->code,
                           finding->resource);
}

static void
check_ram(const Fixture *fixture, const VpPlan *plan, VpReport *report)
{
    if (plan->ram == VP_RAM_DROP)
        return;
    g_autoptr(xmlDoc) domain = xmlCopyDoc(fixture->machine->ram->description->domain, 1);
    vp_retarget_moment(domain, plan, "ram", report);
    vp_check_ram(plan, fixture->machine, domain, fixture->facts, report);
}

char *
fixture_check(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VpPlan) plan = fixture_plan(fixture, &error);
    g_assert_no_error(error);
    g_autoptr(xmlDoc) domain = xmlCopyDoc(fixture->machine->domain, 1);
    g_autoptr(VpReport) report = vp_report_new();
    vp_retarget(domain, plan, report, &error);
    g_assert_no_error(error);
    vp_check_plan(plan, fixture->machine, domain, fixture->facts, report);
    check_ram(fixture, plan, report);
    GString *lines = g_string_new(NULL);
    VpObserver observer = {.finding = add_line, .data = lines};
    vp_report_tell(report, &observer);
    return g_string_free(lines, FALSE);
}

static void
test_row(gconstpointer data)
{
    const FixtureRow *row = data;
    g_autoptr(Fixture) fixture = fixture_new(row->devices, row->os);
    if (row->set)
        row->set(fixture);
    g_autofree char *found = fixture_check(fixture);
    g_assert_cmpstr(found, ==, row->expected);
}

void
fixture_add_rows(const char *prefix, const FixtureRow *rows, gsize n_rows)
{
    for (gsize i = 0; i < n_rows; i++) {
        g_autofree char *path = g_strdup_printf("%s/%s", prefix, rows[i].name);
        g_test_add_data_func(path, &rows[i], test_row);
    }
}
