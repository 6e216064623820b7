/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * source: opens a domain at a moment, or a package, and yields a machine. The disks
 * of a domain are open, and so locked, as long as the machine lives.
 */
#pragma once

#include "image/open.h"
#include "model/machine.h"
#include "model/report.h"
#include "pack/package.h"
#include "virt/domain.h"

/* The machine of options->domain at the moment that @options name, read by its
 * source: now, or a named snapshot of a domain that is shut off. The disks of one that
 * runs are told, but not open before vp_source_begin(). What is worth a word goes to
 * @report. */
VpMachine *vp_source_open_domain(VpConnection *connection, const VpExportOptions *options,
                                 VpReport *report, GCancellable *cancellable, GError **error);

/* How the disks of a running domain are read. */
typedef struct {
    const char *mode;    /* of libvirt's backup job: "pull", "push" */
    const char *scratch; /* folder of its scratch files */
    guint64 needed;      /* bytes there: in pull mode to begin with, in push mode at most */
    guint64 ram_bytes;   /* that are written while the domain stands still, at most; or 0 */
} VpLiveReading;

/* FALSE, nothing set, when @machine is none of a running domain. The strings are the
 * machine's. */
gboolean vp_source_get_live(const VpMachine *machine, VpLiveReading *ret_reading);

/* Starts what reads the disks of a running domain: that instant is the machine's moment.
 * Nothing happens to other machines. @cancellable must outlive the machine. */
gboolean vp_source_begin(VpMachine *machine, const VpObserver *observer, GCancellable *cancellable,
                         GError **error);

/* Ends what vp_source_begin() started; freeing the machine does the same without a word.
 * What cannot be ended is added to @error, VP_ERROR_PARTIAL then. */
void vp_source_end(VpMachine *machine, GError **error);

/* The machine in @package, which must outlive it. The headers of all images are
 * checked; their bytes are read through a tool that runs as @run_as. Without @with_ram
 * nothing of its RAM is read. */
VpMachine *vp_source_open_package(const VpPackage *package, const VpRunAs *run_as,
                                  gboolean with_ram, GError **error);
