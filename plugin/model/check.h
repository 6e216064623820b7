/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* check: holds a plan against a host: pure, from facts to findings. */
#pragma once

#include "model/plan.h"
#include "model/report.h"

/* Adds to @report all that cannot or should not work when @machine is imported to
 * the host of @facts as @plan says; @domain is the retargeted XML. */
void vp_check_plan(const VpPlan *plan, const VpMachine *machine, xmlDoc *domain,
                   const VpHostFacts *facts, VpReport *report);

/* The same of its RAM, whose retargeted definition is @domain; only where it is resumed. */
void vp_check_ram(const VpPlan *plan, const VpMachine *machine, xmlDoc *domain,
                  const VpHostFacts *facts, VpReport *report);
