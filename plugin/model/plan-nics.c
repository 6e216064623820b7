/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/identity.h"
#include "model/option.h"
#include "model/plan-parts.h"

#include <string.h>

typedef enum {
    MAC_NEW,
    MAC_KEEP,
    MAC_KEEP_IF_FREE,
} MacPolicy;

static const char *const mac_words[] = {"new", "keep", "keep-if-free", NULL};

static char *
describe(const VpDomainNic *nic)
{
    return nic->source ? g_strdup_printf("%s %s", nic->type, nic->source) : g_strdup(nic->type);
}

/* A network of the same name is kept; a bridge or a device is never taken over by
 * name alone. Where the original is being restored, all are kept. */
static void
give_default(VpPlanNic *entry, const VpDomainNic *nic, gboolean restore, const VpHostFacts *facts)
{
    gboolean network = strcmp(nic->type, "network") == 0;
    gboolean host_device = strcmp(nic->type, "bridge") == 0 || strcmp(nic->type, "direct") == 0 ||
                           strcmp(nic->type, "vhostuser") == 0;
    gboolean known = network && facts->networks && nic->source;
    gboolean here = known && vp_strv_has(facts->networks, nic->source);
    entry->missing = !restore && (host_device || (known && !here));
    entry->by_name = !restore && here;
    entry->target = vp_nic_target_new(entry->missing ? VP_NIC_NONE : VP_NIC_KEEP, NULL);
}

/* --nic by number or MAC before --network by source before "*"; among equals the
 * last. A row is one option, its rank how closely it names this NIC. */
static guint
rank(const char *key, gboolean by_nic, const VpDomainNic *nic)
{
    if (by_nic) {
        g_autofree char *number = g_strdup_printf("%u", nic->index);
        gboolean mac = nic->mac && g_ascii_strcasecmp(key, nic->mac) == 0;
        return mac || strcmp(key, number) == 0 ? 3 : 0;
    }
    if (strcmp(key, "*") == 0)
        return 1;
    return vp_nic_source_matches(key, nic) ? 2 : 0;
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
set_mac(VpPlanNic *entry, const char *wish, const VpHostFacts *facts, GError **error)
{
    MacPolicy policy = MAC_NEW;
    g_autofree char *given = NULL;
    if (!vp_mac_parse(wish, &given)) {
        int word = vp_option_word(wish, mac_words, MAC_NEW, "MAC", NULL);
        if (word < 0) {
            vp_error_set(error, VP_ERROR_USAGE,
                         "--nic %u: “%s” is no MAC address of one machine: six pairs of "
                         "hexadecimal digits, the first even; or new, keep, keep-if-free",
                         entry->index, wish);
            return FALSE;
        }
        policy = (MacPolicy)word;
    }
    gboolean keep =
        entry->old_mac && (policy == MAC_KEEP || (policy == MAC_KEEP_IF_FREE &&
                                                  !vp_host_facts_find_mac(facts, entry->old_mac)));
    g_free(entry->mac);
    if (given)
        entry->mac = g_steal_pointer(&given);
    else
        entry->mac = keep ? g_strdup(entry->old_mac) : vp_mac_new();
    return TRUE;
}

/* Puts one option on all the NICs that it names; how many in @ret_count. */
static gboolean
apply_option(VpPlan *plan, GPtrArray *nics, guint *ranks, const char *text, gboolean by_nic,
             const VpHostFacts *facts, guint *ret_count, GError **error)
{
    const char *option = by_nic ? "--nic" : "--network";
    g_auto(GStrv) fields = vp_option_split(text);
    g_autofree char *key = NULL;
    g_autofree char *value = NULL;
    const char *mac = NULL;
    if (!vp_option_pair(fields[0], option, by_nic ? "N|MAC=DST[,mac=M]" : "SRC=DST", &key, &value,
                        error) ||
        !vp_option_suboption(fields, "mac", option, &mac, error))
        return FALSE;
    if (mac && !by_nic) {
        vp_error_set(
            error, VP_ERROR_USAGE,
            "--network: “%s” would give one MAC address to every NIC: say --nic N=DST,mac=M", text);
        return FALSE;
    }
    g_autoptr(VpNicTarget) target = vp_nic_target_parse(value, option, error);
    if (!target)
        return FALSE;
    *ret_count = 0;
    for (guint i = 0; i < nics->len; i++) {
        guint closeness = rank(key, by_nic, nics->pdata[i]);
        VpPlanNic *entry = plan->nics->pdata[i];
        *ret_count += closeness > 0;
        if (closeness == 0 || closeness < ranks[i])
            continue;
        ranks[i] = closeness;
        entry->asked = TRUE;
        entry->missing = entry->by_name = FALSE;
        vp_nic_target_free(entry->target);
        entry->target = vp_nic_target_copy(target);
        if (mac && !set_mac(entry, mac, facts, error))
            return FALSE;
    }
    return *ret_count > 0 || strcmp(key, "*") == 0;
}

static gboolean
apply_options(VpPlan *plan, GPtrArray *nics, guint *ranks, const char *const *texts,
              gboolean by_nic, const VpHostFacts *facts, GError **error)
{
    for (const char *const *text = texts; text && *text; text++) {
        guint count = 1;
        g_autoptr(GError) local = NULL;
        if (apply_option(plan, nics, ranks, *text, by_nic, facts, &count, &local))
            continue;
        if (local) {
            g_propagate_error(error, g_steal_pointer(&local));
            return FALSE;
        }
        g_autofree char *there = list_nics(nics);
        vp_error_set(error, VP_ERROR_USAGE, "%s %s: the package has no such NIC; it has: %s",
                     by_nic ? "--nic" : "--network", *text, there);
        return FALSE;
    }
    return TRUE;
}

/* The two halves of a team are known to the guest by their common address. */
static const VpPlanNic *
find_twin(const VpPlan *plan, const char *old_mac)
{
    for (guint i = 0; old_mac && i < plan->nics->len; i++) {
        const VpPlanNic *entry = plan->nics->pdata[i];
        if (entry->old_mac && g_ascii_strcasecmp(entry->old_mac, old_mac) == 0)
            return entry;
    }
    return NULL;
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

gboolean
vp_plan_nics(VpPlan *plan, const VpImportOptions *options, const VpMachine *machine,
             const VpHostFacts *facts, GError **error)
{
    static const char *const missing_words[] = {"none", "fail", NULL};
    int missing = vp_option_word(options->on_missing_network, missing_words, 0,
                                 "--on-missing-network", error);
    if (missing < 0)
        return FALSE;
    plan->fail_on_missing_network = missing == 1;
    /* What the RAM holds does not change with the XML. */
    gboolean keep =
        options->restore || plan->ram != VP_RAM_DROP || vp_machine_has_ram_then(machine);
    const char *mac = options->mac ? options->mac : keep ? "keep" : "new";
    if (vp_mac_parse(mac, NULL)) {
        vp_error_set(error, VP_ERROR_USAGE,
                     "--mac: “%s” would be the address of every NIC: say --nic N=DST,mac=%s", mac,
                     mac);
        return FALSE;
    }
    if (vp_option_word(mac, mac_words, 0, "--mac", error) < 0)
        return FALSE;

    g_autoptr(GPtrArray) nics = all_nics(plan, machine);
    for (guint i = 0; i < nics->len; i++) {
        const VpDomainNic *nic = nics->pdata[i];
        VpPlanNic *entry = g_new0(VpPlanNic, 1);
        entry->index = i;
        entry->type = g_strdup(nic->type);
        entry->source = g_strdup(nic->source);
        entry->was = describe(nic);
        entry->old_mac = g_strdup(nic->mac);
        give_default(entry, nic, options->restore, facts);
        const VpPlanNic *twin = find_twin(plan, nic->mac);
        g_ptr_array_add(plan->nics, entry);
        if (twin)
            entry->mac = g_strdup(twin->mac);
        else if (!set_mac(entry, mac, facts, error))
            return FALSE;
    }
    g_autofree guint *ranks = g_new0(guint, MAX(nics->len, 1));
    return apply_options(plan, nics, ranks, options->network, FALSE, facts, error) &&
           apply_options(plan, nics, ranks, options->nic, TRUE, facts, error);
}
