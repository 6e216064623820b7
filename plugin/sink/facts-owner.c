/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who the files of a plan, and the QEMU that uses them, are to belong to. */
#include "host/files.h"
#include "host/paths.h"
#include "sink/facts-parts.h"

/* The user of a label is whom the QEMU of this domain runs as. */
static gboolean
look_at_label(VpHostFacts *facts, const VpPlan *plan, GError **error)
{
    const VpSeclabel *dac = vp_seclabels_find(plan->seclabels, VP_LABEL_DAC);
    VpOwner user;
    if (!dac || !dac->label || !facts->has_qemu_user)
        return TRUE;
    if (!vp_owner_parse(dac->label, dac->where, &user, &facts->unknown_label, error))
        return FALSE;
    facts->qemu_uid = user.uid;
    facts->qemu_gid = user.gid;
    return TRUE;
}

/* As asked; else the caller's, or QEMU's where libvirt would not hand the files over. */
gboolean
vp_facts_look_at_owner(VpHostFacts *facts, const VpPlan *plan, GError **error)
{
    VpScope scope = facts->session ? VP_SCOPE_SESSION : VP_SCOPE_SYSTEM;
    const VpSeclabel *dac = vp_seclabels_find(plan->seclabels, VP_LABEL_DAC);
    facts->hands_over = vp_path_dynamic_ownership(scope, NULL) && !(dac && !dac->label);
    if (!look_at_label(facts, plan, error))
        return FALSE;
    if (plan->owner) {
        VpOwner owner;
        const char *where = plan->settings[VP_CHOICE_OWNER].where;
        if (!vp_owner_parse(plan->owner, where, &owner, &facts->unknown_owner, error))
            return FALSE;
        facts->owner_uid = owner.uid;
        facts->owner_gid = owner.gid;
        return TRUE;
    }
    if (facts->privileged && facts->has_qemu_user && !facts->hands_over) {
        facts->owner_uid = facts->qemu_uid;
        facts->owner_gid = facts->qemu_gid;
    }
    return TRUE;
}
