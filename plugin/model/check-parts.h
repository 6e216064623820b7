/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* check-parts: what the checks of a definition and of a RAM share. */
#pragma once

#include "model/check.h"

/* Whether the grants of @plan can be made and count; and those that lead nowhere. */
void vp_check_grants(const VpPlan *plan, const VpGrantFacts *facts, VpReport *report);

/* Every power that @domain asks for and @plan does not give; @where stands before places. */
void vp_check_powers(const VpPlan *plan, xmlDoc *domain, const VpHostFacts *facts,
                     const char *where, VpReport *report);

/* What the interfaces of @domain, as it will be, miss in the networks, filters and addresses
 * that they are to have. */
void vp_check_nics(const VpPlan *plan, xmlDoc *domain, const VpHostFacts *facts, VpReport *report);

/* What @domain, as it will be, has of its host for itself and another domain has too. */
void
vp_check_claims(const VpPlan *plan, xmlDoc *domain, const VpHostFacts *facts, VpReport *report);
