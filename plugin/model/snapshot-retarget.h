/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* snapshot-retarget: the snapshots of a machine, as a plan says, for libvirt to take. */
#pragma once

#include "model/check.h"
#include "model/tree.h"

/* A snapshot as it is to be told to libvirt. */
typedef struct {
    const VpTreeMoment *moment;
    xmlDoc *xml;          /* <domainsnapshot> */
    xmlDoc *ram;          /* the definition beside RAM of its own, or NULL */
    const char *ram_path; /* where that goes, the plan's, or NULL */
} VpSnapshotPlan;

void vp_snapshot_plan_free(VpSnapshotPlan *plan);

/* All snapshots of @machine, parents first: array of VpSnapshotPlan that frees its members.
 * Their definitions become what @plan says, as the one that boots does, and are held against
 * the powers; nothing of their XML but what is known is passed on. Findings go to @report. */
GPtrArray *vp_snapshots_retarget(const VpMachine *machine, const VpPlan *plan,
                                 const VpHostFacts *facts, VpReport *report);
