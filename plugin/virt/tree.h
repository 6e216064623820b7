/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tree: all snapshots of a domain, and how libvirt is told of those of another. */
#pragma once

#include "virt/domain.h"

typedef struct {
    char *name;
    char *parent; /* or NULL */
    gboolean current;
    char *xml;
} VpVirtSnapshot;

/* All snapshots of @domain, parents before children: array of VpVirtSnapshot that frees its
 * members. With secrets in the XML or without. */
GPtrArray *vp_virt_list_snapshot_tree(VpVirtDomain *domain, gboolean secrets, GError **error);

/* Tells libvirt of the snapshot @xml of the domain @uuid, whose files are there; parents
 * come first. With @current the state of now comes from it. */
gboolean vp_virt_redefine_snapshot(VpConnection *connection, const char *uuid, const char *xml,
                                   gboolean current, GError **error);
