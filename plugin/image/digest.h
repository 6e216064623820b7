/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * digest: the content digest of a disk: what the guest sees, whatever the image
 * format. SHA-256 over the SHA-256 of every 64 KiB block, a last short block as
 * it is, then the length of the disk as 8 bytes little endian. This is the
 * blkhash construction (Soffer and Waisbard, "blkhash: Fast Disk Image
 * Checksums", SECRYPT 2024); blksum(1) agrees.
 */
#pragma once

#include "base/error.h"

#define VP_DIGEST_BLOCK  (64 * 1024) /* bytes */
#define VP_DIGEST_LENGTH 32          /* bytes of a SHA-256 */
#define VP_DIGEST_HEX    65          /* characters, with the NUL */

typedef struct _VpDigest VpDigest;

VpDigest *vp_digest_new(void);
void vp_digest_free(VpDigest *digest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpDigest, vp_digest_free)

/* SHA-256 of @length bytes at @data into @ret_hash (32 bytes): the digest of one
 * block. Any thread. */
void vp_digest_hash_block(gconstpointer data, gsize length, guint8 *ret_hash);

/* Adds the hash of the next block of @length bytes (64 KiB but for the last). */
void vp_digest_add_block(VpDigest *digest, const guint8 *hash, gsize length);

/* Adds @length zero bytes; starts on a block's boundary. */
void vp_digest_add_zeros(VpDigest *digest, guint64 length);

/* Ends it: 64 hexadecimal digits and a NUL into @ret_hex. */
void vp_digest_finish(VpDigest *digest, char ret_hex[VP_DIGEST_HEX]);
