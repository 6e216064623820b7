/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * live: a running domain that is read through libvirt's backup job, for source/ only. One
 * job serves all disks, so that all are of one instant.
 */
#pragma once

#include "source/parts.h"
#include "virt/backup.h"

typedef struct {
    VpVirtDomain *domain;
    int id;                   /* of the run: another run has other disks */
    VpConnection *connection; /* the caller's */
    gboolean quiesce;
    gboolean secrets;
    gboolean ram;      /* it is wanted */
    guint64 ram_bytes; /* of a save image, at most */
    GStrv targets;     /* of all disks, for the save image to leave out */
    gboolean was_running;
    char *ram_file;    /* the save image, once it is there */
    VpBackupSpec spec; /* its files have names once there is a folder */
    char *run_folder;  /* libvirt's own of this run */
    GStrv candidates;  /* folders where scratch files may go, the roomiest first */
    guint64 needed;    /* bytes there */
    guint64 reserve;   /* bytes that must stay free there while the job runs */
    char *folder;      /* of the scratch files, made by us, or NULL */
    gint64 looked;     /* when the free space there was looked at, monotonic µs */
    GCancellable *cancellable;
} VpLive;

void vp_live_free(VpLive *live);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpLive, vp_live_free)

/* Says in @report for how long the domain will stand still while its RAM is written; nothing is
 * left of what is tried for that. */
void vp_live_tell_pause(const VpLive *live, VpReport *report);

/* Writes the RAM and begins the job, of one instant: the domain stands still meanwhile, and
 * is as it was before in the end, whatever fails. */
gboolean vp_live_catch_with_ram(VpLive *live, GError **error);

/* Gives the machine the RAM that was written. */
gboolean vp_live_give_ram(const VpLive *live, VpMachine *machine, GError **error);

/* What is left, @left, taken over, takes the place of *@error, with what that said before. */
void vp_live_add_left(GError **error, GError *left);

/* VP_ERROR_FAILED once the scratch files are about to fill their file system: QEMU would
 * fail the guest's writes then. */
gboolean vp_live_check_space(VpLive *live, GError **error);

/* Says in *@error that the domain stopped; FALSE when it did not. */
gboolean vp_live_explain_stop(VpLive *live, GError **error);

/* Starts the backup job. */
gboolean vp_live_begin(VpLive *live, GError **error);

/* Says in *@error what became of the domain, where that is why reading failed. */
void vp_live_explain(VpLive *live, GError **error);

/* A reader of @disk, which the running job of @live serves or has copied. */
VpDiskReader *vp_live_open(VpLive *live, const VpBackupDisk *disk, GError **error);
