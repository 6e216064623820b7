/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Just enough of the NBD protocol (doc/proto.md of the NetworkBlockDevice project)
 * for QEMU's client. The client has read a hostile image and may be hostile
 * itself: every length is bounded, and what is not expected ends the connection.
 */
#include "image/serve.h"
#include "base/fd.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define MAGIC_SERVER  G_GUINT64_CONSTANT(0x4e42444d41474943) /* NBDMAGIC */
#define MAGIC_OPTION  G_GUINT64_CONSTANT(0x49484156454f5054) /* IHAVEOPT */
#define MAGIC_ANSWER  G_GUINT64_CONSTANT(0x0003e889045565a9)
#define MAGIC_REQUEST 0x25609513
#define MAGIC_REPLY   0x67446698

#define FLAG_FIXED_NEWSTYLE 1
#define FLAG_HAS_FLAGS      1
#define FLAG_READ_ONLY      2

#define OPTION_INFO 6
#define OPTION_GO   7

#define ANSWER_ACK         1
#define ANSWER_INFO        3
#define ANSWER_UNSUPPORTED 0x80000001u

#define COMMAND_READ 0

#define ERROR_INVALID 22

#define OPTION_MAX 4096 /* bytes of an option's data */
#define SECTOR     512
#define READ_MAX   (32 * 1024 * 1024) /* bytes of one request */

struct _VpServe {
    int fd;
    int socket;
    guint64 file_size;
    guint64 size; /* what the client sees */
    VpServeBlank blank;
    GThread *thread;
};

typedef struct {
    guint64 magic;
    guint32 option;
    guint32 length;
} __attribute__((packed)) Option;

typedef struct {
    guint64 magic;
    guint32 option;
    guint32 answer;
    guint32 length;
} __attribute__((packed)) Answer;

typedef struct {
    guint16 type; /* 0: the export */
    guint64 size;
    guint16 flags;
} __attribute__((packed)) ExportInfo;

typedef struct {
    guint32 magic;
    guint16 flags;
    guint16 command;
    guint64 cookie;
    guint64 offset;
    guint32 length;
} __attribute__((packed)) Request;

typedef struct {
    guint32 magic;
    guint32 error;
    guint64 cookie;
} __attribute__((packed)) Reply;

static gboolean
get(const VpServe *serve, gpointer buffer, gsize length)
{
    for (gsize done = 0; done < length;) {
        gssize got = recv(serve->socket, (char *)buffer + done, length - done, MSG_WAITALL);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return FALSE;
        done += (gsize)got;
    }
    return TRUE;
}

static gboolean
put(const VpServe *serve, gconstpointer buffer, gsize length, gboolean more)
{
    int flags = MSG_NOSIGNAL | (more ? MSG_MORE : 0);

    for (gsize done = 0; done < length;) {
        gssize sent = send(serve->socket, (const char *)buffer + done, length - done, flags);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return FALSE;
        done += (gsize)sent;
    }
    return TRUE;
}

static gboolean
put_answer(const VpServe *serve, guint32 option, guint32 answer, gconstpointer data, guint32 length)
{
    Answer head = {
        .magic = GUINT64_TO_BE(MAGIC_ANSWER),
        .option = GUINT32_TO_BE(option),
        .answer = GUINT32_TO_BE(answer),
        .length = GUINT32_TO_BE(length),
    };

    return put(serve, &head, sizeof(head), length > 0) && put(serve, data, length, FALSE);
}

static gboolean
describe(const VpServe *serve, guint32 option)
{
    ExportInfo info = {
        .size = GUINT64_TO_BE(serve->size),
        .flags = GUINT16_TO_BE(FLAG_HAS_FLAGS | FLAG_READ_ONLY),
    };

    return put_answer(serve, option, ANSWER_INFO, &info, sizeof(info)) &&
           put_answer(serve, option, ANSWER_ACK, NULL, 0);
}

/* Answers options until the client goes; FALSE when it does not come that far. */
static gboolean
negotiate(const VpServe *serve)
{
    guint8 data[OPTION_MAX];
    Option option;

    while (get(serve, &option, sizeof(option))) {
        guint32 code = GUINT32_FROM_BE(option.option);
        guint32 length = GUINT32_FROM_BE(option.length);

        if (option.magic != GUINT64_TO_BE(MAGIC_OPTION) || length > sizeof(data) ||
            !get(serve, data, length))
            return FALSE;

        gboolean known = code == OPTION_INFO || code == OPTION_GO;

        if (!(known ? describe(serve, code) : put_answer(serve, code, ANSWER_UNSUPPORTED, NULL, 0)))
            return FALSE;
        if (code == OPTION_GO)
            return TRUE;
    }
    return FALSE;
}

static gboolean
greet(const VpServe *serve)
{
    struct {
        guint64 magic;
        guint64 option_magic;
        guint16 flags;
    } __attribute__((packed)) greeting = {
        .magic = GUINT64_TO_BE(MAGIC_SERVER),
        .option_magic = GUINT64_TO_BE(MAGIC_OPTION),
        .flags = GUINT16_TO_BE(FLAG_FIXED_NEWSTYLE),
    };
    guint32 client_flags;

    return put(serve, &greeting, sizeof(greeting), FALSE) &&
           get(serve, &client_flags, sizeof(client_flags));
}

/* From the page cache into the socket, with no copy of ours between. */
static gboolean
send_bytes(const VpServe *serve, guint64 offset, guint64 length)
{
    off_t position = (off_t)offset;

    for (guint64 left = length; left > 0;) {
        gssize sent = sendfile(serve->socket, serve->fd, &position, left);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return FALSE;
        left -= (guint64)sent;
    }
    return TRUE;
}

/* What lies behind the file's end, up to the next sector, is zeros. */
static gboolean
send_file(const VpServe *serve, guint64 offset, gsize length)
{
    static const guint8 zeros[SECTOR];
    guint64 end = offset + length;
    guint64 file_end = CLAMP(serve->file_size, offset, end);
    guint64 blank = CLAMP(serve->blank.offset, offset, file_end);
    guint64 blank_end = CLAMP(serve->blank.offset + serve->blank.length, blank, file_end);

    return send_bytes(serve, offset, blank - offset) &&
           put(serve, zeros, blank_end - blank, blank_end < end) &&
           send_bytes(serve, blank_end, file_end - blank_end) &&
           put(serve, zeros, end - file_end, FALSE);
}

static gboolean
reply(const VpServe *serve, const Request *request)
{
    guint64 offset = GUINT64_FROM_BE(request->offset);
    guint32 length = GUINT32_FROM_BE(request->length);
    gboolean valid = request->command == GUINT16_TO_BE(COMMAND_READ) && length <= READ_MAX &&
                     offset <= serve->size && length <= serve->size - offset;
    Reply head = {
        .magic = GUINT32_TO_BE(MAGIC_REPLY),
        .error = GUINT32_TO_BE(valid ? 0 : ERROR_INVALID),
        .cookie = request->cookie,
    };

    if (!put(serve, &head, sizeof(head), valid && length > 0))
        return FALSE;
    /* A read error comes too late for an error reply: the connection ends. */
    return !valid || send_file(serve, offset, length);
}

static gpointer
serve_thread(gpointer data)
{
    VpServe *serve = data;
    Request request;

    if (!greet(serve) || !negotiate(serve))
        return NULL;
    while (get(serve, &request, sizeof(request))) {
        if (request.magic != GUINT32_TO_BE(MAGIC_REQUEST) || !reply(serve, &request))
            break;
    }
    shutdown(serve->socket, SHUT_RDWR);
    return NULL;
}

VpServe *
vp_serve_start(int fd, const VpServeBlank *blank, int socket, GError **error)
{
    g_autoptr(VpServe) serve = g_new0(VpServe, 1);
    struct stat st;

    serve->socket = socket;
    serve->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (serve->fd < 0 || fstat(serve->fd, &st) < 0) {
        vp_error_set_errno(error, errno, "cannot pass a descriptor");
        return NULL;
    }
    serve->file_size = (guint64)st.st_size;
    if (blank)
        serve->blank = *blank;
    /* QEMU 7.2 never ends a read at the end of a disk that is no multiple of a
     * sector, as compressed images are. */
    serve->size = (serve->file_size + SECTOR - 1) / SECTOR * SECTOR;
    serve->thread = g_thread_try_new("vp-serve", serve_thread, serve, error);
    return serve->thread ? g_steal_pointer(&serve) : NULL;
}

void
vp_serve_free(VpServe *serve)
{
    if (!serve)
        return;
    shutdown(serve->socket, SHUT_RDWR);
    if (serve->thread)
        g_thread_join(serve->thread);
    vp_fd_clear(&serve->socket);
    vp_fd_clear(&serve->fd);
    g_free(serve);
}
