/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pack/stream.h"
#include "base/fd.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <zstd.h>

#define CHUNK      (256 * 1024) /* bytes moved at once */
#define WINDOW_MAX 27           /* log2 of bytes that a stranger's stream may make us keep */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZSTD_CCtx, ZSTD_freeCCtx)

static EVP_MD_CTX *
sha256_new(void)
{
    EVP_MD_CTX *hash = EVP_MD_CTX_new();
    EVP_DigestInit_ex(hash, EVP_sha256(), NULL);
    return hash;
}

/* 64 hexadecimal digits; caller frees. */
static char *
sha256_finish(EVP_MD_CTX *hash)
{
    guint8 digest[32];
    EVP_DigestFinal_ex(hash, digest, NULL);
    GString *text = g_string_sized_new(2 * sizeof(digest));
    for (gsize i = 0; i < sizeof(digest); i++)
        g_string_append_printf(text, "%02x", digest[i]);
    return g_string_free(text, FALSE);
}

typedef struct {
    const char *path; /* for messages */
    int fd;
    EVP_MD_CTX *hash;
    ZSTD_CCtx *packer;
    guint64 size; /* bytes written */
    char *packed; /* CHUNK bytes */
} Packing;

/* Many threads give the same bytes as one; where libzstd has none, it works without. */
static ZSTD_CCtx *
packer_new(void)
{
    ZSTD_CCtx *packer = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(packer, ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_setParameter(packer, ZSTD_c_nbWorkers, (int)g_get_num_processors());
    return packer;
}

static gboolean
write_packed(Packing *packing, gsize length, GError **error)
{
    for (gsize done = 0; done < length;) {
        gssize count = write(packing->fd, packing->packed + done, length - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0) {
            vp_error_set_errno(error, errno, "%s", packing->path);
            return FALSE;
        }
        done += (gsize)count;
    }
    EVP_DigestUpdate(packing->hash, packing->packed, length);
    packing->size += length;
    return TRUE;
}

/* Packs all of @input; with @end also what libzstd holds back. */
static gboolean
pack(Packing *packing, ZSTD_inBuffer input, gboolean end, GError **error)
{
    for (;;) {
        ZSTD_outBuffer output = {packing->packed, CHUNK, 0};
        gsize left = ZSTD_compressStream2(packing->packer, &output, &input,
                                          end ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left)) {
            vp_error_set(error, VP_ERROR_FAILED, "%s: cannot be packed: %s", packing->path,
                         ZSTD_getErrorName(left));
            return FALSE;
        }
        if (!write_packed(packing, output.pos, error))
            return FALSE;
        if (end ? left == 0 : input.pos == input.size)
            return TRUE;
    }
}

static gboolean
pack_all(Packing *packing, GInputStream *stream, VpMeter *meter, GCancellable *cancellable,
         guint64 *ret_size, GError **error)
{
    g_autofree char *chunk = g_malloc(CHUNK);
    guint64 size = 0;
    for (;;) {
        gsize length;
        if (!vp_check_cancelled(cancellable, error) ||
            !g_input_stream_read_all(stream, chunk, CHUNK, &length, NULL, error) ||
            !pack(packing, (ZSTD_inBuffer){chunk, length, 0}, length < CHUNK, error))
            return FALSE;
        vp_meter_advance(meter, length);
        size += length;
        if (length < CHUNK)
            break;
    }
    *ret_size = size;
    return TRUE;
}

VpMember *
vp_package_writer_add_stream(VpPackageWriter *writer, const char *name, GInputStream *stream,
                             VpMeter *meter, GCancellable *cancellable, guint64 *ret_size,
                             GError **error)
{
    g_autofree char *path = vp_package_writer_reserve(writer, name, error);
    if (!path)
        return NULL;
    vp_autofd int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        vp_error_set_errno(error, errno, "%s", path);
        return NULL;
    }
    g_autoptr(EVP_MD_CTX) hash = sha256_new();
    g_autoptr(ZSTD_CCtx) packer = packer_new();
    g_autofree char *packed = g_malloc(CHUNK);
    Packing packing = {.path = name, .fd = fd, .hash = hash, .packer = packer, .packed = packed};
    if (!pack_all(&packing, stream, meter, cancellable, ret_size, error))
        return NULL;
    if (fsync(fd) < 0) {
        vp_error_set_errno(error, errno, "%s", path);
        return NULL;
    }
    g_autofree char *digest = sha256_finish(hash);
    return vp_member_new(name, packing.size, digest);
}

struct _Unpacking {
    GInputStream parent;
    char *name; /* for messages */
    int fd;
    char *digest; /* that the member must have */
    guint64 left; /* bytes still to come out */
    EVP_MD_CTX *hash;
    ZSTD_DCtx *unpacker;
    char *packed; /* CHUNK bytes */
    ZSTD_inBuffer input;
    gboolean open_frame; /* in the middle of a frame */
    gboolean holds_more; /* libzstd may give more without more input */
    gboolean proved;     /* the end was reached, and all was right */
};

#define TYPE_UNPACKING (unpacking_get_type())
G_DECLARE_FINAL_TYPE(Unpacking, unpacking, PACK, UNPACKING, GInputStream)
G_DEFINE_TYPE(Unpacking, unpacking, G_TYPE_INPUT_STREAM)

static gssize
set_damaged(const Unpacking *unpacking, GError **error)
{
    vp_error_set(error, VP_ERROR_DAMAGED, "%s: is not what the manifest says", unpacking->name);
    return -1;
}

/* *@ret_end at the end of the member. */
static gboolean
refill(Unpacking *unpacking, gboolean *ret_end, GError **error)
{
    gssize count;
    do
        count = read(unpacking->fd, unpacking->packed, CHUNK);
    while (count < 0 && errno == EINTR);
    if (count < 0) {
        vp_error_set_errno(error, errno, "%s", unpacking->name);
        return FALSE;
    }
    EVP_DigestUpdate(unpacking->hash, unpacking->packed, (gsize)count);
    unpacking->input = (ZSTD_inBuffer){unpacking->packed, (gsize)count, 0};
    *ret_end = count == 0;
    return TRUE;
}

static gssize
check_end(Unpacking *unpacking, GError **error)
{
    if (!unpacking->proved) {
        g_autofree char *digest = sha256_finish(unpacking->hash);
        if (unpacking->left > 0 || unpacking->open_frame || !g_str_equal(digest, unpacking->digest))
            return set_damaged(unpacking, error);
    }
    unpacking->proved = TRUE;
    return 0;
}

static gboolean
unpack(Unpacking *unpacking, ZSTD_outBuffer *output, GError **error)
{
    gsize hint = ZSTD_decompressStream(unpacking->unpacker, output, &unpacking->input);
    if (ZSTD_isError(hint) || output->pos > unpacking->left) {
        set_damaged(unpacking, error);
        return FALSE;
    }
    unpacking->open_frame = hint != 0;
    unpacking->holds_more = hint != 0 && output->pos == output->size;
    return TRUE;
}

static gssize
unpacking_read(GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable,
               GError **error)
{
    Unpacking *unpacking = PACK_UNPACKING(stream);
    ZSTD_outBuffer output = {buffer, count, 0};
    while (output.pos == 0) {
        gboolean end = FALSE;
        gboolean drained = unpacking->input.pos == unpacking->input.size;
        if (drained && !unpacking->holds_more && !refill(unpacking, &end, error))
            return -1;
        if (end)
            return check_end(unpacking, error);
        if (!unpack(unpacking, &output, error))
            return -1;
    }
    unpacking->left -= output.pos;
    return (gssize)output.pos;
}

static void
unpacking_finalize(GObject *object)
{
    Unpacking *unpacking = PACK_UNPACKING(object);
    vp_fd_clear(&unpacking->fd);
    g_free(unpacking->name);
    g_free(unpacking->digest);
    g_free(unpacking->packed);
    EVP_MD_CTX_free(unpacking->hash);
    ZSTD_freeDCtx(unpacking->unpacker);
    G_OBJECT_CLASS(unpacking_parent_class)->finalize(object);
}

static void
unpacking_class_init(UnpackingClass *class)
{
    G_OBJECT_CLASS(class)->finalize = unpacking_finalize;
    G_INPUT_STREAM_CLASS(class)->read_fn = unpacking_read;
}

static void
unpacking_init(Unpacking *unpacking)
{
    unpacking->hash = sha256_new();
    unpacking->packed = g_malloc(CHUNK);
    unpacking->unpacker = ZSTD_createDCtx();
    ZSTD_DCtx_setParameter(unpacking->unpacker, ZSTD_d_windowLogMax, WINDOW_MAX);
}

GInputStream *
vp_package_open_stream(const VpPackage *package, const VpMember *member, guint64 size,
                       GError **error)
{
    vp_autofd int fd = vp_package_open_member(package, member->name, member->size, error);
    if (fd < 0)
        return NULL;
    Unpacking *unpacking = g_object_new(TYPE_UNPACKING, NULL);
    unpacking->fd = g_steal_fd(&fd);
    unpacking->name =
        g_strdup_printf("%s: the member %s", vp_package_get_path(package), member->name);
    unpacking->digest = g_strdup(member->digest);
    unpacking->left = size;
    return G_INPUT_STREAM(unpacking);
}
