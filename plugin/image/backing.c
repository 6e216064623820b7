/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Source of the layout: QEMU docs/interop/qcow2.txt. */
#include "image/backing.h"
#include "base/fd.h"
#include "image/qcow2-format.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define EXTENSIONS_MAX 32 /* QEMU knows five */
#define FORMAT_MAX     15 /* bytes of a name, as in QEMU */

/* What is neither a file nor a device might block. */
static int
open_image(const char *path)
{
    struct stat status;
    vp_autofd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || fstat(fd, &status) < 0 || !(S_ISREG(status.st_mode) || S_ISBLK(status.st_mode)))
        return -1;
    return g_steal_fd(&fd);
}

static char *
read_text(int fd, guint64 offset, guint32 length)
{
    g_autofree char *text = g_malloc0((gsize)length + 1);
    return vp_fd_pread_all(fd, offset, text, length) ? g_steal_pointer(&text) : NULL;
}

/* The format stands in an extension behind the header. */
static char *
read_format(int fd, const VpQcow2Header *header)
{
    guint64 offset = GUINT32_FROM_BE(header->version) < 3 ? VP_QCOW2_LENGTH_V2
                                                          : GUINT32_FROM_BE(header->header_length);
    for (guint i = 0; i < EXTENSIONS_MAX; i++) {
        guint32 words[2];
        if (!vp_fd_pread_all(fd, offset, words, sizeof(words)))
            return NULL;
        guint32 type = GUINT32_FROM_BE(words[0]);
        guint32 length = GUINT32_FROM_BE(words[1]);
        if (type == VP_QCOW2_EXTENSION_END)
            return NULL;
        if (type == VP_QCOW2_EXTENSION_BACKING)
            return length > FORMAT_MAX ? NULL : read_text(fd, offset + sizeof(words), length);
        offset += sizeof(words) + ((guint64)length + 7) / 8 * 8;
    }
    return NULL;
}

/* "nbd:…", "json:…" and "http://…" are no paths; "file:" is one. */
static char *
find_path(const char *name, const char *image)
{
    const char *plain = g_str_has_prefix(name, "file:") ? name + strlen("file:") : name;
    g_autofree char *folder = g_path_get_dirname(image);
    const char *colon = strchr(plain, ':');
    const char *slash = strchr(plain, '/');
    if (!*plain || (colon && (!slash || colon < slash)))
        return NULL;
    return g_canonicalize_filename(plain, folder);
}

char *
vp_image_find_backing(const char *path, char **ret_format)
{
    VpQcow2Header header = {0};
    vp_autofd int fd = open_image(path);
    if (fd < 0 || !vp_fd_pread_all(fd, 0, &header, VP_QCOW2_LENGTH_V3) ||
        GUINT32_FROM_BE(header.magic) != VP_QCOW2_MAGIC)
        return NULL;
    guint32 length = GUINT32_FROM_BE(header.backing_file_size);
    guint64 offset = GUINT64_FROM_BE(header.backing_file_offset);
    if (offset == 0 || offset > G_MAXINT32 || length == 0 || length > VP_QCOW2_BACKING_NAME_MAX)
        return NULL;
    g_autofree char *name = read_text(fd, offset, length);
    char *backing = name ? find_path(name, path) : NULL;
    if (backing)
        *ret_format = read_format(fd, &header);
    return backing;
}
