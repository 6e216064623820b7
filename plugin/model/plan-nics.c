/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/identity.h"
#include "model/option.h"
#include "model/plan-parts.h"

#include <string.h>

/* The words of --mac. */
typedef enum {
    MAC_NEW,
    MAC_KEEP,
    MAC_KEEP_IF_FREE,
} MacPolicy;

static char *
describe(const VpDomainNic *nic)
{
    return nic->source ? g_strdup_printf("%s %s", nic->type, nic->source) : g_strdup(nic->type);
}

/* A network of the same name is kept; a bridge or a device is never taken over by
 * name alone. Where the original is being restored, all are kept. */
static void
give_default(VpPlanNic *entry, const VpDomainNic *nic, const char *restored,
             const VpHostFacts *facts)
{
    gboolean network = strcmp(nic->type, "network") == 0;
    gboolean host_device = strcmp(nic->type, "bridge") == 0 || strcmp(nic->type, "direct") == 0 ||
                           strcmp(nic->type, "vhostuser") == 0;
    gboolean known = network && facts->networks && nic->source;
    gboolean here = known && vp_strv_has(facts->networks, nic->source);
    entry->missing = !restored && (host_device || (known && !here));
    entry->by_name = !restored && here;
    entry->target = vp_nic_target_new(entry->missing ? VP_NIC_NONE : VP_NIC_KEEP, NULL);
    entry->from = restored && (host_device || network) ? restored : "default";
}

/* How closely @wish names this NIC, 0 for not at all: by number or MAC before by source
 * before by a pattern of sources before "*"; among equals the last counts. */
static guint
rank(const VpWish *wish, const VpDomainNic *nic)
{
    const char *key = wish->fields[0];
    if (wish->id == VP_CHOICE_NIC) {
        g_autofree char *number = g_strdup_printf("%u", nic->index);
        gboolean mac = nic->mac && g_ascii_strcasecmp(key, nic->mac) == 0;
        return mac || strcmp(key, number) == 0 ? 4 : 0;
    }
    if (!vp_nic_source_matches(key, nic))
        return 0;
    return strcmp(key, "*") == 0 ? 1 : strpbrk(key, "*?") ? 2 : 3;
}

static char *
list_nics(GPtrArray *nics)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < nics->len; i++) {
        const VpDomainNic *nic = nics->pdata[i];
        g_autofree char *what = describe(nic);
        g_string_append_printf(list, "%s%u (%s, %s)", i > 0 ? ", " : "", i, what,
                               nic->mac ? nic->mac : "no MAC");
    }
    return g_strdup(list->len > 0 ? list->str : "none");
}

static gboolean
check_mac(const VpWish *wish, const char *text, const VpPlanNic *entry, GError **error)
{
    if (vp_mac_parse(text, NULL) ||
        vp_choice_parse_word(VP_CHOICE_MAC, text, wish->where, NULL) >= 0)
        return TRUE;
    vp_error_set(error, VP_ERROR_USAGE,
                 "%s %u: “%s” is no MAC address of one machine: six pairs of hexadecimal digits, "
                 "the first even; or new, keep, keep-if-free",
                 wish->where, entry->index, text);
    return FALSE;
}

/* @wish names the NIC of @entry, more closely than all before. A written plan repeats a
 * default, of which a warning may speak: it stays one. */
static gboolean
connect(VpPlanNic *entry, const VpWish *wish, const VpNicTarget *target, GError **error)
{
    g_autofree char *now = vp_nic_target_format(entry->target);
    if (!wish->is_default || strcmp(now, wish->fields[1]) != 0) {
        entry->asked = TRUE;
        entry->missing = entry->by_name = FALSE;
        entry->from = wish->from;
        vp_nic_target_free(entry->target);
        entry->target = vp_nic_target_copy(target);
    }
    if (wish->id != VP_CHOICE_NIC || !wish->fields[2])
        return TRUE;
    entry->mac_wish = wish;
    return check_mac(wish, wish->fields[2], entry, error);
}

/* Puts one wish on all the NICs that it names; @ranks: how closely each was named so far. */
static gboolean
apply_wish(VpPlan *plan, GPtrArray *nics, guint *ranks, const VpWish *wish, GError **error)
{
    g_autoptr(VpNicTarget) target = vp_nic_target_parse(wish->fields[1], wish->where, error);
    if (!target)
        return FALSE;
    guint count = 0;
    for (guint i = 0; i < nics->len; i++) {
        guint closeness = rank(wish, nics->pdata[i]);
        count += closeness > 0;
        if (closeness == 0 || closeness < ranks[i])
            continue;
        ranks[i] = closeness;
        if (!connect(plan->nics->pdata[i], wish, target, error))
            return FALSE;
    }
    if (count > 0 || wish->is_rule || strcmp(wish->fields[0], "*") == 0)
        return TRUE;
    g_autofree char *there = list_nics(nics);
    vp_error_set(error, VP_ERROR_USAGE, "%s %s=%s: the package has no such NIC; it has: %s",
                 wish->where, wish->fields[0], wish->fields[1], there);
    return FALSE;
}

/* All that one place says; how closely it names a NIC counts within it only. */
static gboolean
apply_wishes(VpPlan *plan, GPtrArray *nics, const VpWishes *wishes, GError **error)
{
    g_autofree guint *ranks = g_new0(guint, MAX(nics->len, 1));
    const VpWish *mac = vp_wishes_find(wishes, VP_CHOICE_MAC);
    for (guint i = 0; mac && i < plan->nics->len; i++)
        ((VpPlanNic *)plan->nics->pdata[i])->mac_wish = mac;
    for (guint i = 0; i < wishes->list->len; i++) {
        const VpWish *wish = wishes->list->pdata[i];
        if ((wish->id == VP_CHOICE_NETWORK || wish->id == VP_CHOICE_NIC) &&
            !apply_wish(plan, nics, ranks, wish, error))
            return FALSE;
    }
    return TRUE;
}

const char *
vp_plan_nic_mac(const VpPlan *plan, const VpPlanNic *nic)
{
    const VpWish *wish = nic->mac_wish;
    if (!wish)
        return plan->settings[VP_CHOICE_MAC].text;
    return wish->id == VP_CHOICE_NIC ? wish->fields[2] : wish->text;
}

/* The two halves of a team are known to the guest by their common address: the other of
 * @entry, before it in @plan. */
static const VpPlanNic *
find_twin(const VpPlan *plan, const VpPlanNic *entry)
{
    for (guint i = 0; entry->old_mac && i < entry->index; i++) {
        const VpPlanNic *other = plan->nics->pdata[i];
        if (other->old_mac && g_ascii_strcasecmp(other->old_mac, entry->old_mac) == 0 &&
            strcmp(vp_plan_nic_mac(plan, other), vp_plan_nic_mac(plan, entry)) == 0)
            return other;
    }
    return NULL;
}

static char *
choose_mac(const VpPlan *plan, const VpPlanNic *entry, const VpHostFacts *facts)
{
    const char *policy = vp_plan_nic_mac(plan, entry);
    const VpPlanNic *twin = find_twin(plan, entry);
    char *given = NULL;
    if (vp_mac_parse(policy, &given))
        return given;
    if (twin)
        return g_strdup(twin->mac);
    int word = vp_choice_parse_word(VP_CHOICE_MAC, policy, "", NULL);
    gboolean keep = word == MAC_KEEP || (word == MAC_KEEP_IF_FREE && entry->old_mac &&
                                         !vp_host_facts_find_mac(facts, entry->old_mac));
    const char *prefix = plan->settings[VP_CHOICE_MAC_PREFIX].text;
    return keep && entry->old_mac ? g_strdup(entry->old_mac) : vp_mac_new(prefix);
}

/* The place of the NIC number @index of @nics among those of the same MAC address. */
static guint
rank_of_mac(GPtrArray *nics, guint index)
{
    guint rank = 0;
    const VpDomainNic *nic = nics->pdata[index];
    for (guint i = 0; i < index; i++) {
        const VpDomainNic *other = nics->pdata[i];
        rank += other->mac && g_ascii_strcasecmp(other->mac, nic->mac) == 0;
    }
    return rank;
}

VpPlanNic *
vp_plan_find_nic(const VpPlan *plan, GPtrArray *nics, guint index)
{
    const VpDomainNic *nic = nics->pdata[index];
    if (!nic->mac)
        return index < plan->nics->len ? plan->nics->pdata[index] : NULL;
    guint rank = rank_of_mac(nics, index);
    for (guint i = 0; i < plan->nics->len; i++) {
        VpPlanNic *entry = plan->nics->pdata[i];
        if (entry->old_mac && g_ascii_strcasecmp(entry->old_mac, nic->mac) == 0 && rank-- == 0)
            return entry;
    }
    return NULL;
}

static gboolean
has_nic(GPtrArray *nics, GPtrArray *others, guint index)
{
    const VpDomainNic *nic = others->pdata[index];
    guint same = 0;
    if (!nic->mac)
        return index < nics->len;
    for (guint i = 0; i < nics->len; i++) {
        const VpDomainNic *mine = nics->pdata[i];
        same += mine->mac && g_ascii_strcasecmp(mine->mac, nic->mac) == 0;
    }
    return rank_of_mac(others, index) < same;
}

/* Moves those of @more that @nics has not. */
static void
take_new(GPtrArray *nics, GPtrArray *more)
{
    g_autoptr(GPtrArray) only = g_ptr_array_new();
    for (guint i = 0; i < more->len; i++) {
        if (!has_nic(nics, more, i))
            g_ptr_array_add(only, more->pdata[i]);
    }
    for (guint i = 0; i < only->len; i++) {
        VpDomainNic *nic = only->pdata[i];
        guint at;
        g_ptr_array_find(more, nic, &at);
        g_ptr_array_steal_index(more, at);
        nic->index = nics->len;
        g_ptr_array_add(nics, nic);
    }
}

/* Those of the definition that boots, then those that only its RAM or snapshots know. */
static GPtrArray *
all_nics(const VpPlan *plan, const VpMachine *machine)
{
    g_autoptr(GPtrArray) definitions =
        vp_machine_list_definitions(machine, plan->ram != VP_RAM_DROP);
    GPtrArray *nics = vp_domain_nics(machine->domain);
    for (guint i = 0; i < definitions->len; i++) {
        g_autoptr(GPtrArray) more = vp_domain_nics(definitions->pdata[i]);
        take_new(nics, more);
    }
    return nics;
}

/* What the RAM holds does not change with the XML. */
static gboolean
plan_macs(VpPlan *plan, const VpMachine *machine, GError **error)
{
    const VpWish *wish = vp_wishes_order_find(plan->order, VP_CHOICE_MAC);
    const VpSetting *prefix = vp_plan_settle(plan, VP_CHOICE_MAC_PREFIX, "52:54:00", NULL);
    if (!vp_mac_prefix_check(prefix->text)) {
        vp_error_set(error, VP_ERROR_USAGE,
                     "%s: “%s” is no beginning of a MAC address of one machine: one to five pairs "
                     "of hexadecimal digits, the first even",
                     prefix->where, prefix->text);
        return FALSE;
    }
    const char *restored = vp_plan_restored_from(plan);
    gboolean keep = restored || plan->ram != VP_RAM_DROP || vp_machine_has_ram_then(machine);
    if (!wish) {
        vp_plan_settle(plan, VP_CHOICE_MAC, keep ? "keep" : "new", restored);
        return TRUE;
    }
    if (!vp_mac_parse(wish->text, NULL))
        return vp_plan_settle_word(plan, VP_CHOICE_MAC, MAC_NEW, error) >= 0;
    vp_error_set(error, VP_ERROR_USAGE,
                 "%s: “%s” would be the address of every NIC: say --nic N=DST,mac=%s", wish->where,
                 wish->text, wish->text);
    return FALSE;
}

static void
add_nic(VpPlan *plan, const VpDomainNic *nic, const VpHostFacts *facts)
{
    VpPlanNic *entry = g_new0(VpPlanNic, 1);
    entry->index = plan->nics->len;
    entry->type = g_strdup(nic->type);
    entry->source = g_strdup(nic->source);
    entry->was = describe(nic);
    entry->old_mac = g_strdup(nic->mac);
    give_default(entry, nic, vp_plan_restored_from(plan), facts);
    g_ptr_array_add(plan->nics, entry);
}

gboolean
vp_plan_nics(VpPlan *plan, const VpMachine *machine, const VpHostFacts *facts, GError **error)
{
    int missing = vp_plan_settle_word(plan, VP_CHOICE_ON_MISSING_NETWORK, 0, error);
    if (missing < 0 || !plan_macs(plan, machine, error))
        return FALSE;
    plan->fail_on_missing_network = missing == 1;

    g_autoptr(GPtrArray) nics = all_nics(plan, machine);
    for (guint i = 0; i < nics->len; i++)
        add_nic(plan, nics->pdata[i], facts);
    for (guint i = 0; i < plan->order->len; i++) {
        if (!apply_wishes(plan, nics, plan->order->pdata[i], error))
            return FALSE;
    }
    for (guint i = 0; i < plan->nics->len; i++) {
        VpPlanNic *entry = plan->nics->pdata[i];
        entry->mac = choose_mac(plan, entry, facts);
    }
    return TRUE;
}
