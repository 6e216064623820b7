/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plan-file: a plan or a profile as XML: the choices of the table, an element each. A plan is
 * of one package, whose SHA-256 it names; a profile is for any.
 */
#pragma once

#include "model/plan.h"
#include "model/report.h"

/* Reads @text. @label says of what: "plan p.xml", "profile site-a (/etc/…/site-a.xml)"; a fault
 * names it with its line and is VP_ERROR_USAGE. @from is for people who read where a value comes
 * from: "plan p.xml", "profile site-a". Elements and attributes of foreign namespaces are skipped.
 * Caller frees. */
VpWishes *vp_plan_file_parse(const char *text, gsize length, const char *label, const char *from,
                             GError **error);

/* @plan as such a file: every choice with its value, where this comes from and, in comments,
 * what can be chosen, what there is on the host of @facts and what @report says. @identity is
 * the SHA-256 of the package. What is drawn at random is "new". Caller frees. */
char *vp_plan_file_format(const VpPlan *plan, const VpMachine *machine, const VpHostFacts *facts,
                          const VpReport *report, const char *identity);
