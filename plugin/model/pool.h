/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pool: what a storage pool of libvirt is to an import. */
#pragma once

#include "base/xml.h"

typedef enum {
    VP_POOL_FOLDER,  /* volumes are files in a folder: dir, fs, netfs */
    VP_POOL_BLOCK,   /* block devices that libvirt makes: logical, disk, zfs */
    VP_POOL_NETWORK, /* what QEMU reads over a network: rbd */
    VP_POOL_OTHER,   /* no volume can be made there, or none that QEMU is given this way */
} VpPoolKind;

typedef struct {
    char *name;
    char *type; /* "dir", "rbd" … */
    VpPoolKind kind;
    gboolean active;
    char *folder; /* where its volumes are found, or NULL */
    guint64 free; /* bytes; G_MAXUINT64 where it is not known */
    xmlDoc *xml;
} VpPoolFact;

/* The pool that @xml, taken over, describes. */
VpPoolFact *vp_pool_fact_new(xmlDoc *xml);
void vp_pool_fact_free(VpPoolFact *pool);

/* Absolute path of the volume @volume of a pool that has a folder; else NULL. Caller frees. */
char *vp_pool_get_path(const VpPoolFact *pool, const char *volume);

/* TRUE when the volumes of @pool are partitions, which have the names that the kernel gives them.
 */
gboolean vp_pool_has_partitions(const VpPoolFact *pool);

/* The name of partition @number of the disk of @pool; NULL where it cannot be told which number
 * the next one gets, or what it is called. Caller frees. */
char *vp_pool_get_partition(const VpPoolFact *pool, guint number);

/* The <source> that a disk on the volume @volume of a network pool gets, as the root of a
 * document; caller frees. */
xmlDoc *vp_pool_get_source(const VpPoolFact *pool, const char *volume);
