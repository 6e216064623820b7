/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The head of a libvirt save image, uncompressed: no tool is run on every input. */
#include "fuzz.h"
#include "base/fd.h"
#include "image/save-image.h"

#include <string.h>

#define COMPRESSION_AT 28 /* bytes into the head */

gboolean
fuzz_target(const guint8 *data, gsize size)
{
    if (size > COMPRESSION_AT && data[COMPRESSION_AT] > 0 && data[COMPRESSION_AT] < 6)
        return FALSE;
    vp_autofd int fd = fuzz_file(data, size);
    g_autofree char *path = fuzz_path(fd);
    g_autoptr(GError) error = NULL;
    g_autoptr(VpSaveImage) image = vp_save_image_open(path, &error);
    g_assert_true((image == NULL) == (error != NULL));
    if (!image)
        return FALSE;
    g_assert_nonnull(image->xml);
    g_assert_cmpuint(strlen(image->xml) + image->size, <=, size);
    return TRUE;
}

GPtrArray *
fuzz_seeds(void)
{
    GPtrArray *seeds = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    g_ptr_array_add(seeds, vp_save_image_format_head("<domain/>", "<cookie/>", TRUE));
    g_ptr_array_add(seeds, vp_save_image_format_head("<domain type='qemu'/>", NULL, FALSE));
    return seeds;
}
