/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * open: readers and writers for images. Where QEMU's drivers are needed, a qemu-nbd
 * serves NBD on a private unix socket and libnbd speaks to it.
 */
#pragma once

#include "base/disk.h"
#include "base/process.h"

/* Where one layer of a disk of this host lies. */
typedef enum {
    VP_LAYER_FILE,
    VP_LAYER_BLOCK,
    VP_LAYER_NETWORK,
} VpLayerKind;

typedef struct _VpLayer VpLayer;
struct _VpLayer {
    VpLayerKind kind;
    char *path;       /* absolute, for file and block */
    char *json;       /* for network: QEMU's protocol layer, a JSON object {"driver":"nbd",…} */
    char *format;     /* QEMU's block driver: "qcow2", "raw", "vmdk" … */
    VpLayer *backing; /* the layer below, or NULL */
    gboolean ends;    /* nothing lies below, whatever the image's header says */
    gboolean shared;  /* a running domain may write to it: only what it does not change, an
                         internal snapshot or the header, is read */
};

VpLayer *vp_layer_new_file(const char *path, const char *format);
VpLayer *vp_layer_new_block(const char *path, const char *format);
VpLayer *vp_layer_new_network(const char *json, const char *format);
void vp_layer_free(VpLayer *layer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpLayer, vp_layer_free)

/* Completes the chain below @layer: every layer that has no explicit backing is
 * probed, and what its header names is added, with its format. Refuses, naming the
 * file, a layer that is missing (VP_ERROR_NOT_FOUND), in use by a running domain,
 * encrypted, keeps its data in another file, or does not say its backing format, and
 * more than 200 layers (VP_ERROR_FAILED). @known may be NULL. */
gboolean
vp_layer_resolve(VpLayer *layer, GHashTable *known, GCancellable *cancellable, GError **error);

/* What probing told of files, for vp_layer_resolve(): a file that did not change since is probed
 * once. Caller unrefs. */
GHashTable *vp_layer_known_new(void);

/* Pure: QEMU's "json:{…}" file name of the whole chain, read-only, the last layer
 * with "backing":null where its format knows backing files; caller frees. */
char *vp_layer_format_json(const VpLayer *layer);

/* Opens a disk of this host read-only, its locks honoured; with @snapshot (may be
 * NULL) the internal snapshot of that name of the top layer. As the caller. */
VpDiskReader *vp_image_open(const VpLayer *layer, const char *snapshot, GError **error);

/* Opens the image of a package that is open read-only at @fd, which stays the
 * caller's; vp_header_check() has passed. No backing file is followed. QEMU's
 * tool runs as @run_as, under limits of memory and processor time, and gets the
 * bytes through a socket: neither the path nor the file. The file offset of @fd
 * may be moved. */
VpDiskReader *vp_image_open_fd(int fd, VpImageFormat format, const VpRunAs *run_as, GError **error);

/* One layer of a chain that is open read-only. */
typedef struct {
    int fd;
    VpImageFormat format;
} VpImageFd;

/* A chain of no layer yet: an array of VpImageFd that closes them when it is freed. */
GArray *vp_image_chain_new(void);

/* As vp_image_open_fd(), of a disk that lies on several images, the top one first: what
 * their headers name is not followed. With @snapshot (may be NULL) the internal snapshot of
 * that name of the top one. */
VpDiskReader *vp_image_open_chain(const VpImageFd *layers, guint n_layers, const char *snapshot,
                                  const VpRunAs *run_as, GError **error);

/* What a new image is to be. */
typedef struct {
    VpImageFormat format;
    guint64 virtual_size; /* bytes */
    gboolean compress;    /* qcow2: zstd clusters */
    const char *backing;  /* qcow2 that is not compressed: absolute path of what it lies on, or
                             NULL; outlives the writer */
    VpImageFormat backing_format;
    uid_t uid; /* (uid_t)-1 keeps the caller's */
    gid_t gid;
    mode_t mode;
} VpImageSpec;

/* Makes a new image beside @path: it gets that name when the writer is committed.
 * Never replaces a file. Writing the same bytes in the same order gives a file of
 * the same bytes. */
VpDiskWriter *vp_image_create(const char *path, const VpImageSpec *spec, GError **error);
