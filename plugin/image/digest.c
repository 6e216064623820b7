/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/digest.h"

#include <openssl/evp.h>
#include <string.h>

#define ZERO_RUN 4096 /* hashes of blocks of zeros fed at once */

struct _VpDigest {
    EVP_MD_CTX *outer;
    guint64 length; /* bytes of the disk so far */
};

/* libcrypto fails here only without memory or without SHA-256: nothing to go on with. */
static void
require(int ok)
{
    if (ok != 1)
        g_error("libcrypto: SHA-256 is not to be had");
}

static EVP_MD_CTX *
context_new(void)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    require(context && EVP_DigestInit_ex(context, EVP_sha256(), NULL));
    return context;
}

static void
context_free(gpointer context)
{
    EVP_MD_CTX_free(context);
}

/* Kept for the life of a thread: looking the algorithm up costs as much as a small block. */
static GPrivate thread_context = G_PRIVATE_INIT(context_free);

void
vp_digest_hash_block(gconstpointer data, gsize length, guint8 *ret_hash)
{
    EVP_MD_CTX *context = g_private_get(&thread_context);

    if (!context) {
        context = context_new();
        g_private_set(&thread_context, context);
    }
    require(EVP_DigestInit_ex(context, NULL, NULL));
    require(EVP_DigestUpdate(context, data, length));
    require(EVP_DigestFinal_ex(context, ret_hash, NULL));
}

VpDigest *
vp_digest_new(void)
{
    VpDigest *digest = g_new0(VpDigest, 1);

    digest->outer = context_new();
    return digest;
}

void
vp_digest_free(VpDigest *digest)
{
    if (!digest)
        return;
    EVP_MD_CTX_free(digest->outer);
    g_free(digest);
}

void
vp_digest_add_block(VpDigest *digest, const guint8 *hash, gsize length)
{
    require(EVP_DigestUpdate(digest->outer, hash, VP_DIGEST_LENGTH));
    digest->length += length;
}

static void
hash_zeros(gsize length, guint8 *ret_hash)
{
    g_autofree guint8 *zeros = g_malloc0(length);

    vp_digest_hash_block(zeros, length, ret_hash);
}

/* ZERO_RUN times the hash of a whole block of zeros. */
static const guint8 *
zero_hashes(void)
{
    static gsize ready;
    static guint8 *hashes;

    if (g_once_init_enter(&ready)) {
        hashes = g_malloc(ZERO_RUN * VP_DIGEST_LENGTH);
        hash_zeros(VP_DIGEST_BLOCK, hashes);
        for (gsize i = 1; i < ZERO_RUN; i++)
            memcpy(hashes + i * VP_DIGEST_LENGTH, hashes, VP_DIGEST_LENGTH);
        g_once_init_leave(&ready, 1);
    }
    return hashes;
}

void
vp_digest_add_zeros(VpDigest *digest, guint64 length)
{
    guint64 blocks = length / VP_DIGEST_BLOCK;
    gsize rest = length % VP_DIGEST_BLOCK;
    guint8 hash[VP_DIGEST_LENGTH];

    while (blocks > 0) {
        gsize run = MIN(blocks, ZERO_RUN);

        require(EVP_DigestUpdate(digest->outer, zero_hashes(), run * VP_DIGEST_LENGTH));
        blocks -= run;
    }
    digest->length += length - rest;
    if (rest == 0)
        return;
    hash_zeros(rest, hash);
    vp_digest_add_block(digest, hash, rest);
}

void
vp_digest_finish(VpDigest *digest, char ret_hex[VP_DIGEST_HEX])
{
    guint64 length = GUINT64_TO_LE(digest->length);
    guint8 hash[VP_DIGEST_LENGTH];

    require(EVP_DigestUpdate(digest->outer, &length, sizeof(length)));
    require(EVP_DigestFinal_ex(digest->outer, hash, NULL));
    for (gsize i = 0; i < VP_DIGEST_LENGTH; i++)
        g_snprintf(ret_hex + 2 * i, 3, "%02x", hash[i]);
}
