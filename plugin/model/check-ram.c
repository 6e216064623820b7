/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/abi.h"
#include "model/check-parts.h"

#include <string.h>

static void
check_allowed(const VpCheck *check)
{
    if (check->plan->allow & 1u << VP_POWER_RAM)
        return;
    vp_report_add(check->report, VP_FINDING_POWER_REFUSED, VP_LEVEL_ERROR, "ram",
                  "the package brings RAM, which QEMU would take up as its own state: that is the "
                  "power “ram”, for a package whose writer is trusted: allow it, or boot from the "
                  "disks");
    vp_report_add_fix(check->report, "--allow ram");
    vp_report_add_fix(check->report, "--ram drop");
}

static void
check_accelerator(const VpCheck *check)
{
    xmlNode *was = xmlDocGetRootElement(check->machine->ram->description->domain);
    g_autofree char *type = vp_xml_get(was, "type");
    g_autofree char *now = vp_xml_get(xmlDocGetRootElement(check->domain), "type");
    gboolean here = !check->facts->virt_types || vp_strv_has(check->facts->virt_types, type);
    if (here && g_strcmp0(type, now) == 0)
        return;
    vp_report_add(check->report, VP_FINDING_RAM_NEEDS_SAME_CPU, VP_LEVEL_ERROR, "ram",
                  here ? "the RAM was made by a domain of type %s, and resumes in no other"
                       : "the RAM was made by a domain of type %s, which this host cannot run",
                  type);
    vp_report_add_fix(check->report, "--ram drop");
}

static void
check_cpu(const VpCheck *check)
{
    const VpHostFacts *facts = check->facts;
    if (facts->ram_cpu == VP_CPU_LACKS) {
        vp_report_add(check->report, VP_FINDING_RAM_NEEDS_SAME_CPU, VP_LEVEL_ERROR, "ram",
                      "this host cannot give the processor that the RAM was made with: %s",
                      facts->ram_cpu_why);
        vp_report_add_fix(check->report, "--ram drop");
    } else if (facts->ram_cpu == VP_CPU_UNKNOWN) {
        vp_report_add(check->report, VP_FINDING_UNCHECKED, VP_LEVEL_NOTE, "ram",
                      "whether this host can give the processor that the RAM was made with is not "
                      "known%s%s",
                      facts->ram_cpu_why ? ": " : "", facts->ram_cpu_why ? facts->ram_cpu_why : "");
    }
}

static void
check_machine(const VpCheck *check)
{
    xmlNode *root = xmlDocGetRootElement(check->domain);
    g_autofree char *machine = vp_xml_get(vp_xml_find_path(root, "os/type"), "machine");
    if (!check->facts->machines || !machine || vp_strv_has(check->facts->machines, machine))
        return;
    vp_report_add(check->report, VP_FINDING_MACHINE_UNSUPPORTED, VP_LEVEL_ERROR, "ram",
                  "the RAM was made with the machine type %s, which this host's QEMU does not have",
                  machine);
    vp_report_add_fix(check->report, "--ram drop");
}

/* @fix may be NULL. */
static void
add_abi(const VpCheck *check, const char *what, const char *why, const char *fix)
{
    vp_report_add(check->report, VP_FINDING_RAM_ABI, VP_LEVEL_ERROR, "ram",
                  "%s: %s: leave it as it was, or boot from the disks", what, why);
    if (fix)
        vp_report_add_fix(check->report, "%s", fix);
    vp_report_add_fix(check->report, "--ram drop");
}

static void
add_difference(const VpCheck *check, const VpAbiDifference *difference)
{
    const char *was = difference->was, *is = difference->is;
    g_autofree char *why =
        was && is
            ? g_strdup_printf("the RAM was made with %s, an option or an edit makes it %s", was, is)
            : g_strdup_printf("the RAM was made with%s it, an option or an edit %s it",
                              was ? "" : "out", was ? "removes" : "adds");
    add_abi(check, difference->what, why, vp_abi_is_address(difference) ? "--mac keep" : NULL);
}

/* QEMU puts its own copy of them, which came with the RAM, in the place of any other. */
static void
add_state(const VpCheck *check, const char *what)
{
    g_autofree char *option = g_strdup_printf("--%s fresh", what);
    g_autofree char *fix = g_strdup_printf("--%s keep", what);
    add_abi(check, option, "the state of that moment is part of the RAM and goes where it goes",
            fix);
}

static void
check_abi(const VpCheck *check)
{
    g_autoptr(GPtrArray) differences =
        vp_abi_compare(check->machine->ram->description->domain, check->domain);
    for (guint i = 0; i < differences->len; i++) {
        const VpAbiDifference *difference = differences->pdata[i];
        /* The type of the domain is named as such. */
        if (strcmp(difference->what, "domain") != 0)
            add_difference(check, difference);
    }
    if (check->plan->tpm == VP_STATE_FRESH && check->plan->tpm_path)
        add_state(check, "tpm");
    if (check->plan->nvram == VP_STATE_FRESH && check->plan->nvram_path)
        add_state(check, "nvram");
}

/* What the NIC is connected to, where two of one address would meet; caller frees. */
static char *
link_of(const VpDomainNic *nic)
{
    return nic->source ? g_strdup_printf("%s %s", nic->type, nic->source) : NULL;
}

/* The same for a network and for the bridge that it is on; caller frees. */
static char *
place_of(const VpHostFacts *facts, const char *link)
{
    const char *prefix = "network ";
    const VpNetworkFact *network = g_str_has_prefix(link, prefix)
                                       ? vp_host_facts_find_network(facts, link + strlen(prefix))
                                       : NULL;
    return network && network->bridge ? g_strdup_printf("bridge %s", network->bridge)
                                      : g_strdup(link);
}

static gboolean
is_same_place(const VpHostFacts *facts, const char *link, const char *other)
{
    g_autofree char *a = place_of(facts, link);
    g_autofree char *b = place_of(facts, other);
    return strcmp(a, b) == 0;
}

static const VpDomainFact *
find_twin(const VpHostFacts *facts, const char *mac, const char *link)
{
    for (guint i = 0; facts->domains && i < facts->domains->len; i++) {
        const VpDomainFact *fact = facts->domains->pdata[i];
        for (guint j = 0; fact->links && fact->macs && fact->macs[j]; j++) {
            if (g_ascii_strcasecmp(fact->macs[j], mac) == 0 &&
                is_same_place(facts, fact->links[j], link))
                return fact;
        }
    }
    return NULL;
}

static void
check_twins(const VpCheck *check)
{
    g_autoptr(GPtrArray) nics = vp_domain_nics(check->domain);
    for (guint i = 0; i < nics->len; i++) {
        const VpDomainNic *nic = nics->pdata[i];
        g_autofree char *link = link_of(nic);
        const VpDomainFact *twin =
            link && nic->mac ? find_twin(check->facts, nic->mac, link) : NULL;
        if (!twin)
            continue;
        g_autofree char *resource = g_strdup_printf("nic:%u", i);
        vp_report_add(check->report, VP_FINDING_RAM_IDENTITY, VP_LEVEL_WARNING, resource,
                      "NIC %s would meet its twin, of domain “%s”, on %s: two of one address "
                      "disturb each other",
                      nic->mac, twin->name, link);
        vp_report_add_fix(check->report, "--nic %s=none", nic->mac);
    }
}

static void
check_identity(const VpCheck *check)
{
    vp_report_add(check->report, VP_FINDING_RAM_IDENTITY, VP_LEVEL_WARNING, "ram",
                  "a guest that is resumed keeps the name, the addresses and the UUID that it has "
                  "in its RAM, until it boots anew");
    check_twins(check);
}

/* What only one of two definitions has, by the names of abi.h. */
static void
tell_only(const VpCheck *check, GPtrArray *names, GPtrArray *others, const char *format)
{
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        if (g_ptr_array_find_with_equal_func(others, name, g_str_equal, NULL))
            continue;
        vp_report_add(check->report, VP_FINDING_DEFINITION_DIFFERS, VP_LEVEL_WARNING, "ram",
                      "%s: %s", name, format);
    }
}

static GPtrArray *
device_names(xmlDoc *domain)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) disks = vp_domain_disks(domain);
    g_autoptr(GPtrArray) nics = vp_domain_nics(domain);
    for (guint i = 0; i < disks->len; i++)
        g_ptr_array_add(names,
                        g_strdup_printf("disk %s", ((VpDomainDisk *)disks->pdata[i])->target));
    for (guint i = 0; i < nics->len; i++) {
        const VpDomainNic *nic = nics->pdata[i];
        g_autofree char *mac = nic->mac ? g_ascii_strdown(nic->mac, -1) : NULL;
        g_ptr_array_add(names, g_strdup_printf("NIC %s", mac ? mac : ""));
    }
    return names;
}

static void
check_definitions(const VpCheck *check)
{
    g_autoptr(GPtrArray) boots = device_names(check->machine->domain);
    g_autoptr(GPtrArray) resumes = device_names(check->machine->ram->description->domain);
    tell_only(check, resumes, boots, "there while the RAM goes on, gone with the next boot");
    tell_only(check, boots, resumes, "not there while the RAM goes on, but with the next boot");
}

static void
check_leftover(const VpCheck *check)
{
    const char *path = check->plan->save_path;
    const VpPathFact *fact = path ? vp_host_facts_find(check->facts, path) : NULL;
    if (!fact || !fact->exists)
        return;
    vp_report_add(check->report, VP_FINDING_FILE_EXISTS, VP_LEVEL_ERROR, "ram",
                  "%s is there already: libvirt would save the domain there", path);
    vp_report_add_fix(check->report, "--name NAME");
}

void
vp_check_ram(const VpPlan *plan, const VpMachine *machine, xmlDoc *domain, const VpHostFacts *facts,
             VpReport *report)
{
    VpCheck check = {plan, machine, domain, facts, report};
    check_allowed(&check);
    check_accelerator(&check);
    check_cpu(&check);
    check_machine(&check);
    check_abi(&check);
    check_leftover(&check);
    check_identity(&check);
    check_definitions(&check);
    vp_check_powers(plan, domain, facts, VP_RAM_XML_NAME ": ", report);
}
