/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * backup: libvirt's backup job, which shows the disks of a running domain as they were
 * at the instant of its start, all of them at once, while the guest goes on.
 */
#pragma once

#include "virt/domain.h"

typedef enum {
    VP_BACKUP_PULL, /* QEMU serves the disks over NBD until the job is ended */
    VP_BACKUP_PUSH, /* QEMU copies the disks into files, and the job ends by itself */
} VpBackupMode;

/* "pull", "push" */
const char *vp_backup_mode_to_string(VpBackupMode mode);

typedef struct {
    char *target;      /* "vda": also the name of its NBD export */
    gboolean included; /* part of the job */
    char *file;        /* pull: scratch (qcow2), push: the copy (raw) */
} VpBackupDisk;

typedef struct {
    VpBackupMode mode;
    char *socket;     /* pull: where QEMU serves NBD */
    GPtrArray *disks; /* of VpBackupDisk: every disk of the domain */
} VpBackupSpec;

/* Makes an empty one; frees what it holds. */
void vp_backup_spec_init(VpBackupSpec *spec);
void vp_backup_spec_clear(VpBackupSpec *spec);

/* Adds a disk, as part of the job or not. */
void vp_backup_spec_add(VpBackupSpec *spec, const char *target, gboolean included);

/* TRUE when a disk is part of the job. */
gboolean vp_backup_spec_is_needed(const VpBackupSpec *spec);

/* Names the files, in @folder, and the socket. */
void vp_backup_spec_place(VpBackupSpec *spec, const char *folder, const char *socket);

/* Pure: libvirt's <domainbackup>; caller frees. */
char *vp_backup_format_xml(const VpBackupSpec *spec);

/* VP_ERROR_FAILED, and how to end it, when a job runs on @domain or on one of the
 * disks of @spec. */
gboolean vp_backup_check_idle(VpVirtDomain *domain, const VpBackupSpec *spec, GError **error);

/* Starts the job: its moment is now. */
gboolean vp_backup_begin(VpVirtDomain *domain, const VpBackupSpec *spec, GError **error);

/* TRUE while the job of @spec, and no other, runs on @domain. */
gboolean vp_backup_runs(VpVirtDomain *domain, const VpBackupSpec *spec);

/* Bytes that a push job has copied, and all of them; nothing set once it has ended. */
void vp_backup_get_progress(VpVirtDomain *domain, guint64 *ret_done, guint64 *ret_total);

/* VP_ERROR_FAILED, and why, unless the job that ran last on @domain came to a good end. */
gboolean vp_backup_check_done(VpVirtDomain *domain, GError **error);

/* Ends the job of @spec, and no other, and returns when libvirt has let go of its files.
 * No job, or no domain any more, is fine; VP_ERROR_PARTIAL says how to end one that stays. */
gboolean vp_backup_end(VpVirtDomain *domain, const VpBackupSpec *spec, GError **error);
