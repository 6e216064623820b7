/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sink/grants.h"
#include "base/arrival.h"
#include "host/files.h"
#include "host/polkit.h"

static gboolean
is_known(const char *subject)
{
    uid_t uid;
    gid_t gid;
    return *subject == '@' ? vp_group_find(subject + 1, &gid) : vp_user_find(subject, &uid, &gid);
}

static GStrv
unknown_subjects(GPtrArray *grants)
{
    GPtrArray *unknown = g_ptr_array_new();
    for (guint i = 0; i < grants->len; i++) {
        const char *subject = ((const VpGrant *)grants->pdata[i])->subject;
        if (!is_known(subject))
            g_ptr_array_add(unknown, g_strdup(subject));
    }
    return vp_strv_take(unknown);
}

/* Root only: to others the list of domains may not be whole. */
static GStrv
stale_rules(const VpHostFacts *facts)
{
    g_auto(GStrv) uuids = facts->privileged ? vp_polkit_list(NULL) : NULL;
    GPtrArray *stale = g_ptr_array_new();
    for (char **uuid = uuids; uuid && *uuid; uuid++) {
        if (!vp_host_facts_find_uuid(facts, *uuid))
            g_ptr_array_add(stale, g_strdup(*uuid));
    }
    return vp_strv_take(stale);
}

void
vp_facts_look_at_grants(VpHostFacts *facts, const VpPlan *plan)
{
    static const VpAsked asked[] = {
        [VP_POLKIT_UNKNOWN] = VP_ASKED_UNKNOWN,
        [VP_POLKIT_IGNORED] = VP_ASKED_NO,
        [VP_POLKIT_ASKED] = VP_ASKED_YES,
    };
    VpGrantFacts *grants = &facts->grants;
    if (!grants->available)
        return;
    grants->folder = g_strdup(vp_polkit_folder());
    grants->folder_exists = g_file_test(grants->folder, G_FILE_TEST_IS_DIR);
    grants->folder_writable = vp_folder_is_writable(grants->folder);
    grants->asked = asked[vp_polkit_use(&grants->conf, &grants->login)];
    grants->unknown = unknown_subjects(plan->grants);
    grants->stale = stale_rules(facts);
}

gboolean
vp_sink_place_grants(const VpHostSink *sink, GError **error)
{
    const VpPlan *plan = sink->plan;
    g_autofree char *path = vp_polkit_path(plan->uuid);
    if (vp_strv_has(sink->facts->grants.stale, plan->uuid) && !vp_remove_tree(path, error))
        return FALSE;
    if (plan->grants->len == 0)
        return TRUE;
    g_autoptr(VpPolkitRule) rule = vp_polkit_rule_new(plan->uuid, plan->name);
    for (guint i = 0; i < plan->grants->len; i++) {
        const VpGrant *grant = plan->grants->pdata[i];
        g_ptr_array_add(rule->grants, vp_grant_new(grant->subject, grant->role));
    }
    /* One that came to be meanwhile is that of another domain of this UUID. */
    if (!vp_polkit_rule_save(rule, FALSE, error))
        return FALSE;
    vp_journal_note(sink->journal, VP_JOURNAL_FILE, path);
    g_ptr_array_add(sink->files, g_strdup(path));
    return TRUE;
}

void
vp_sink_clear_grants(const VpHostSink *sink)
{
    for (char **uuid = sink->facts->grants.stale; uuid && *uuid; uuid++) {
        g_autofree char *path = vp_polkit_path(*uuid);
        if (!g_str_equal(*uuid, sink->plan->uuid))
            vp_remove_tree(path, NULL);
    }
}
