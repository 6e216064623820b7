/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * xml: libxml2 with our rules: no network, no entities, no DOCTYPE, bounded size
 * and depth, UTF-8 only, and nothing printed.
 */
#pragma once

#include "base/error.h"
#include <libxml/tree.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlDoc, xmlFreeDoc)

#define VP_XML_MAX_SIZE  (8 * 1024 * 1024) /* bytes; libxml2 has a limit of its own at 10 MB */
#define VP_XML_MAX_DEPTH 64                /* elements */

/* Parses @length bytes of @text; @what names it in messages. What breaks the rules
 * is VP_ERROR_UNSAFE, what is not well-formed VP_ERROR_DAMAGED. Caller frees. */
xmlDoc *vp_xml_parse(const char *text, gsize length, const char *what, GError **error);

/* A document of one empty element @root, without namespace. Caller frees. */
xmlDoc *vp_xml_new(const char *root);

/* The document, or one element of it, as text, UTF-8, ending in a newline for a
 * document; caller frees. */
char *vp_xml_format(xmlDoc *doc);
char *vp_xml_format_node(xmlNode *node);

/* FALSE with VP_ERROR_DAMAGED and the first fault when @doc is not valid against
 * the RELAX NG @schema: an absolute path, or the name of one of ours ("package.rng"),
 * which are built in. */
gboolean vp_xml_validate(xmlDoc *doc, const char *schema, GError **error);

/* TRUE when @node is an element @name without namespace. */
gboolean vp_xml_is(const xmlNode *node, const char *name);

/* First child element @name without namespace, or NULL. @parent may be NULL. */
xmlNode *vp_xml_find(const xmlNode *parent, const char *name);

/* How many child elements @name without namespace there are. @parent may be NULL. */
guint vp_xml_count(const xmlNode *parent, const char *name);

/* The next sibling element of @node of the same name, or NULL. */
xmlNode *vp_xml_find_next(const xmlNode *node, const char *name);

/* Walks down @path, element names separated by '/': "os/loader"; or NULL. */
xmlNode *vp_xml_find_path(const xmlNode *parent, const char *path);

/* Adds an element @name, without namespace: before or after @sibling, or as the last
 * element of @parent; indented as those around it are. */
xmlNode *vp_xml_add_before(xmlNode *sibling, const char *name);
xmlNode *vp_xml_add_after(xmlNode *sibling, const char *name);
xmlNode *vp_xml_add(xmlNode *parent, const char *name);

/* As vp_xml_find() and vp_xml_find_path(), and adds what is missing. */
xmlNode *vp_xml_ensure(xmlNode *parent, const char *name);
xmlNode *vp_xml_ensure_path(xmlNode *parent, const char *path);

/* Attribute @name of @node, or text of @node, caller frees; NULL when there is
 * none or @node is NULL. */
char *vp_xml_get(const xmlNode *node, const char *name);
char *vp_xml_get_text(const xmlNode *node);

/* TRUE when @node has the attribute @name with just @value. */
gboolean vp_xml_has(const xmlNode *node, const char *name, const char *value);

/* Sets attribute @name (NULL @value removes it); replaces all content by text. */
void vp_xml_set(xmlNode *node, const char *name, const char *value);
void vp_xml_set_text(xmlNode *node, const char *text);

/* Takes @node out with the white space before it, and frees it; NULL is fine. */
void vp_xml_remove(xmlNode *node);

/* Takes out the white space of an element that holds nothing else. */
void vp_xml_trim(xmlNode *node);

/* Removes every child element @name of @parent. */
void vp_xml_remove_all(xmlNode *parent, const char *name);

/* Takes out all elements and attributes below @root that are of a namespace: somebody else's. */
void vp_xml_strip_foreign(xmlNode *root);

/* "/domain/devices/disk[2]/source": where @node stands, for messages; caller frees. */
char *vp_xml_place(const xmlNode *node);

/* What is not the package's but the importer's own: a mark on an element (not on its
 * attributes, nor on what lies inside), or on one attribute, that the check of powers
 * passes over. */
void vp_xml_mark_own(xmlNode *node);
gboolean vp_xml_is_own(const xmlNode *node);

/* As vp_xml_set(), and marks the attribute as the importer's own. */
void vp_xml_set_own(xmlNode *node, const char *name, const char *value);
