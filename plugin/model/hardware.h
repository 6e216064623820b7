/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* hardware: machine type, memory and processors of the domain, and whether they agree. */
#pragma once

#include "model/plan.h"
#include "model/report.h"

/* Takes --machine, --memory and --vcpus into @plan; VP_ERROR_USAGE for a malformed one. */
gboolean vp_hardware_plan(VpPlan *plan, GError **error);

/* Makes @domain what @plan says; what has to follow is a note. */
void vp_hardware_set(xmlDoc *domain, const VpPlan *plan, VpReport *report);

/* Adds to @report where memory, processors, topology and NUMA cells of @domain contradict each
 * other, which libvirt refuses, or settles in its own way, in silence. */
void vp_hardware_check(xmlDoc *domain, VpReport *report);

/* The memory of the domain @root in MiB, as --memory takes it; NULL for none that is read. */
char *vp_hardware_dup_memory(const xmlNode *root);
