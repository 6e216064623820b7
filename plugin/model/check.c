/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/check-parts.h"
#include "model/hardware.h"

#include <string.h>

VpLevel
vp_check_start_level(const VpPlan *plan)
{
    return plan->start || plan->ram != VP_RAM_DROP ? VP_LEVEL_ERROR : VP_LEVEL_WARNING;
}

void
vp_check_offer_ram_drop(const VpPlan *plan, VpReport *report)
{
    if (plan->ram != VP_RAM_DROP && !plan->start)
        vp_report_add_fix(report, "--ram drop");
}

static void
check_identity(const VpCheck *check)
{
    const VpPlan *plan = check->plan;
    const VpDomainFact *named = vp_host_facts_find_name(check->facts, plan->name);
    if (named) {
        vp_report_add(check->report, VP_FINDING_NAME_TAKEN, VP_LEVEL_ERROR, "domain",
                      "a domain “%s” exists already and is never replaced: choose another name",
                      plan->name);
        vp_report_add_fix(check->report, "--name NAME");
    }
    const VpDomainFact *same = vp_host_facts_find_uuid(check->facts, plan->uuid);
    if (same) {
        vp_report_add(check->report, VP_FINDING_UUID_TAKEN, VP_LEVEL_ERROR, "domain",
                      "the UUID %s belongs to domain “%s”", plan->uuid, same->name);
        vp_report_add_fix(check->report, "--uuid new");
    }
}

static void
check_firmware(const VpCheck *check)
{
    xmlNode *loader = vp_xml_find_path(xmlDocGetRootElement(check->domain), "os/loader");
    g_autofree char *path = vp_xml_get_text(loader);
    const VpPathFact *fact = path && *path ? vp_host_facts_find(check->facts, path) : NULL;
    if (fact && !fact->exists) {
        vp_report_add(check->report, VP_FINDING_FIRMWARE_MISSING, VP_LEVEL_ERROR, "nvram",
                      "the firmware %s is not on this host: install it, or name another", path);
        vp_report_add_fix(check->report, "--xml ./os/loader=PATH");
    }
    if (check->plan->tpm_path && check->facts->tpm_known && !check->facts->tpm) {
        vp_report_add(check->report, VP_FINDING_TPM_UNAVAILABLE, VP_LEVEL_ERROR, "tpm",
                      "this host has no TPM emulator: install swtpm, or leave the TPM out");
        vp_report_add_fix(check->report, "--tpm drop");
    }
}

/* State that is not written, but lies there: the domain would take it up. */
static void
check_no_leftover(const VpCheck *check, const char *resource, const char *path, const char *fix)
{
    const VpPathFact *fact = vp_host_facts_find(check->facts, path);
    if (!fact || !fact->exists)
        return;
    vp_report_add(check->report, VP_FINDING_FILE_EXISTS, VP_LEVEL_ERROR, resource,
                  "%s is there already, of another domain or left behind by one: the domain would "
                  "take it up",
                  path);
    vp_report_add_fix(check->report, "%s", fix);
}

/* Where it goes is libvirt's own folder: the caller has no other to choose. RAM takes none but
 * the state that it was made with. */
static void
check_new_state(const VpCheck *check, const char *what, const char *path, const char *fix)
{
    const VpPathFact *fact = vp_host_facts_find(check->facts, path);
    gboolean resumes = check->machine->ram && check->plan->ram != VP_RAM_DROP;
    g_autofree char *folder = g_path_get_dirname(path);
    if (!fact || !fact->folder_exists || fact->folder_writable) {
        vp_check_new_file(check, what, path, fix);
        return;
    }
    vp_report_add(check->report, VP_FINDING_PATH_NOT_WRITABLE, VP_LEVEL_ERROR, what,
                  "you may not write to %s, where libvirt looks for it: import as root, or let "
                  "libvirt make a new one",
                  folder);
    vp_report_add_fix(check->report, "--%s fresh%s", what, resumes ? " --ram drop" : "");
}

/* libvirt finds the variables by the domain's name, the TPM by its UUID. */
static void
check_state(const VpCheck *check)
{
    const VpPlan *plan = check->plan;
    const VpMachine *machine = check->machine;
    if (plan->nvram_path && machine->nvram && plan->nvram == VP_STATE_KEEP)
        check_new_state(check, "nvram", plan->nvram_path, "--name NAME");
    else if (plan->nvram_path)
        check_no_leftover(check, "nvram", plan->nvram_path, "--name NAME");
    if (plan->tpm_path && machine->tpm->len > 0 && plan->tpm == VP_STATE_KEEP)
        check_new_state(check, "tpm", plan->tpm_path, "--uuid new");
    else if (plan->tpm_path)
        check_no_leftover(check, "tpm", plan->tpm_path, "--uuid new");
}

/* A network, bridge or device that is kept, though it is not here: the domain will not
 * start. */
static void
check_kept(const VpCheck *check, const VpPlanNic *nic, const char *resource)
{
    gboolean network = strcmp(nic->type, "network") == 0;
    gboolean bridge = strcmp(nic->type, "bridge") == 0;
    gboolean device = strcmp(nic->type, "direct") == 0;
    GStrv there = network            ? check->facts->networks
                  : bridge || device ? check->facts->bridges
                                     : NULL;
    if (nic->by_name) {
        vp_report_add(check->report, VP_FINDING_NETWORK_KEPT, VP_LEVEL_NOTE, resource,
                      "NIC %u: connected to this host's %s, for its name alone", nic->index,
                      nic->was);
        vp_report_add_fix(check->report, "--nic %u=DST", nic->index);
    } else if (there && nic->source && !vp_strv_has(there, nic->source)) {
        vp_report_add(check->report,
                      network  ? VP_FINDING_NETWORK_MISSING
                      : device ? VP_FINDING_DEVICE_MISSING
                               : VP_FINDING_BRIDGE_MISSING,
                      check->plan->fail_on_missing_network ? VP_LEVEL_ERROR
                                                           : vp_check_start_level(check->plan),
                      resource,
                      "NIC %u: this host has no %s “%s”: the domain will not start before it is "
                      "here",
                      nic->index,
                      network  ? "network"
                      : device ? "network device"
                               : "bridge",
                      nic->source);
        vp_report_add_fix(check->report, "--nic %u=DST", nic->index);
        vp_check_offer_ram_drop(check->plan, check->report);
    }
}

/* The bridges that could have been meant; NULL where that is not known. */
static char *
list_bridges(const VpHostFacts *facts, VpNicKind kind)
{
    if (kind != VP_NIC_BRIDGE || !facts->all_bridges)
        return NULL;
    return *facts->all_bridges ? g_strjoinv(", ", facts->all_bridges) : g_strdup("none");
}

static void
check_target(const VpCheck *check, const VpPlanNic *nic, const char *resource)
{
    const VpNicTarget *target = nic->target;
    gboolean network = target->kind == VP_NIC_NETWORK;
    gboolean device = target->kind == VP_NIC_DIRECT;
    gboolean bridge = target->kind == VP_NIC_BRIDGE || target->kind == VP_NIC_OVS;
    if (network && check->facts->networks && !vp_strv_has(check->facts->networks, target->name)) {
        g_autofree char *there = g_strjoinv(", ", check->facts->networks);
        vp_report_add(check->report, VP_FINDING_NETWORK_MISSING, VP_LEVEL_ERROR, resource,
                      "NIC %u: this host has no network “%s”; it has: %s", nic->index, target->name,
                      *there ? there : "none");
        vp_report_add_fix(check->report, "--nic %u=DST", nic->index);
    }
    if ((device || bridge) && check->facts->bridges &&
        !vp_strv_has(check->facts->bridges, target->name)) {
        g_autofree char *list = list_bridges(check->facts, target->kind);
        vp_report_add(check->report, device ? VP_FINDING_DEVICE_MISSING : VP_FINDING_BRIDGE_MISSING,
                      VP_LEVEL_ERROR, resource, "NIC %u: this host has no %s “%s”%s%s", nic->index,
                      device ? "network device" : "bridge", target->name, list ? "; it has: " : "",
                      list ? list : "");
        vp_report_add_fix(check->report, "--nic %u=DST", nic->index);
    }
}

static void
check_nic(const VpCheck *check, const VpPlanNic *nic)
{
    if (nic->target->kind == VP_NIC_DROP)
        return;
    g_autofree char *resource = g_strdup_printf("nic:%u", nic->index);
    if (nic->missing) {
        gboolean network = strcmp(nic->type, "network") == 0;
        gboolean fail = check->plan->fail_on_missing_network;
        vp_report_add(check->report,
                      network ? VP_FINDING_NETWORK_MISSING : VP_FINDING_BRIDGE_MISSING,
                      fail ? VP_LEVEL_ERROR : VP_LEVEL_WARNING, resource,
                      network ? "NIC %u: %s is not on this host: the NIC is connected to nothing"
                              : "NIC %u: %s is not taken over by name: the NIC is connected to "
                                "nothing",
                      nic->index, nic->was);
        vp_report_add_fix(check->report, "--nic %u=DST", nic->index);
    } else if (nic->target->kind == VP_NIC_KEEP) {
        check_kept(check, nic, resource);
    } else {
        check_target(check, nic, resource);
    }
    const VpDomainFact *owner = nic->mac ? vp_host_facts_find_mac(check->facts, nic->mac) : NULL;
    if (owner) {
        vp_report_add(check->report, VP_FINDING_MAC_TAKEN, VP_LEVEL_WARNING, resource,
                      "NIC %u: domain “%s” has the MAC address %s too: not both can run on one "
                      "network",
                      nic->index, owner->name, nic->mac);
        if (check->plan->ram == VP_RAM_DROP)
            vp_report_add_fix(check->report, "--mac new");
        else if (nic->target->kind != VP_NIC_NONE)
            vp_report_add_fix(check->report, "--nic %u=none", nic->index);
    }
}

void
vp_check_powers(const VpPlan *plan, xmlDoc *domain, const VpHostFacts *facts, const char *where,
                VpReport *report)
{
    g_autoptr(GPtrArray) uses = vp_powers_find(domain, (const char *const *)facts->firmware);
    for (guint i = 0; i < uses->len; i++) {
        const VpPowerUse *use = uses->pdata[i];
        if (plan->allow & 1u << use->power)
            continue;
        g_autofree char *place = g_strconcat(where, use->place, NULL);
        const char *power = vp_power_to_string(use->power);
        vp_report_add(report, VP_FINDING_POWER_REFUSED, VP_LEVEL_ERROR, "domain",
                      "%s asks for the power “%s”, which a package is not given unasked: %s", place,
                      power, use->what);
        vp_report_set_place(report, place);
        vp_report_add_fix(report, "--allow %s", power);
    }
}

void
vp_check_plan(const VpPlan *plan, const VpMachine *machine, xmlDoc *domain,
              const VpHostFacts *facts, VpReport *report)
{
    VpCheck check = {plan, machine, domain, facts, report};
    check_identity(&check);
    vp_check_hypervisor(&check);
    check_firmware(&check);
    vp_hardware_check(domain, report);
    vp_check_disks(&check);
    vp_check_space(&check);
    vp_check_owner(&check);
    vp_seclabels_check(plan->seclabels, facts, report);
    check_state(&check);
    vp_check_grants(plan, &facts->grants, report);
    for (guint i = 0; i < plan->nics->len; i++)
        check_nic(&check, plan->nics->pdata[i]);
    vp_check_nics(plan, domain, facts, report);
    vp_check_claims(plan, domain, facts, report);
    vp_check_powers(plan, domain, facts, "", report);
}
