/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/check-parts.h"
#include "model/identity.h"

#include <string.h>

/* One <interface> of the domain as it will be. */
typedef struct {
    const VpPlan *plan;
    const VpHostFacts *facts;
    VpReport *report;
    const VpDomainNic *nic;
    guint number;         /* in the package, as options count */
    guint position;       /* in the domain, as XPath counts */
    const char *resource; /* "nic:0" */
} NicCheck;

static void
tell(const NicCheck *check, VpFindingCode code, VpLevel level, const char *what)
{
    vp_report_add(check->report, code, level, check->resource, "NIC %u: %s", check->number, what);
}

/* Without which the domain does not start. */
static void
tell_lack(const NicCheck *check, VpFindingCode code, const char *what)
{
    tell(check, code, vp_check_start_level(check->plan), what);
    vp_check_offer_ram_drop(check->plan, check->report);
}

static void
offer_delete(const NicCheck *check, const char *path)
{
    vp_report_add_fix(check->report, "--xml xpath.delete=./devices/interface[%u]/%s",
                      check->position, path);
}

static void
check_filter(const NicCheck *check)
{
    g_autofree char *filter = vp_xml_get(vp_xml_find(check->nic->node, "filterref"), "filter");
    if (!filter || !check->facts->filters || vp_strv_has(check->facts->filters, filter))
        return;
    g_autofree char *what = g_strdup_printf("this host has no network filter “%s”: the domain will "
                                            "not start before it is here",
                                            filter);
    tell_lack(check, VP_FINDING_FILTER_MISSING, what);
    offer_delete(check, "filterref");
}

static void
check_portgroup(const NicCheck *check, const VpNetworkFact *network)
{
    g_autofree char *group = vp_xml_get(vp_xml_find(check->nic->node, "source"), "portgroup");
    if (!group || vp_strv_has(network->portgroups, group))
        return;
    g_autofree char *what = g_strdup_printf("network “%s” has no port group “%s”: libvirt connects "
                                            "it without the VLAN and the limits of one",
                                            network->name, group);
    tell(check, VP_FINDING_PORTGROUP_MISSING, VP_LEVEL_WARNING, what);
    offer_delete(check, "source/@portgroup");
}

static void
check_network(const NicCheck *check)
{
    const VpDomainNic *nic = check->nic;
    const VpNetworkFact *network = strcmp(nic->type, "network") == 0 && nic->source
                                       ? vp_host_facts_find_network(check->facts, nic->source)
                                       : NULL;
    if (!network)
        return;
    if (!network->active) {
        g_autofree char *what = g_strdup_printf("network “%s” is not active: the domain will not "
                                                "start before “virsh net-start” was run for it",
                                                network->name);
        tell_lack(check, VP_FINDING_NETWORK_INACTIVE, what);
        vp_report_add_fix(check->report, "--nic %u=DST", check->number);
    }
    if (network->bridgeless) {
        g_autofree char *what = g_strdup_printf("network “%s” is on bridge “%s”, which this host "
                                                "has not: the domain will not start before it is "
                                                "here",
                                                network->name, network->bridge);
        tell_lack(check, VP_FINDING_BRIDGE_MISSING, what);
        vp_report_add_fix(check->report, "--nic %u=DST", check->number);
    }
    check_portgroup(check, network);
    if (vp_xml_find(nic->node, "vlan") && !network->takes_vlan) {
        g_autofree char *what = g_strdup_printf("network “%s” takes no VLAN tag: the domain will "
                                                "not start",
                                                network->name);
        tell_lack(check, VP_FINDING_VLAN_UNSUPPORTED, what);
        offer_delete(check, "vlan");
    }
}

/* QEMU's own network stack lends the guest what the host itself can reach. */
static void
check_user(const NicCheck *check, const VpPlanNic *entry)
{
    if (check->facts->session || strcmp(check->nic->type, "user") != 0 ||
        entry->target->kind != VP_NIC_KEEP || entry->asked)
        return;
    vp_report_add(check->report, VP_FINDING_NETWORK_KEPT, VP_LEVEL_NOTE, check->resource,
                  "NIC %u: of type user, as in the package: the guest reaches what listens on this "
                  "host's own address 127.0.0.1",
                  check->number);
    vp_report_add_fix(check->report, "--nic %u=none", check->number);
}

static void
check_mac(const NicCheck *check)
{
    const char *mac = check->nic->mac;
    if (!mac || vp_mac_parse(mac, NULL))
        return;
    vp_report_add(check->report, VP_FINDING_MAC_INVALID, VP_LEVEL_ERROR, check->resource,
                  "NIC %u: %s is no MAC address of one machine", check->number, mac);
    vp_report_add_fix(check->report, "--mac new");
}

/* The halves of a team have one address; so had, for a reason of its own, what had one in the
 * package. */
static void
check_twins(const NicCheck *check, GPtrArray *entries, guint index)
{
    const VpPlanNic *entry = entries->pdata[index];
    for (guint i = 0; i < index && entry->mac; i++) {
        const VpPlanNic *other = entries->pdata[i];
        gboolean team = other->old_mac && entry->old_mac &&
                        g_ascii_strcasecmp(other->old_mac, entry->old_mac) == 0;
        if (team || !other->mac || g_ascii_strcasecmp(other->mac, entry->mac) != 0)
            continue;
        vp_report_add(check->report, VP_FINDING_MAC_TAKEN, VP_LEVEL_WARNING, check->resource,
                      "NIC %u: NIC %u of this domain has the MAC address %s too", check->number,
                      other->index, entry->mac);
        vp_report_add_fix(check->report, "--nic %u=DST,mac=new", check->number);
        return;
    }
}

static GPtrArray *
list_connected(const VpPlan *plan)
{
    GPtrArray *entries = g_ptr_array_new();
    for (guint i = 0; i < plan->nics->len; i++) {
        const VpPlanNic *entry = plan->nics->pdata[i];
        if (entry->target->kind != VP_NIC_DROP)
            g_ptr_array_add(entries, plan->nics->pdata[i]);
    }
    return entries;
}

void
vp_check_nics(const VpPlan *plan, xmlDoc *domain, const VpHostFacts *facts, VpReport *report)
{
    g_autoptr(GPtrArray) nics = vp_domain_nics(domain);
    g_autoptr(GPtrArray) entries = list_connected(plan);
    for (guint i = 0; i < nics->len; i++) {
        const VpPlanNic *entry = i < entries->len ? entries->pdata[i] : NULL;
        guint number = entry ? entry->index : i;
        g_autofree char *resource = g_strdup_printf("nic:%u", number);
        NicCheck check = {plan, facts, report, nics->pdata[i], number, i + 1, resource};
        check_network(&check);
        check_filter(&check);
        check_mac(&check);
        if (!entry)
            continue;
        check_user(&check, entry);
        check_twins(&check, entries, i);
    }
}
