/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/plan-parts.h"

const VpSetting *
vp_plan_settle(VpPlan *plan, VpChoiceId id, const char *fallback, const char *from)
{
    const VpWish *wish = vp_wishes_order_find(plan->order, id);
    VpSetting *setting = &plan->settings[id];
    setting->asked = wish != NULL;
    setting->is_rule = wish && wish->is_rule;
    setting->is_default = wish && wish->is_default && g_strcmp0(wish->text, fallback) == 0;
    setting->text = g_strdup(wish ? wish->text : fallback);
    setting->where =
        wish ? g_strdup(wish->where) : g_strconcat("--", vp_choice_get(id)->name, NULL);
    setting->from = g_strdup(wish ? wish->from : from ? from : "default");
    return setting;
}

int
vp_plan_settle_word(VpPlan *plan, VpChoiceId id, int fallback, GError **error)
{
    g_autofree char *usual = vp_choice_dup_word(id, fallback);
    const VpSetting *setting = vp_plan_settle(plan, id, usual, NULL);
    return vp_choice_parse_word(id, setting->text, setting->where, error);
}

gboolean
vp_plan_settle_flag(VpPlan *plan, VpChoiceId id, gboolean fallback, const char *from)
{
    return g_str_equal(vp_plan_settle(plan, id, fallback ? "yes" : "no", from)->text, "yes");
}

const char *
vp_plan_restored_from(const VpPlan *plan)
{
    const VpSetting *restore = &plan->settings[VP_CHOICE_RESTORE];
    return g_str_equal(restore->text, "yes") ? restore->from : NULL;
}
