/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* check-parts: the parts of checking, and what the checks of a definition and of a RAM share. */
#pragma once

#include "model/check.h"

/* What is held against what. */
typedef struct {
    const VpPlan *plan;
    const VpMachine *machine;
    xmlDoc *domain; /* retargeted */
    const VpHostFacts *facts;
    VpReport *report;
} VpCheck;

/* A file that this import makes must not be there, and its folder must take it: FALSE with a
 * finding of @resource, which offers @fix (may be NULL). */
gboolean
vp_check_new_file(const VpCheck *check, const char *resource, const char *path, const char *fix);

/* The disks, and the files that are made beside them. */
void vp_check_disks(const VpCheck *check);

/* Disks that go to one file system share its space. */
void vp_check_space(const VpCheck *check);

/* Every power that @domain asks for and @plan does not give; @where stands before places. */
void vp_check_powers(const VpPlan *plan, xmlDoc *domain, const VpHostFacts *facts,
                     const char *where, VpReport *report);

/* What the interfaces of @domain, as it will be, miss in the networks, filters and addresses
 * that they are to have. */
void vp_check_nics(const VpPlan *plan, xmlDoc *domain, const VpHostFacts *facts, VpReport *report);
