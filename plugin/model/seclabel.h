/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* seclabel: the security labels that the importer gives a domain, one a model. */
#pragma once

#include "model/facts.h"
#include "model/report.h"

#include <libxml/tree.h>

#define VP_LABEL_DAC "dac" /* user and group that QEMU runs as */

typedef struct {
    char *model; /* "dac", "selinux", "apparmor"; NULL: all that the host has */
    char *label; /* "+107:+107"; NULL: the model leaves the domain alone */
    char *where; /* it was said */
} VpSeclabel;

void vp_seclabel_free(VpSeclabel *label);

/* Adds @text, "MODEL=LABEL", "MODEL=none" or "none", to @labels, in the place of what was said of
 * the model, or of all, before. VP_ERROR_USAGE, naming @where, for one that is malformed. */
gboolean vp_seclabels_add(GPtrArray *labels, const char *text, const char *where, GError **error);

/* The one of @model, NULL for that of all; NULL for none. */
const VpSeclabel *vp_seclabels_find(GPtrArray *labels, const char *model);

/* Puts @labels into @domain, in the place of its own of the same models. */
void vp_seclabels_set(GPtrArray *labels, xmlDoc *domain);

/* Adds to @report which of @labels are of models, or users, that the host has not. */
void vp_seclabels_check(GPtrArray *labels, const VpHostFacts *facts, VpReport *report);
