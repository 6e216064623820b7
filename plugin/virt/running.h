/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* running: what is asked of a domain that runs, and the file systems of its guest. */
#pragma once

#include "virt/domain.h"

/* The live definition, with secrets or without; caller frees. */
char *vp_virt_domain_get_live_xml(VpVirtDomain *domain, gboolean secrets, GError **error);

/* libvirt's number for this run of it; -1 when it does not run. */
int vp_virt_domain_get_id(VpVirtDomain *domain);

/* TRUE while the run with this number goes on, paused or not. */
gboolean vp_virt_domain_still_runs(VpVirtDomain *domain, int id);

/* TRUE when it stands still. */
gboolean vp_virt_domain_is_paused(VpVirtDomain *domain);

/* Bytes that the guest sees of the disk @target, and that its top image takes. */
gboolean
vp_virt_domain_get_disk_size(VpVirtDomain *domain, const char *target, guint64 *ret_capacity,
                             guint64 *ret_allocation, GError **error);

/* Lets the domain stand still; *@ret_was_running is FALSE when it stood still already. */
gboolean vp_virt_domain_suspend(VpVirtDomain *domain, gboolean *ret_was_running, GError **error);

/* Lets it run on; VP_ERROR_PARTIAL when it may still stand still. */
gboolean vp_virt_domain_resume(VpVirtDomain *domain, GError **error);

/* Bytes that its RAM takes in a save image, at most. */
gboolean vp_virt_domain_get_ram_size(VpVirtDomain *domain, guint64 *ret_size, GError **error);

/* Writes its RAM, and no disk, into a save image that is made at @path; the domain, whose
 * disks have these @targets, should stand still. VP_ERROR_INTERRUPTED soon after it is
 * cancelled. */
gboolean vp_virt_domain_save_ram(VpVirtDomain *domain, const char *const *targets, const char *path,
                                 GCancellable *cancellable, GError **error);

/* Freezes the guest's file systems through its agent, which is given a minute to answer.
 * VP_ERROR_FAILED, thawed again, says what the guest lacks, and offers to go without. */
gboolean vp_virt_domain_freeze(VpVirtDomain *domain, GError **error);

/* Thaws them; VP_ERROR_PARTIAL when they may still be frozen. */
gboolean vp_virt_domain_thaw(VpVirtDomain *domain, GError **error);
