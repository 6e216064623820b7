/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pool: storage pools, and volumes that are made in them. */
#pragma once

#include "virt/connection.h"

typedef struct {
    char *name;
    char *xml;
    gboolean active;
    guint64 free; /* bytes; G_MAXUINT64 where it is not known */
} VpVirtPool;

/* All pools, by name: array of VpVirtPool that frees its members; an empty one where the driver
 * has none. */
GPtrArray *vp_pool_list(VpConnection *connection, GError **error);

/* Bytes free in the active pool @name, as it was refreshed last; G_MAXUINT64 where it is not
 * known. */
guint64 vp_pool_get_free(VpConnection *connection, const char *name);

/* TRUE when the active pool @pool has the volume @volume, once it was refreshed if need be. */
gboolean vp_volume_exists(VpConnection *connection, const char *pool, const char *volume);

/* The names of all volumes of @pool as it is now, sorted; NULL where it cannot be asked. Caller
 * frees. */
GStrv vp_volume_list(VpConnection *connection, const char *pool);

/* Makes a raw volume of @size bytes; with @partition it is one. Where that fails on the way, and
 * libvirt does not take it back, the error is VP_ERROR_PARTIAL and tells what is left. */
gboolean vp_volume_create(VpConnection *connection, const char *pool, const char *volume,
                          guint64 size, gboolean partition, GError **error);

/* Deletes the volume; one that is not there is no error. */
gboolean
vp_volume_delete(VpConnection *connection, const char *pool, const char *volume, GError **error);
