/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/container.h"
#include "base/fd.h"
#include "image/qcow2-format.h"
#include "image/serve.h"
#include "image/tool.h"

#include <errno.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Where a number stands in the header. */
#define AT(field) G_STRUCT_OFFSET(VpQcow2Header, field)

#define EXIT_LEAKS 3 /* of qemu-img check */

static guint32
get32(const guint8 *at)
{
    guint32 number;

    memcpy(&number, at, sizeof(number));
    return GUINT32_FROM_BE(number);
}

static guint64
get64(const guint8 *at)
{
    return (guint64)get32(at) << 32 | get32(at + 4);
}

static void
put32(guint8 *at, guint32 number)
{
    number = GUINT32_TO_BE(number);
    memcpy(at, &number, sizeof(number));
}

static void
put64(guint8 *at, guint64 number)
{
    put32(at, (guint32)(number >> 32));
    put32(at + 4, (guint32)number);
}

/* The first cluster that is being written anew. */
typedef struct {
    guint8 *bytes;
    gsize length;
    gsize used;
} Head;

static gboolean
append(Head *head, gconstpointer data, gsize length)
{
    gsize padded = (length + 7) / 8 * 8;

    if (padded > head->length - head->used)
        return FALSE;
    memcpy(head->bytes + head->used, data, length);
    head->used += padded;
    return TRUE;
}

static gboolean
append_extension(Head *head, guint32 type, gconstpointer data, guint32 length)
{
    guint8 start[8];

    put32(start, type);
    put32(start + 4, length);
    return append(head, start, sizeof(start)) && append(head, data, length);
}

/* Calls @visit with each extension of the header @old, until it says FALSE. */
static gboolean
foreach_extension(const guint8 *old, gsize length, gsize offset,
                  gboolean (*visit)(guint32 type, const guint8 *data, guint32 size, Head *head),
                  Head *head)
{
    guint64 backing = get64(old + AT(backing_file_offset));
    gsize end = backing > offset && backing < length ? (gsize)backing : length;

    while (offset + 8 <= end) {
        guint32 type = get32(old + offset);
        guint32 size = get32(old + offset + 4);

        offset += 8;
        if (type == VP_QCOW2_EXTENSION_END || size > end - offset)
            break;
        if (!visit(type, old + offset, size, head))
            return FALSE;
        offset = MIN(end, offset + (size + 7) / 8 * 8);
    }
    return TRUE;
}

/* All but what says the format of the backing file, and bitmaps: they are about the history
 * of another image. What they lie in is found to be free later. */
static gboolean
keep_extension(guint32 type, const guint8 *data, guint32 size, Head *head)
{
    return type == VP_QCOW2_EXTENSION_BACKING || type == VP_QCOW2_EXTENSION_BITMAPS ||
           append_extension(head, type, data, size);
}

static gboolean
is_no_bitmap(guint32 type, const guint8 *data, guint32 size, Head *head)
{
    return type != VP_QCOW2_EXTENSION_BITMAPS;
}

static gsize
header_length(const guint8 *old)
{
    return get32(old + AT(version)) < 3 ? VP_QCOW2_LENGTH_V2 : get32(old + AT(header_length));
}

/* The fixed part; version 2 becomes 3, with what 3 says of an image that does not know it. */
static gboolean
append_header(Head *head, const guint8 *old)
{
    gsize length = header_length(old);
    guint8 rest[VP_QCOW2_LENGTH_V3 - VP_QCOW2_LENGTH_V2] = {0};

    if (length > head->length || !append(head, old, length))
        return FALSE;
    if (length != VP_QCOW2_LENGTH_V2) {
        put64(head->bytes + AT(autoclear_features), 0);
        return TRUE;
    }
    put32(rest + AT(refcount_order) - VP_QCOW2_LENGTH_V2, 4);
    put32(rest + AT(header_length) - VP_QCOW2_LENGTH_V2, VP_QCOW2_LENGTH_V3);
    put32(head->bytes + AT(version), 3);
    return append(head, rest, sizeof(rest));
}

static gboolean
append_backing(Head *head, const VpBacking *backing)
{
    gsize length = backing ? strlen(backing->name) : 0;

    put64(head->bytes + AT(backing_file_offset), backing ? head->used : 0);
    put32(head->bytes + AT(backing_file_size), (guint32)length);
    return length <= VP_QCOW2_BACKING_NAME_MAX && (!backing || append(head, backing->name, length));
}

gboolean
vp_container_set_backing(guint8 *cluster, gsize length, const VpBacking *backing, const char *what,
                         GError **error)
{
    g_autofree guint8 *bytes = g_malloc0(length);
    const char *format = backing ? vp_image_format_to_string(backing->format) : "";
    Head head = {.bytes = bytes, .length = length};

    if (length < VP_QCOW2_LENGTH_V3 || !append_header(&head, cluster) ||
        (backing &&
         !append_extension(&head, VP_QCOW2_EXTENSION_BACKING, format, (guint32)strlen(format))) ||
        !foreach_extension(cluster, length, header_length(cluster), keep_extension, &head) ||
        !append_extension(&head, VP_QCOW2_EXTENSION_END, "", 0) ||
        !append_backing(&head, backing)) {
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: its header has no room for the name of a backing file", what);
        return FALSE;
    }
    memcpy(cluster, bytes, length);
    return TRUE;
}

typedef struct {
    VpDiskReader parent;
    VpDiskReader *file;
    guint8 *head;
    gsize length; /* of head */
} ContainerReader;

static gboolean
container_pread(VpDiskReader *reader, guint64 offset, gpointer buffer, gsize length, GError **error)
{
    const ContainerReader *container = (ContainerReader *)reader;

    if (!vp_disk_reader_pread(container->file, offset, buffer, length, error))
        return FALSE;
    if (offset < container->length)
        memcpy(buffer, container->head + offset, MIN(length, container->length - offset));
    return TRUE;
}

static gboolean
container_extent(VpDiskReader *reader, guint64 offset, VpExtent *ret_extent, GError **error)
{
    const ContainerReader *container = (ContainerReader *)reader;

    if (offset >= container->length)
        return vp_disk_reader_extent(container->file, offset, ret_extent, error);
    *ret_extent = (VpExtent){.length = container->length - offset};
    return TRUE;
}

/* What a new header takes the place of is not in the file. */
static int
container_get_file(const VpDiskReader *reader, guint64 *ret_from)
{
    const ContainerReader *container = (const ContainerReader *)reader;
    int fd = vp_disk_reader_get_file(container->file, ret_from);

    *ret_from = container->length;
    return fd;
}

static void
container_close(VpDiskReader *reader)
{
    ContainerReader *container = (ContainerReader *)reader;

    vp_disk_reader_close(container->file);
    g_free(container->head);
    g_free(container);
}

/* The first cluster of the qcow2 behind @file; caller frees. */
static guint8 *
read_head(VpDiskReader *file, gsize *ret_length, const char *what, GError **error)
{
    guint8 start[VP_QCOW2_LENGTH_V3];

    if (file->size < sizeof(start)) {
        vp_error_set(error, VP_ERROR_FAILED, "%s: too short for a qcow2 image", what);
        return NULL;
    }
    if (!vp_disk_reader_pread(file, 0, start, sizeof(start), error))
        return NULL;

    guint32 bits = get32(start + AT(cluster_bits));

    if (get32(start + AT(magic)) != VP_QCOW2_MAGIC || bits < VP_QCOW2_CLUSTER_BITS_MIN ||
        bits > VP_QCOW2_CLUSTER_BITS_MAX || file->size < (guint64)1 << bits) {
        vp_error_set(error, VP_ERROR_FAILED, "%s: no qcow2 image", what);
        return NULL;
    }
    *ret_length = (gsize)1 << bits;

    g_autofree guint8 *head = g_malloc(*ret_length);

    return vp_disk_reader_pread(file, 0, head, *ret_length, error) ? g_steal_pointer(&head) : NULL;
}

gboolean
vp_container_get_size(VpDiskReader *file, VpImageFormat format, guint64 *ret_size, const char *what,
                      GError **error)
{
    gsize length;
    g_autofree guint8 *head = NULL;

    if (format == VP_IMAGE_FORMAT_RAW) {
        *ret_size = file->size;
        return TRUE;
    }
    head = read_head(file, &length, what, error);
    if (head)
        *ret_size = get64(head + AT(size));
    return head != NULL;
}

static gboolean
is_as_wanted(const guint8 *head, gsize length, const VpBacking *backing)
{
    return !backing && get32(head + AT(version)) >= 3 &&
           get64(head + AT(backing_file_offset)) == 0 &&
           foreach_extension(head, length, header_length(head), is_no_bitmap, NULL);
}

VpDiskReader *
vp_container_wrap(VpDiskReader *reader, VpImageFormat format, const VpBacking *backing,
                  const char *what, GError **error)
{
    static const VpDiskReaderOps ops = {container_pread, container_extent, container_close,
                                        container_get_file};
    g_autoptr(VpDiskReader) file = reader;
    gsize length;

    if (format == VP_IMAGE_FORMAT_RAW)
        return g_steal_pointer(&file);

    g_autofree guint8 *head = read_head(file, &length, what, error);

    if (!head)
        return NULL;
    if (is_as_wanted(head, length, backing))
        return g_steal_pointer(&file);
    if (!vp_container_set_backing(head, length, backing, what, error))
        return NULL;

    ContainerReader *container = g_new0(ContainerReader, 1);

    container->parent = (VpDiskReader){&ops, file->size};
    container->file = g_steal_pointer(&file);
    container->head = g_steal_pointer(&head);
    container->length = length;
    return &container->parent;
}

static VpTool *
start_check(int tools_end, const VpRunAs *run_as, GError **error)
{
    g_autofree char *json =
        g_strdup_printf("json:{\"driver\":\"qcow2\",\"read-only\":true,\"backing\":null,\"file\":"
                        "{\"driver\":\"nbd\",\"server\":{\"type\":\"fd\",\"str\":\"%d\"}}}",
                        VP_TOOL_IMAGE);
    const char *argv[] = {"qemu-img", "check", "-q", "--", json, NULL};

    return vp_tool_start(
        &(VpToolSpec){
            .argv = argv, .listener = -1, .images = &tools_end, .n_images = 1, .run_as = run_as},
        error);
}

/* -1 where it could not be asked. */
static int
ask(int fd, const VpRunAs *run_as, const char *what, GError **error)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        vp_error_set_errno(error, errno, "%s", what);
        return -1;
    }

    vp_autofd int tools_end = ends[1];
    g_autoptr(VpServe) serve = vp_serve_start(fd, NULL, ends[0], error);
    g_autoptr(VpTool) tool = serve ? start_check(tools_end, run_as, error) : NULL;

    if (!tool)
        return -1;

    int status = vp_tool_wait_status(tool);

    if (status != 0 && status != EXIT_LEAKS)
        vp_tool_wait(tool, what, error);
    return status == EXIT_LEAKS ? status : status == 0 ? 0 : -1;
}

static gboolean
is_dirty(int fd)
{
    guint8 features[8];

    return vp_fd_pread_all(fd, AT(incompatible_features), features, sizeof(features)) &&
           (get64(features) & VP_QCOW2_DIRTY) != 0;
}

gboolean
vp_container_check(int fd, const VpRunAs *run_as, const char *what, gboolean *ret_untidy,
                   GError **error)
{
    int status = ask(fd, run_as, what, error);

    if (status < 0)
        return FALSE;
    *ret_untidy = status == EXIT_LEAKS || is_dirty(fd);
    return TRUE;
}

/* "json:{…}" of the file alone, whatever its header names. */
static char *
format_alone(const char *path)
{
    g_autoptr(JsonNode) file = json_node_new(JSON_NODE_VALUE);

    json_node_set_string(file, path);

    g_autofree char *name = json_to_string(file, FALSE);

    return g_strdup_printf("json:{\"driver\":\"qcow2\",\"backing\":null,\"file\":"
                           "{\"driver\":\"file\",\"filename\":%s}}",
                           name);
}

gboolean
vp_container_tidy(const char *path, GError **error)
{
    g_autofree char *json = format_alone(path);
    const char *argv[] = {"qemu-img", "check", "-q", "-r", "leaks", "--", json, NULL};

    return vp_process_run(argv, NULL, NULL, error);
}

gboolean
vp_container_delete_snapshot(const char *path, const char *name, GError **error)
{
    g_autofree char *json = format_alone(path);
    const char *argv[] = {"qemu-img", "snapshot", "-q", "-d", name, "--", json, NULL};

    return vp_process_run(argv, g_cancellable_get_current(), NULL, error);
}
