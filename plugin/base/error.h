/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* error: one GError domain, and the way out that goes with an error. */
#pragma once

#include "virt-porter.h"

/* Sets @error to @code with a printf-style message that names the thing, says
 * what is wrong, and says what to do. */
void vp_error_set(GError **error, VpErrorCode code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* As vp_error_set(), from errno @saved_errno: ": " and its text are added. ENOENT
 * becomes VP_ERROR_NOT_FOUND, the rest VP_ERROR_FAILED. */
void
vp_error_set_errno(GError **error, int saved_errno, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Adds @fix, an option or a command that settles it, to *@error; nothing happens
 * when @error is NULL or holds an error of another domain. */
void vp_error_add_fix(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* How the message of an interruption ends, until something turns out to be left after all. */
#define VP_NOTHING_LEFT ": nothing was left behind"

/* Adds to *@error, if it is set, that @left could not be undone ("the file /a is left (why)"): it
 * becomes VP_ERROR_PARTIAL, and keeps its ways out. */
void vp_error_add_left(GError **error, const char *left);

/* FALSE, and VP_ERROR_INTERRUPTED, once @cancellable (may be NULL) is cancelled. */
gboolean vp_check_cancelled(GCancellable *cancellable, GError **error);

typedef struct {
    GCancellable *cancellable;
} VpCancelScope;

/* Until the scope is left, @cancellable (may be NULL) is what g_cancellable_get_current() says in
 * this thread: what waits for another process, far below, ends with it. */
VpCancelScope vp_cancel_scope_enter(GCancellable *cancellable);
void vp_cancel_scope_leave(VpCancelScope *scope);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(VpCancelScope, vp_cancel_scope_leave)
