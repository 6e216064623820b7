/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/check-parts.h"
#include "model/claims.h"

/* One that has it now counts before one that would have it. */
static const VpDomainFact *
find_rival(const VpHostFacts *facts, const char *what)
{
    const VpDomainFact *rival = NULL;
    for (guint i = 0; facts->domains && i < facts->domains->len; i++) {
        const VpDomainFact *fact = facts->domains->pdata[i];
        if (vp_strv_has(fact->holds, what))
            return fact;
        if (!rival && vp_strv_has(fact->claims, what))
            rival = fact;
    }
    return rival;
}

void
vp_check_claims(const VpPlan *plan, xmlDoc *domain, const VpHostFacts *facts, VpReport *report)
{
    g_autoptr(GPtrArray) claims = vp_claims_find(domain, plan->name, FALSE);
    for (guint i = 0; i < claims->len; i++) {
        const VpClaim *claim = claims->pdata[i];
        const VpDomainFact *rival = find_rival(facts, claim->what);
        if (!rival)
            continue;
        gboolean now = vp_strv_has(rival->holds, claim->what);
        vp_report_add(report, VP_FINDING_PATH_SHARED,
                      now ? vp_check_start_level(plan) : VP_LEVEL_WARNING, "domain",
                      "domain “%s” has the %s too: the two cannot run side by side", rival->name,
                      claim->what);
        vp_report_set_place(report, claim->place);
        vp_report_add_fix(report, "--xml %s", claim->edit);
        if (now)
            vp_check_offer_ram_drop(plan, report);
    }
}
