/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* plan-parts: the parts of making a plan, for plan.c only. */
#pragma once

#include "model/plan.h"

/* Settles the choice @id: the wish that counts, else @fallback (may be NULL) for the reason
 * @from (NULL: "default"). Owned by @plan. */
const VpSetting *
vp_plan_settle(VpPlan *plan, VpChoiceId id, const char *fallback, const char *from);

/* The same of a choice between the words of its syntax: the index of the one, -1 with
 * VP_ERROR_USAGE. */
int vp_plan_settle_word(VpPlan *plan, VpChoiceId id, int fallback, GError **error);
gboolean vp_plan_settle_flag(VpPlan *plan, VpChoiceId id, gboolean fallback, const char *from);

/* Who asked for the original to be restored: "--restore", "profile x"; NULL for none. */
const char *vp_plan_restored_from(const VpPlan *plan);

/* What becomes of every disk: dir, disk. Needs plan->name. */
gboolean
vp_plan_disks(VpPlan *plan, const VpMachine *machine, const VpHostFacts *facts, GError **error);

/* What becomes of every NIC: network, nic, mac, on-missing-network. */
gboolean
vp_plan_nics(VpPlan *plan, const VpMachine *machine, const VpHostFacts *facts, GError **error);

/* Where @entry goes, or lies: nowhere; an absolute path; a volume of a pool, which may be none
 * of this host's. What stood there before is forgotten. */
void vp_plan_place_nowhere(VpPlanDisk *entry);
void vp_plan_place_at_path(VpPlanDisk *entry, const char *path);
void vp_plan_place_in_pool(VpPlanDisk *entry, const char *pool, const char *volume,
                           const VpHostFacts *facts);

/* TRUE where @place of --disk is a path; and splits "POOL/VOLUME", FALSE for what is not. */
gboolean vp_plan_place_is_path(const char *place);
gboolean vp_plan_place_split(const char *place, char **ret_pool, char **ret_volume);

/* mode, verify, no-verify, overwrite-device; dir and pool are settled. */
gboolean vp_plan_mode(VpPlan *plan, const VpMachine *machine, GError **error);

/* Turns @entry, which is planned as a copy, into what plan->mode says; @raw: why its image
 * must be raw, or NULL. */
gboolean vp_plan_apply_mode(const VpPlan *plan, VpPlanDisk *entry, const VpMachineDisk *part,
                            const VpHostFacts *facts, const char *raw, GError **error);

/* TRUE when only a raw image can go to the pool @name. */
gboolean vp_plan_place_is_raw(const VpHostFacts *facts, const char *name);

/* Where images that are kept go, and RAM of snapshots; plan->disks is complete. @folder: for
 * what no disk that is copied has one for. */
gboolean vp_plan_tree(VpPlan *plan, const VpMachine *machine, const char *folder, GError **error);

/* Notes what the image @id lies on as the chain of @disk. */
void vp_plan_add_chain(const VpPlan *plan, const VpTree *tree, VpPlanDisk *disk, const char *id);

void vp_plan_disk_free(VpPlanDisk *disk);
void vp_plan_file_free(VpPlanFile *file);
