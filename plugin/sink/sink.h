/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sink: writes a machine: into a package, or onto a host. */
#pragma once

#include "base/journal.h"
#include "base/process.h"
#include "image/copy.h"
#include "model/facts.h"
#include "model/machine.h"
#include "model/plan.h"
#include "model/report.h"
#include "model/snapshot-retarget.h"
#include "pack/writer.h"
#include "virt/connection.h"
#include <sys/types.h>

/* A package to be made of a machine. */
typedef struct {
    VpMachine *machine;
    const char *path;            /* absolute */
    const VpImageFormat *format; /* of all images but media, or NULL for the default */
    mode_t file_mode;            /* of the images */
    gboolean compress;
    gboolean replace;
    VpMeter *meter;
    GCancellable *cancellable;
} VpPackageSink;

/* The format that @disk gets in the package. */
VpImageFormat vp_package_sink_format(const VpPackageSink *sink, const VpMachineDisk *disk);

/* Writes the package; @ret_identity gets the SHA-256 of its manifest, caller frees. On
 * error nothing is left. */
gboolean vp_sink_package(const VpPackageSink *sink, char **ret_identity, GError **error);

/* What the host behind @connection has, as far as it matters to @machine. */
VpHostFacts *vp_facts_gather(VpConnection *connection, const VpMachine *machine, GError **error);

/* Finds what the images that @plan uses as they lie are: block devices, and on which
 * others they lie. One that cannot be used is an error finding. */
void vp_plan_find_chains(VpPlan *plan, VpReport *report);

/* Adds to @facts what is known of the paths, volumes, bridges and the owner that @plan names.
 * VP_ERROR_USAGE for a malformed owner. */
gboolean vp_facts_look_at(VpHostFacts *facts, VpConnection *connection, const VpPlan *plan,
                          xmlDoc *domain, GError **error);

/* Whether the host can give @domain, as it will be, the processor that it names. */
void vp_facts_look_at_cpu(VpConnection *connection, xmlDoc *domain, VpHostFacts *facts);

/* The domains of this host as they are now, for vp_host_facts_find_path(); nothing else. */
VpHostFacts *vp_facts_gather_users(VpConnection *connection, GError **error);

/* A machine to be put on a host. */
typedef struct {
    VpConnection *connection;
    VpMachine *machine;
    const VpPlan *plan;
    const VpHostFacts *facts;
    xmlDoc *domain;       /* the retargeted XML, with its origin */
    xmlDoc *ram;          /* the same of its RAM; NULL: it boots from its disks */
    GPtrArray *snapshots; /* of VpSnapshotPlan, parents first; may be empty */
    VpRunAs run_as;       /* QEMU's tools, where they meet bytes of the package */
    VpJournal *journal;   /* all that is made is noted there; on error the caller undoes it */
    VpMeter *meter;
    GCancellable *cancellable;
    GPtrArray *files; /* of char *, filled: what the domain now owns */
} VpHostSink;

/* Bytes that vp_sink_host() has to read. */
guint64 vp_sink_host_bytes(const VpMachine *machine, const VpPlan *plan);

/* Puts the machine on the host: files under their names, the domain defined. On error what
 * was made is in the journal, for the caller to undo. */
gboolean vp_sink_host(const VpHostSink *sink, GError **error);
