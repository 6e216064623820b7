/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* undo: for each kind of journal entry the one function that undoes it. */
#pragma once

#include "base/journal.h"
#include "virt/connection.h"

/* Undoes all of @journal, newest first. *@error, the reason for it, stays as it is when
 * all could be undone; else it becomes VP_ERROR_PARTIAL and lists what is left. */
void vp_undo(VpJournal *journal, VpConnection *connection, GError **error);
