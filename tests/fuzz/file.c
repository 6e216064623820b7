/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

int
fuzz_file(const guint8 *data, gsize size)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    for (gsize done = 0; done < size;) {
        gssize put = write(fd, data + done, size - done);
        g_assert_cmpint(put, >, 0);
        done += (gsize)put;
    }
    g_assert_cmpint(lseek(fd, 0, SEEK_SET), ==, 0);
    return fd;
}

char *
fuzz_path(int fd)
{
    return g_strdup_printf("/proc/self/fd/%d", fd);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    fuzz_target(data, size);
    return 0;
}
