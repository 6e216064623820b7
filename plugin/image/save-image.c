/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/save-image.h"
#include "base/fd.h"

#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <string.h>

#define MAGIC    "LibvirtQemudSave"
#define PARTIAL  "LibvirtQemudPart"
#define FORMAT   2
#define DATA_MAX (32 * 1024 * 1024) /* bytes of XML, cookie and padding */
#define PADDING  (64 * 1024)        /* libvirt's own, so that the XML can grow */

/* In the byte order of the host that wrote it: of one like this. */
typedef struct {
    char magic[16];
    guint32 version;
    guint32 data_length;
    guint32 was_running;
    guint32 compression;
    guint32 cookie_offset;
    guint32 unused[14];
} __attribute__((packed)) Header;

/* What unpacks each compression, by its number; NULL: nothing need be done. */
static const char *const unpackers[] = {
    [0] = NULL, [1] = "gzip", [2] = "bzip2", [3] = "xz", [4] = "lzop", [5] = "zstd",
};

static gboolean
set_unusable(const char *path, const char *why, GError **error)
{
    vp_error_set(error, VP_ERROR_FAILED, "%s: %s", path, why);
    return FALSE;
}

static gboolean
check_header(const Header *header, const char *path, GError **error)
{
    if (memcmp(header->magic, PARTIAL, sizeof(header->magic)) == 0)
        return set_unusable(path, "the save image is incomplete", error);
    if (memcmp(header->magic, MAGIC, sizeof(header->magic)) != 0 || header->version != FORMAT)
        return set_unusable(path, "no save image of libvirt that is known here", error);
    if (header->data_length == 0 || header->data_length > DATA_MAX ||
        header->cookie_offset >= header->data_length)
        return set_unusable(path, "the header of the save image contradicts itself", error);
    if (header->compression >= G_N_ELEMENTS(unpackers))
        return set_unusable(path, "the save image is in a format that is no stream", error);
    return TRUE;
}

static gboolean
read_all(int fd, gpointer buffer, gsize length)
{
    for (gsize done = 0; done < length;) {
        gssize got = read(fd, (char *)buffer + done, length - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return FALSE;
        done += (gsize)got;
    }
    return TRUE;
}

/* The texts end with a NUL each; the rest is padding. */
static gboolean
read_texts(VpSaveImage *image, const Header *header, int fd, const char *path, GError **error)
{
    g_autofree char *data = g_malloc0((gsize)header->data_length + 1);
    if (!read_all(fd, data, header->data_length))
        return set_unusable(path, "the save image ends early", error);
    image->xml = g_strdup(data);
    if (header->cookie_offset > 0)
        image->cookie = g_strdup(data + header->cookie_offset);
    return TRUE;
}

/* What a tool unpacks: its end is one only when the tool was content. */
struct _Unpacked {
    GFilterInputStream parent;
    GSubprocess *process;
    char *path; /* for messages */
};

#define TYPE_UNPACKED (unpacked_get_type())
G_DECLARE_FINAL_TYPE(Unpacked, unpacked, IMAGE, UNPACKED, GFilterInputStream)
G_DEFINE_TYPE(Unpacked, unpacked, G_TYPE_FILTER_INPUT_STREAM)

static gssize
unpacked_read(GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable,
              GError **error)
{
    Unpacked *unpacked = IMAGE_UNPACKED(stream);
    GInputStream *pipe = G_FILTER_INPUT_STREAM(stream)->base_stream;
    gssize got = g_input_stream_read(pipe, buffer, count, cancellable, error);
    if (got != 0 || count == 0 || g_subprocess_wait_check(unpacked->process, NULL, NULL))
        return got;
    set_unusable(unpacked->path, "the save image is damaged", error);
    return -1;
}

static void
unpacked_finalize(GObject *object)
{
    Unpacked *unpacked = IMAGE_UNPACKED(object);
    g_subprocess_force_exit(unpacked->process);
    g_subprocess_wait(unpacked->process, NULL, NULL);
    g_object_unref(unpacked->process);
    g_free(unpacked->path);
    G_OBJECT_CLASS(unpacked_parent_class)->finalize(object);
}

static void
unpacked_class_init(UnpackedClass *class)
{
    G_OBJECT_CLASS(class)->finalize = unpacked_finalize;
    G_INPUT_STREAM_CLASS(class)->read_fn = unpacked_read;
}

static void
unpacked_init(Unpacked *unpacked)
{
}

/* The tool reads from where the descriptor stands. */
static GInputStream *
unpack(int fd, const char *tool, const char *path, GError **error)
{
    const char *const argv[] = {tool, "-dc", NULL};
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
        G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
    g_subprocess_launcher_take_stdin_fd(launcher, fd);
    g_autoptr(GError) local = NULL;
    g_autoptr(GSubprocess) process = g_subprocess_launcher_spawnv(launcher, argv, &local);
    if (!process) {
        vp_error_set(error, VP_ERROR_FAILED, "%s: cannot be run, which the save image takes: %s",
                     tool, local->message);
        return NULL;
    }
    Unpacked *unpacked =
        g_object_new(TYPE_UNPACKED, "base-stream", g_subprocess_get_stdout_pipe(process), NULL);
    unpacked->process = g_steal_pointer(&process);
    unpacked->path = g_strdup(path);
    return G_INPUT_STREAM(unpacked);
}

/* Bytes from where @fd stands to the end of the file. */
static guint64
bytes_left(int fd)
{
    off_t here = lseek(fd, 0, SEEK_CUR);
    off_t end = lseek(fd, 0, SEEK_END);
    lseek(fd, here, SEEK_SET);
    return end > here ? (guint64)(end - here) : 0;
}

VpSaveImage *
vp_save_image_open(const char *path, GError **error)
{
    vp_autofd int fd = open(path, O_RDONLY | O_CLOEXEC);
    Header header;
    if (fd < 0) {
        vp_error_set_errno(error, errno, "%s", path);
        return NULL;
    }
    if (!read_all(fd, &header, sizeof(header))) {
        set_unusable(path, "no save image of libvirt", error);
        return NULL;
    }
    g_autoptr(VpSaveImage) image = g_new0(VpSaveImage, 1);
    if (!check_header(&header, path, error) || !read_texts(image, &header, fd, path, error))
        return NULL;
    image->running = header.was_running != 0;
    const char *tool = unpackers[header.compression];
    image->size = tool ? 0 : bytes_left(fd);
    image->stream = tool ? unpack(g_steal_fd(&fd), tool, path, error)
                         : g_unix_input_stream_new(g_steal_fd(&fd), TRUE);
    return image->stream ? g_steal_pointer(&image) : NULL;
}

void
vp_save_image_free(VpSaveImage *image)
{
    if (!image)
        return;
    g_free(image->xml);
    g_free(image->cookie);
    g_clear_object(&image->stream);
    g_free(image);
}

GBytes *
vp_save_image_format_head(const char *xml, const char *cookie, gboolean running)
{
    gsize xml_length = strlen(xml) + 1;
    gsize cookie_length = cookie ? strlen(cookie) + 1 : 0;
    gsize data_length = xml_length + cookie_length + PADDING;
    Header header = {
        .version = FORMAT,
        .data_length = (guint32)data_length,
        .was_running = running,
        .cookie_offset = cookie ? (guint32)xml_length : 0,
    };
    memcpy(header.magic, MAGIC, sizeof(header.magic));
    char *head = g_malloc0(sizeof(header) + data_length);
    memcpy(head, &header, sizeof(header));
    memcpy(head + sizeof(header), xml, xml_length);
    if (cookie)
        memcpy(head + sizeof(header) + xml_length, cookie, cookie_length);
    return g_bytes_new_take(head, sizeof(header) + data_length);
}
