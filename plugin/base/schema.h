/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* schema: which part of a document a schema does not take. */
#pragma once

#include "base/xml.h"

/* Of a @doc that is not valid against the RELAX NG file @schema: the path of the innermost
 * element or attribute without which it is, "/domain/devices/disk[2]/driver/@cache"; NULL
 * where no single one is the fault. Validates once for each node around it; caller frees. */
char *vp_schema_find_fault(const xmlDoc *doc, const char *schema);
