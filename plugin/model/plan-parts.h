/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* plan-parts: the parts of making a plan, for plan.c only. */
#pragma once

#include "model/plan.h"

/* What becomes of every disk: --dir, --disk. Needs plan->name. */
gboolean vp_plan_disks(VpPlan *plan, const VpImportOptions *options, const VpMachine *machine,
                       const VpHostFacts *facts, GError **error);

/* What becomes of every NIC: --network, --nic, --mac, --on-missing-network. */
gboolean vp_plan_nics(VpPlan *plan, const VpImportOptions *options, const VpMachine *machine,
                      const VpHostFacts *facts, GError **error);

/* Where images that are kept go, and RAM of snapshots; plan->disks is complete. @folder: for
 * what no disk that is copied has one for. */
gboolean vp_plan_tree(VpPlan *plan, const VpMachine *machine, const char *folder, GError **error);

/* Notes what the image @id lies on as the chain of @disk. */
void vp_plan_add_chain(const VpPlan *plan, const VpTree *tree, VpPlanDisk *disk, const char *id);

void vp_plan_disk_free(VpPlanDisk *disk);
void vp_plan_file_free(VpPlanFile *file);
