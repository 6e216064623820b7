/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tree: a machine with all its snapshots: the image files that any of its moments lies on,
 * each once, and the moments. A source makes it, a sink writes it: the files are copied as
 * they are.
 */
#pragma once

#include "model/machine.h"
#include "model/snapshot-xml.h"

typedef struct _VpTreeImage VpTreeImage;

/* Opens the bytes of the image's file. */
typedef VpDiskReader *(*VpTreeOpen)(VpTreeImage *image, GError **error);

struct _VpTreeImage {
    VpImage *entry;       /* as the manifest has it; a source of a domain knows less */
    char *target;         /* of the disk that it was found for */
    char *source;         /* where it lies, for people */
    guint64 bytes;        /* that a copy has to move, at most */
    GPtrArray *snapshots; /* of char *: names of its internal snapshots */
    VpTreeOpen open;
    gpointer data; /* for `open` */
    GDestroyNotify data_free;
};

typedef struct {
    VpMoment *entry; /* as the manifest has it, less what a sink adds */
    xmlDoc *xml;     /* libvirt's <domainsnapshot> */
    xmlDoc *definitions[VP_SNAPSHOT_DEFINITIONS]; /* of xml, in the order of
                                                     vp_snapshot_definitions; or NULL */
    VpMachine *machine; /* its disks, to be read as of then, and RAM that is no part of them */
} VpTreeMoment;

struct _VpTree {
    GPtrArray *images;  /* of VpTreeImage: what lies on others after those */
    GPtrArray *now;     /* of VpMomentDisk: how the disks of the machine lie on images */
    GPtrArray *moments; /* of VpTreeMoment: the snapshots, parents first */
};

VpTree *vp_tree_new(void);
void vp_tree_free(VpTree *tree);

/* Adds an image, or a snapshot; the caller fills the rest. */
VpTreeImage *vp_tree_add_image(VpTree *tree, VpImage *entry, const char *target);
VpTreeMoment *vp_tree_add_moment(VpTree *tree, VpMoment *entry);

/* Gives the snapshot its XML, which is taken over, and takes the definitions from there. */
void vp_tree_moment_set_xml(VpTreeMoment *moment, xmlDoc *xml);

VpTreeImage *vp_tree_find_image(const VpTree *tree, const char *id);

/* How the disk @target of now lies on an image, or NULL. */
VpMomentDisk *vp_tree_find_now(const VpTree *tree, const char *target);

/* TRUE when a snapshot holds the disk @target, or its images are needed by one. */
gboolean vp_tree_needs_disk(const VpTree *tree, const char *target);

/* Sum of the bytes that a copy has to move: images, and RAM that is no part of them. */
guint64 vp_tree_bytes(const VpTree *tree);
