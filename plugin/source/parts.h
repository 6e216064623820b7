/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* parts: the steps of opening a domain as a source, for source/ only. */
#pragma once

#include "host/paths.h"
#include "image/snapshot.h"
#include "model/domain.h"
#include "model/snapshot.h"
#include "source/source.h"
#include "virt/running.h"

/* A domain that is being opened. */
typedef struct {
    VpConnection *connection;
    VpVirtDomain *domain;
    const VpExportOptions *options;
    const VpSnapshot *snapshot; /* the moment, or NULL for now */
    xmlDoc *live;               /* the live definition, where the moment is now of a running
                                   domain, or NULL */
    gboolean active;            /* the domain runs, or is paused */
    xmlDoc *today;              /* the definition that the domain uses now, its disks in it */
    GPtrArray *snapshots;       /* of VpSnapshot: all of the domain, where any is opened */
    GHashTable *known;          /* of images, for vp_layer_resolve() */
    VpMachine *machine;
    VpReport *report;
    GCancellable *cancellable;
} VpOpening;

/* Whose daemon has the domain. */
VpScope vp_source_get_scope(const VpOpening *opening);

/* Fills machine->about from the domain XML, the daemon and the host. */
void vp_source_describe(const VpOpening *opening);

/* Opens every disk whose bytes belong to the machine; notes those left out. */
gboolean vp_source_open_disks(const VpOpening *opening, GError **error);

/* Why a disk stays out of the package; NULL when its bytes go in. */
const char *vp_source_reason_to_leave_out(const VpExportOptions *options, const VpDomainDisk *disk);

/* VP_ERROR_USAGE when --exclude names what is none of @disks. */
gboolean vp_source_check_excluded(const VpExportOptions *options, GPtrArray *disks, GError **error);

/* Opens a disk that nobody writes to, and adds it to the machine. */
gboolean vp_source_open_disk(const VpOpening *opening, const VpDomainDisk *disk, GError **error);

/* As vp_source_open_disks(), of a running domain: settles how its disks are read, and adds
 * them to the machine; vp_source_begin() opens them. */
gboolean vp_source_plan_live(const VpOpening *opening, GError **error);

/* Warns of every device that only one of the live and the inactive definition has, after
 * vp_source_join_disks(). */
void vp_source_join_definitions(const VpOpening *opening);

/* Adds the disks of @there, as which the machine ran, that the machine's definition does not know
 * to that, with their controllers. They are warned of, with @advice. */
void vp_source_join_disks(const VpOpening *opening, xmlDoc *there, const char *advice);

/* Warns that @what is in one definition only; @advice: in which, and what becomes of it. */
void vp_source_warn_differs(const VpOpening *opening, const char *resource, const char *what,
                            const char *advice);

/* The disks of the moment, after vp_source_join_disks(): those of @then, as which the machine ran,
 * and those that only the machine's definition has. They live as long as both. */
GPtrArray *vp_source_join_then(const VpOpening *opening, xmlDoc *then);

/* Reads the UEFI variables and the TPM's state as they are now. */
gboolean vp_source_read_state(const VpOpening *opening, GError **error);

/* Says of *@error that it is about @disk, and offers --exclude, unless another way out
 * stands there, such as a tool to install. */
void vp_source_blame_disk(const VpDomainDisk *disk, GError **error);

/* The chain of images of @disk, complete; @shared: a running domain may write to its top.
 * NULL with an error that offers --exclude. */
VpLayer *vp_source_find_layer(const VpOpening *opening, const VpDomainDisk *disk, gboolean shared,
                              GError **error);

/* The image that @disk names, without what it lies on. NULL where disks of its kind are not
 * read. */
VpLayer *vp_source_find_top(const VpOpening *opening, const VpDomainDisk *disk, GError **error);

/* How the snapshot that is opened holds @disk; none where the moment is now. */
VpSnapshotKind vp_source_kind_of_disk(const VpOpening *opening, const VpDomainDisk *disk);

/* Whether @other may have been made after @own, both of opening->snapshots: neither their times nor
 * their order says that it was not. */
gboolean
vp_source_is_later(const VpOpening *opening, const VpSnapshot *own, const VpSnapshot *other);

/* FALSE, with an error that offers --exclude, where @layer, the image of @disk, no longer
 * holds what it held at the moment, or where that cannot be told. It is open, and so
 * locked. */
gboolean vp_source_check_moment(const VpOpening *opening, const VpDomainDisk *disk,
                                const VpLayer *layer, GError **error);

/* The same of what the external snapshot put on top of @layer; @now: the disks that the domain has
 * now, of VpDomainDisk. */
gboolean vp_source_check_overlay(const VpOpening *opening, const VpDomainDisk *disk,
                                 const VpLayer *layer, GPtrArray *now, GError **error);

/* FALSE, with an error that offers --exclude, where the internal snapshot in the image @path of
 * @disk was made at another time than libvirt says: it is another of that name. */
gboolean vp_source_check_entry(const VpOpening *opening, const VpDomainDisk *disk, const char *path,
                               GError **error);

/* As vp_source_doubt_image(), of each layer of @layer, down to the end, that was written to after
 * the snapshot, as by a commit that was broken off, and of what is no file, of which nobody knows.
 * NULL for no layer. */
gboolean vp_source_check_written(const VpOpening *opening, const VpDomainDisk *disk,
                                 const VpLayer *layer, GError **error);

/* When libvirt wrote down what it notes of the snapshot that is opened, in nanoseconds since the
 * epoch: as the last step of making it, and again when it is not the last one any more. 0 where the
 * caller cannot see that. */
gint64 vp_source_find_noted(const VpOpening *opening);

/* Whether @layer, down to the end, is files that were there before the snapshot and have not been
 * written to since it began. */
gboolean vp_source_is_unwritten(const VpOpening *opening, const VpLayer *layer);

/* As vp_source_check_written(), of libvirt's save image of the snapshot, which is written before
 * its overlays are made: another RAM may have been saved there since. */
gboolean vp_source_check_save(const VpOpening *opening, GError **error);

/* Sets an error that @path, an image of @disk, does not hold the moment's bytes, for the reason
 * @why, and offers --exclude. FALSE. */
gboolean vp_source_refuse_image(const VpOpening *opening, const VpDomainDisk *disk,
                                const char *path, const char *why, GError **error);

/* By which the user says that images which may not hold the moment's bytes do. */
#define VP_TRUST_IMAGES "--trust-images"

/* The same of an image that may hold them: TRUE, with a warning, where the user trusts it; else
 * that is offered too. */
gboolean vp_source_doubt_image(const VpOpening *opening, const VpDomainDisk *disk, const char *path,
                               const char *why, GError **error);
void vp_source_warn_of_image(const VpOpening *opening, const VpDomainDisk *disk, const char *path,
                             const char *why);

/* The same of an image that lies elsewhere than at the moment: an import could make no tree of
 * that, whoever trusts it. */
gboolean vp_source_doubt_place(const VpOpening *opening, const VpDomainDisk *disk, const char *path,
                               const char *why, GError **error);

/* Lets the machine prove in the end that the internal snapshot in @layer was there, and the
 * same, all the time. */
gboolean vp_source_add_proof(const VpOpening *opening, const VpLayer *layer, GError **error);

/* Makes of VP_ERROR_NOT_FOUND in *@error, of the internal snapshot @name in @path, that it was
 * deleted: for one that was there when it was opened. */
void vp_source_explain_deleted(const char *path, const char *name, GError **error);

/* Gives @machine the RAM in libvirt's save image @path; its definition with secrets or
 * without. */
gboolean vp_source_take_save_image(VpConnection *connection, VpMachine *machine, const char *path,
                                   gboolean secrets, GError **error);

/* Gives the machine, which is that of now, all its snapshots. */
gboolean vp_source_open_tree(const VpOpening *opening, GError **error);

/* Gives the machine the RAM of the moment, if it has any and it is wanted; that of a running
 * domain's now is taken later, with the disks. */
gboolean vp_source_find_ram(const VpOpening *opening, GError **error);
