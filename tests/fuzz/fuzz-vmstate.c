/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The RAM of an internal snapshot in a qcow2 file. */
#include "fuzz.h"
#include "base/fd.h"
#include "image/vmstate.h"

#define READ_MAX (256 * 1024) /* bytes: the stream may claim to be of terabytes */

/* TRUE when all of it, or of its first part, can be read. */
static gboolean
read_stream(GInputStream *stream, guint64 size)
{
    static guint8 buffer[4096];
    g_autoptr(GError) error = NULL;
    guint64 done = 0;
    gssize got = 1;
    while (done < READ_MAX &&
           (got = g_input_stream_read(stream, buffer, sizeof(buffer), NULL, &error)) > 0)
        done += (guint64)got;
    g_assert_true((got < 0) == (error != NULL));
    g_assert_cmpuint(done, <=, size);
    g_assert_true(got != 0 || done == size);
    return got >= 0;
}

gboolean
fuzz_target(const guint8 *data, gsize size)
{
    vp_autofd int fd = fuzz_file(data, size);
    g_autofree char *path = fuzz_path(fd);
    g_autoptr(GError) error = NULL;
    guint64 bytes = 0;
    g_autoptr(GInputStream) stream = vp_vmstate_open(path, "s1", &bytes, &error);
    g_assert_true((stream == NULL) == (error != NULL));
    return stream && read_stream(stream, bytes);
}

GPtrArray *
fuzz_seeds(void)
{
    GPtrArray *seeds = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    g_ptr_array_add(seeds, fuzz_qcow2(FALSE, NULL));
    g_ptr_array_add(seeds, fuzz_qcow2(TRUE, NULL));
    return seeds;
}
