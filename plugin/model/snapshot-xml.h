/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* snapshot-xml: libvirt's <domainsnapshot> as a document that is edited. */
#pragma once

#include "base/xml.h"

/* The elements of a snapshot that are a definition: of the moment, and the one that boots
 * where that was another; NULL-terminated. */
#define VP_SNAPSHOT_DEFINITIONS 2
extern const char *const vp_snapshot_definitions[VP_SNAPSHOT_DEFINITIONS + 1];

/* VP_ERROR_DAMAGED for what is none, or lacks its name or its domain. Caller frees. */
xmlDoc *vp_snapshot_xml_parse(const char *text, gsize length, const char *what, GError **error);

/* A copy of the definition @element as a domain XML of its own, or NULL; caller frees. */
xmlDoc *vp_snapshot_xml_find_domain(xmlDoc *snapshot, const char *element);

/* Puts @domain in the place of the definition @element. */
void vp_snapshot_xml_set_domain(xmlDoc *snapshot, const char *element, xmlDoc *domain);

/* Takes our own metadata out of it. */
void vp_snapshot_xml_strip(xmlDoc *snapshot);
