/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* parts: the steps of opening a domain as a source, for source/ only. */
#pragma once

#include "model/domain.h"
#include "model/snapshot.h"
#include "source/source.h"

/* A domain that is being opened. */
typedef struct {
    VpConnection *connection;
    VpVirtDomain *domain;
    const VpExportOptions *options;
    const VpSnapshot *snapshot; /* the moment, or NULL for now */
    VpMachine *machine;
    VpReport *report;
    GCancellable *cancellable;
} VpOpening;

/* Fills machine->about from the domain XML, the daemon and the host. */
void vp_source_describe(const VpOpening *opening);

/* Opens every disk whose bytes belong to the machine; notes those left out. */
gboolean vp_source_open_disks(const VpOpening *opening, GError **error);

/* Reads the UEFI variables and the TPM's state as they are now. */
gboolean vp_source_read_state(const VpOpening *opening, GError **error);

/* The chain of images of @disk, complete. NULL with an error that offers --exclude. */
VpLayer *vp_source_find_layer(const VpOpening *opening, const VpDomainDisk *disk, GError **error);
