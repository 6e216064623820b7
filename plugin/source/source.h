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
 * source: now, of a domain that is shut off (or in any state, configuration only), or
 * a named snapshot of one. What is worth a word goes to @report. */
VpMachine *vp_source_open_domain(VpConnection *connection, const VpExportOptions *options,
                                 VpReport *report, GCancellable *cancellable, GError **error);

/* The machine in @package, which must outlive it. The headers of all images are
 * checked; their bytes are read through a tool that runs as @run_as. */
VpMachine *vp_source_open_package(const VpPackage *package, const VpRunAs *run_as, GError **error);
