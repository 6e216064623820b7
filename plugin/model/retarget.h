/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* retarget: a domain XML changed as a plan says, and in nothing else. */
#pragma once

#include "model/plan.h"
#include "model/report.h"

/* Changes @domain as @plan says. Identity changes wherever it stands; what libvirt
 * made by itself (NIC names, ports, aliases) and our own metadata go; every disk gets
 * its chain written out; elements and comments that the plan does not name stay as
 * they are. What the importer chose is marked as his own. Notes and warnings go to
 * @report. VP_ERROR_USAGE for an edit (--xml) that does not fit. */
gboolean vp_retarget(xmlDoc *domain, const VpPlan *plan, VpReport *report, GError **error);

/* As vp_retarget() a definition beside the one that boots, of RAM or a snapshot, @resource: an
 * edit that does not fit there is a note. */
void vp_retarget_moment(xmlDoc *domain, const VpPlan *plan, const char *resource, VpReport *report);
