/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xmledit: --xml, the importer's own edits of the domain XML, in virt-install's syntax. */
#pragma once

#include "base/xml.h"

typedef enum {
    VP_EDIT_SET,    /* XPATH=VALUE, or xpath.set=XPATH,xpath.value=VALUE */
    VP_EDIT_CREATE, /* xpath.create=XPATH */
    VP_EDIT_DELETE, /* xpath.delete=XPATH */
} VpXmlEditKind;

typedef struct {
    VpXmlEditKind kind;
    char *xpath; /* relative to <domain>, "./memory" or "/domain/memory" */
    char *value;
} VpXmlEdit;

/* Parses one --xml. A comma in a value of the xpath.… form is doubled; XPATH=VALUE
 * splits at the last "=". VP_ERROR_USAGE. Caller frees. */
VpXmlEdit *vp_xml_edit_parse(const char *text, GError **error);
void vp_xml_edit_free(VpXmlEdit *edit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpXmlEdit, vp_xml_edit_free)

/* Does @edit on @domain and marks what it set as the importer's own: an element; an
 * attribute, and its element with it where that asked for no power before. Set makes
 * missing elements of a plain path; a set or delete that matches nothing, a path that
 * is not XPath or names no element or attribute is VP_ERROR_USAGE. */
gboolean vp_xml_edit_apply(const VpXmlEdit *edit, xmlDoc *domain, GError **error);
