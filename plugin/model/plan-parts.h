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
