/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"

#include <errno.h>
#include <unistd.h>
#include <string.h>

typedef struct {
    GPtrArray *fix; /* of char *, ends with NULL once read */
} VpErrorPrivate;

static void
vp_error_private_init(VpErrorPrivate *priv)
{
    priv->fix = NULL;
}

static void
vp_error_private_copy(const VpErrorPrivate *src, VpErrorPrivate *dest)
{
    dest->fix = NULL;
    if (!src->fix)
        return;
    dest->fix = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < src->fix->len; i++)
        g_ptr_array_add(dest->fix, g_strdup(src->fix->pdata[i]));
}

static void
vp_error_private_clear(VpErrorPrivate *priv)
{
    g_clear_pointer(&priv->fix, g_ptr_array_unref);
}

G_DEFINE_EXTENDED_ERROR(VpError, vp_error)

int
vp_error_exit_status(const GError *error)
{
    if (error->domain != VP_ERROR)
        return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? 130 : 1;

    switch ((VpErrorCode)error->code) {
    case VP_ERROR_FAILED:
    case VP_ERROR_NOT_FOUND:
        return 1;
    case VP_ERROR_USAGE:
        return 2;
    case VP_ERROR_FINDINGS:
        return 3;
    case VP_ERROR_DAMAGED:
    case VP_ERROR_VERSION:
        return 4;
    case VP_ERROR_UNSAFE:
        return 5;
    case VP_ERROR_PARTIAL:
        return 6;
    case VP_ERROR_INTERRUPTED:
        return 130;
    }
    return 1;
}

const char *const *
vp_error_get_fix(const GError *error)
{
    if (error->domain != VP_ERROR)
        return NULL;
    VpErrorPrivate *priv = vp_error_get_private(error);
    return priv->fix ? (const char *const *)priv->fix->pdata : NULL;
}

void
vp_error_set(GError **error, VpErrorCode code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (error)
        *error = g_error_new_valist(VP_ERROR, (int)code, format, args);
    va_end(args);
}

void
vp_error_set_errno(GError **error, int saved_errno, const char *format, ...)
{
    if (!error)
        return;
    va_list args;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    VpErrorCode code = saved_errno == ENOENT ? VP_ERROR_NOT_FOUND : VP_ERROR_FAILED;
    gboolean denied = (saved_errno == EACCES || saved_errno == EPERM) && geteuid() != 0;
    vp_error_set(error, code, "%s: %s%s", what, g_strerror(saved_errno),
                 denied ? ": have access to it given to you, or run this as its owner or root"
                        : "");
}

void
vp_error_add_fix(GError **error, const char *format, ...)
{
    if (!error || !*error || (*error)->domain != VP_ERROR ||
        (*error)->code == VP_ERROR_INTERRUPTED) /* by the user, who needs no way out */
        return;
    va_list args;
    va_start(args, format);
    VpErrorPrivate *priv = vp_error_get_private(*error);
    if (!priv->fix)
        priv->fix = g_ptr_array_new_with_free_func(g_free);
    else
        g_ptr_array_set_size(priv->fix, (int)priv->fix->len - 1);
    g_ptr_array_add(priv->fix, g_strdup_vprintf(format, args));
    g_ptr_array_add(priv->fix, NULL);
    va_end(args);
}

void
vp_error_add_left(GError **error, const char *left)
{
    if (!error || !*error)
        return;
    g_autofree char *message = g_strdup((*error)->message);
    if (g_str_has_suffix(message, VP_NOTHING_LEFT))
        message[strlen(message) - strlen(VP_NOTHING_LEFT)] = '\0';
    g_autoptr(GError) was = g_steal_pointer(error);
    vp_error_set(error, VP_ERROR_PARTIAL, "%s; %s", message, left);
    for (const char *const *fix = vp_error_get_fix(was); fix && *fix; fix++)
        vp_error_add_fix(error, "%s", *fix);
}

gboolean
vp_check_cancelled(GCancellable *cancellable, GError **error)
{
    if (!g_cancellable_is_cancelled(cancellable))
        return TRUE;
    vp_error_set(error, VP_ERROR_INTERRUPTED, "interrupted" VP_NOTHING_LEFT);
    return FALSE;
}

VpCancelScope
vp_cancel_scope_enter(GCancellable *cancellable)
{
    if (cancellable)
        g_cancellable_push_current(cancellable);
    return (VpCancelScope){cancellable};
}

void
vp_cancel_scope_leave(VpCancelScope *scope)
{
    if (scope->cancellable)
        g_cancellable_pop_current(scope->cancellable);
}
