/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/nbd.h"
#include "base/fd.h"

#include <fcntl.h>
#include <libnbd.h>
#include <string.h>
#include <sys/socket.h>

#define WINDOW       (G_GUINT64_CONSTANT(2) << 30)  /* bytes asked for in one block status */
#define ZERO_MAX     (G_GUINT64_CONSTANT(1) << 30)  /* bytes of one write zeroes */
#define TRANSFER_MAX (G_GUINT64_CONSTANT(32) << 20) /* bytes of one read or write: QEMU's own */

struct _VpNbd {
    struct nbd_handle *handle;
    char *what;
    guint64 size;
    gboolean has_extents;
    GArray *extents; /* of VpExtent: the last answer, neighbours of a kind joined */
    guint64 start;   /* where the first of them starts */
    guint current;   /* the one found last, and where it starts */
    guint64 current_start;
    int line;                  /* our end of the connection, to break it off */
    GCancellable *cancellable; /* or NULL */
    gulong watch;
};

/* libnbd keeps its last error per thread: to be called beside the failing call. */
static void
set_error(const VpNbd *nbd, const char *doing, GError **error)
{
    int saved_errno = nbd_get_errno();

    if (!vp_check_cancelled(nbd->cancellable, error))
        return;
    if (saved_errno != 0)
        vp_error_set_errno(error, saved_errno, "%s: cannot %s", nbd->what, doing);
    else
        vp_error_set(error, VP_ERROR_FAILED, "%s: cannot %s: %s", nbd->what, doing,
                     nbd_get_error());
    /* A disk that cannot be read is not one that is not there. */
    if (error && *error)
        (*error)->code = VP_ERROR_FAILED;
}

static gboolean
connect_server(VpNbd *nbd, int socket, const char *name, GError **error)
{
    gint64 size = -1;

    /* Every byte of a buffer is read or the read fails: it need not be cleared before. */
#if LIBNBD_HAVE_NBD_SET_PREAD_INITIALIZE
    nbd_set_pread_initialize(nbd->handle, false);
#endif
    if (nbd_set_export_name(nbd->handle, name) < 0 ||
        nbd_add_meta_context(nbd->handle, LIBNBD_CONTEXT_BASE_ALLOCATION) < 0 ||
        nbd_connect_socket(nbd->handle, socket) < 0 || (size = nbd_get_size(nbd->handle)) < 0) {
        set_error(nbd, "open", error);
        return FALSE;
    }
    nbd->size = (guint64)size;
    nbd->has_extents = nbd_can_meta_context(nbd->handle, LIBNBD_CONTEXT_BASE_ALLOCATION) == 1;
    return TRUE;
}

/* In another thread: what waits for an answer comes back with an error. */
static void
break_off(GCancellable *cancellable, gpointer data)
{
    shutdown(((VpNbd *)data)->line, SHUT_RDWR);
}

static void
watch(VpNbd *nbd, int socket)
{
    GCancellable *cancellable = g_cancellable_get_current();

    if (!cancellable)
        return;
    nbd->line = fcntl(socket, F_DUPFD_CLOEXEC, 3);
    nbd->cancellable = g_object_ref(cancellable);
    nbd->watch = g_cancellable_connect(cancellable, G_CALLBACK(break_off), nbd, NULL);
}

VpNbd *
vp_nbd_new(int socket, const char *name, const char *what, GError **error)
{
    g_autoptr(VpNbd) nbd = g_new0(VpNbd, 1);

    nbd->line = -1;
    nbd->what = g_strdup(what);
    nbd->extents = g_array_new(FALSE, FALSE, sizeof(VpExtent));
    nbd->handle = nbd_create();
    if (!nbd->handle) {
        set_error(nbd, "open", error);
        vp_fd_clear(&socket);
        return NULL;
    }
    watch(nbd, socket);
    return connect_server(nbd, socket, name, error) ? g_steal_pointer(&nbd) : NULL;
}

guint64
vp_nbd_get_size(const VpNbd *nbd)
{
    return nbd->size;
}

gboolean
vp_nbd_pread(VpNbd *nbd, guint64 offset, gpointer buffer, gsize length, GError **error)
{
    for (gsize done = 0; done < length;) {
        gsize part = MIN(length - done, TRANSFER_MAX);

        if (nbd_pread(nbd->handle, (char *)buffer + done, part, offset + done, 0) < 0) {
            set_error(nbd, "read", error);
            return FALSE;
        }
        done += part;
    }
    return TRUE;
}

gboolean
vp_nbd_pwrite(VpNbd *nbd, guint64 offset, gconstpointer buffer, gsize length, GError **error)
{
    for (gsize done = 0; done < length;) {
        gsize part = MIN(length - done, TRANSFER_MAX);

        if (nbd_pwrite(nbd->handle, (const char *)buffer + done, part, offset + done, 0) < 0) {
            set_error(nbd, "write", error);
            return FALSE;
        }
        done += part;
    }
    return TRUE;
}

gboolean
vp_nbd_zero(VpNbd *nbd, guint64 offset, guint64 length, GError **error)
{
    for (guint64 done = 0; done < length;) {
        guint64 part = MIN(length - done, ZERO_MAX);

        if (nbd_zero(nbd->handle, part, offset + done, 0) < 0) {
            set_error(nbd, "write zeros", error);
            return FALSE;
        }
        done += part;
    }
    return TRUE;
}

gboolean
vp_nbd_flush(VpNbd *nbd, GError **error)
{
    if (nbd_flush(nbd->handle, 0) == 0)
        return TRUE;
    set_error(nbd, "flush", error);
    return FALSE;
}

static void
add_extent(VpNbd *nbd, guint64 length, gboolean zero)
{
    VpExtent *last = nbd->extents->len == 0
                         ? NULL
                         : &g_array_index(nbd->extents, VpExtent, nbd->extents->len - 1);
    VpExtent extent = {.length = length, .zero = zero};

    if (length == 0)
        return;
    if (last && last->zero == zero)
        last->length += length;
    else
        g_array_append_val(nbd->extents, extent);
}

static int
take_extents(void *user_data, const char *context, guint64 offset, guint32 *entries,
             size_t n_entries, int *error)
{
    VpNbd *nbd = user_data;

    if (strcmp(context, LIBNBD_CONTEXT_BASE_ALLOCATION) != 0)
        return 0;
    for (size_t i = 0; i + 1 < n_entries; i += 2)
        add_extent(nbd, entries[i], (entries[i + 1] & LIBNBD_STATE_ZERO) != 0);
    return 0;
}

static gboolean
ask_extents(VpNbd *nbd, guint64 offset, GError **error)
{
    nbd_extent_callback callback = {.callback = take_extents, .user_data = nbd};

    g_array_set_size(nbd->extents, 0);
    nbd->start = nbd->current_start = offset;
    nbd->current = 0;
    if (!nbd->has_extents) {
        add_extent(nbd, nbd->size - offset, FALSE);
        return TRUE;
    }
    if (nbd_block_status(nbd->handle, MIN(WINDOW, nbd->size - offset), offset, callback, 0) < 0) {
        set_error(nbd, "look for holes", error);
        return FALSE;
    }
    if (nbd->extents->len > 0)
        return TRUE;
    vp_error_set(error, VP_ERROR_FAILED, "%s: cannot look for holes: an empty answer", nbd->what);
    return FALSE;
}

/* Moves on to the remembered extent that holds @offset, if there is one. */
static const VpExtent *
seek_extent(VpNbd *nbd, guint64 offset)
{
    if (offset < nbd->current_start) {
        nbd->current = 0;
        nbd->current_start = nbd->start;
    }
    if (offset < nbd->current_start)
        return NULL;
    while (nbd->current < nbd->extents->len) {
        const VpExtent *extent = &g_array_index(nbd->extents, VpExtent, nbd->current);

        if (offset < nbd->current_start + extent->length)
            return extent;
        nbd->current_start += extent->length;
        nbd->current++;
    }
    return NULL;
}

gboolean
vp_nbd_extent(VpNbd *nbd, guint64 offset, VpExtent *ret_extent, GError **error)
{
    const VpExtent *extent = seek_extent(nbd, offset);

    if (!extent) {
        if (!ask_extents(nbd, offset, error))
            return FALSE;
        extent = seek_extent(nbd, offset);
    }
    ret_extent->length = nbd->current_start + extent->length - offset;
    ret_extent->zero = extent->zero;
    return TRUE;
}

void
vp_nbd_shutdown(VpNbd *nbd)
{
    /* A server that is gone has taken leave too: its end tells how it went. */
    nbd_shutdown(nbd->handle, 0);
}

void
vp_nbd_free(VpNbd *nbd)
{
    if (!nbd)
        return;
    g_cancellable_disconnect(nbd->cancellable, nbd->watch);
    g_clear_object(&nbd->cancellable);
    vp_fd_clear(&nbd->line);
    nbd_close(nbd->handle);
    g_array_unref(nbd->extents);
    g_free(nbd->what);
    g_free(nbd);
}
