/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* prepare: an import as far as nothing is touched: what was chosen, what comes of it on this
 * host, and what speaks against it. */
#pragma once

#include "model/plan-file.h"
#include "sink/sink.h"
#include "source/source.h"

/* An import on its way: the package, what it is to become, and what was found. */
typedef struct {
    const VpImportOptions *options;
    VpRunAs run_as;   /* who reads the package's bytes */
    GPtrArray *order; /* of VpWishes: what the importer chose */
    VpConnection *connection;
    VpPackage *package;
    VpMachine *machine;
    VpHostFacts *facts;
    VpPlan *plan;
    xmlDoc *domain;       /* as it is to be defined */
    xmlDoc *ram;          /* as it is to be resumed, or NULL */
    GPtrArray *snapshots; /* of VpSnapshotPlan */
    VpReport *report;
} VpImport;

/* Fills the empty @import: everything becomes what profiles, plan and options say, and all that
 * speaks against it is in its report. @options stay the caller's. */
gboolean vp_import_prepare(VpImport *import, const VpImportOptions *options, GError **error);
void vp_import_clear(VpImport *import);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VpImport, vp_import_clear)
