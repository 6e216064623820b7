/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * scratch: where the QEMU of a running domain can put files and sockets for a while,
 * as the user that it runs as and within what a confining profile lets it reach.
 */
#pragma once

#include "host/paths.h"

/* libvirt's own folder for the run @id of the domain @name. It belongs to QEMU's user,
 * profiles let QEMU use it, and it goes with the run. VP_ERROR_FAILED where it is not, or
 * where the caller cannot enter it. Caller frees. */
char *vp_scratch_find_run_folder(VpScope scope, int id, const char *name, GError **error);

/* Those of @folders that the caller may write to and that have @needed bytes free, the
 * roomiest first, of equals in their order; VP_ERROR_FAILED names them all where there is
 * none. Caller frees. */
GStrv vp_scratch_sort(const char *const *folders, guint64 needed, GError **error);

/* Makes a new folder, in the first of @folders where that can be done, that only the owner
 * of the folder @like can enter. Caller frees, and removes it with vp_remove_tree(). */
char *vp_scratch_make(const char *const *folders, const char *like, GError **error);
