/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The look at a package's qcow2 image before any tool sees it. */
#include "fuzz.h"
#include "base/fd.h"
#include "image/header.h"

#include <string.h>

#define BACKING "vda.0.qcow2"

/* The size that the image itself claims: the manifest is the same stranger's. */
static guint64
claimed_size(const guint8 *data, gsize size)
{
    guint64 big = 0;
    if (size >= 32)
        memcpy(&big, data + 24, sizeof(big));
    return GUINT64_FROM_BE(big);
}

gboolean
fuzz_target(const guint8 *data, gsize size)
{
    vp_autofd int fd = fuzz_file(data, size);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_ptr_array_add(names, (gpointer) "s1");
    const VpImageExpectation expected[] = {
        {VP_IMAGE_FORMAT_QCOW2, claimed_size(data, size), NULL, NULL},
        {VP_IMAGE_FORMAT_QCOW2, claimed_size(data, size), NULL, names},
        {VP_IMAGE_FORMAT_QCOW2, claimed_size(data, size), BACKING, names},
    };
    gboolean taken = FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autoptr(GError) error = NULL;
        gboolean good = vp_header_check(fd, &expected[i], "image", &error);
        g_assert_true(good == (error == NULL));
        taken |= good;
    }
    return taken;
}

GPtrArray *
fuzz_seeds(void)
{
    GPtrArray *seeds = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    g_ptr_array_add(seeds, fuzz_qcow2(FALSE, NULL));
    g_ptr_array_add(seeds, fuzz_qcow2(FALSE, BACKING));
    return seeds;
}
