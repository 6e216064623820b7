/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * virt-porter.h: moves virtual machines of KVM hosts in and out of packages.
 *
 * The one public header of libvirt-porter. Each operation takes a struct of
 * options, all of them optional unless said, and is the whole story of one
 * command of virt-porter(1): the options are explained there. Strings in option
 * structs stay the caller's; results are the caller's to free.
 *
 * No function prints, exits or touches signal handlers. Every function that can
 * fail takes a GError; its domain is VP_ERROR unless said. Operations can be
 * cancelled through their GCancellable from any thread, and then leave the host
 * as it was.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What went wrong, as far as a caller acts on it; the exit status of the command
 * stands behind each. */
typedef enum {
    VP_ERROR_FAILED,      /* 1: input or output, daemon, tool */
    VP_ERROR_NOT_FOUND,   /* 1: no such domain, snapshot or file */
    VP_ERROR_USAGE,       /* 2: an option that is malformed or fits nothing here */
    VP_ERROR_FINDINGS,    /* 3: the report has an error finding */
    VP_ERROR_DAMAGED,     /* 4: package incomplete, damaged or not valid */
    VP_ERROR_VERSION,     /* 4: package of a newer major version */
    VP_ERROR_UNSAFE,      /* 5: package breaks a rule of names, images or XML */
    VP_ERROR_PARTIAL,     /* 6: done or undone only in part */
    VP_ERROR_INTERRUPTED, /* 128 + signal: cancelled */
} VpErrorCode;

#define VP_ERROR (vp_error_quark())
GQuark vp_error_quark(void);

/* The exit status that stands for @error: 1 to 6; 130 for one that was cancelled
 * (the caller knows its signal better). */
int vp_error_exit_status(const GError *error);

/* What would settle @error, an option or a command each, NULL-terminated; NULL
 * when nothing is known. Owned by @error. */
const char *const *vp_error_get_fix(const GError *error);

/* A finding: one line of the report of an import. */
typedef enum {
    VP_LEVEL_NOTE,
    VP_LEVEL_WARNING,
    VP_LEVEL_ERROR,
} VpLevel;

typedef struct {
    const char *code; /* stable: "name-taken", "power-refused" … */
    VpLevel level;
    const char *resource;   /* "domain", "disk:vda", "nic:0", "nvram", "tpm", "file:PATH" */
    const char *place;      /* where in the domain XML, or NULL */
    const char *message;    /* names the thing, what is wrong, what to do */
    const char *const *fix; /* options that settle it, NULL-terminated; may be empty */
} VpFinding;

/* How far an operation is; sizes in bytes. */
typedef struct {
    const char *phase;    /* "copy", "verify", "backup" */
    const char *resource; /* "disk:vda" … */
    guint64 done;         /* of the whole phase */
    guint64 total;
    guint64 bytes_per_second;
    gint64 seconds_left; /* -1 while unknown */
} VpProgress;

/* Who is told while an operation runs; either function may be NULL. Called in
 * the thread of the operation, progress at most five times a second. */
typedef struct {
    void (*progress)(const VpProgress *progress, gpointer data);
    void (*finding)(const VpFinding *finding, gpointer data);
    gpointer data;
} VpObserver;

/* The manifest: package.xml as data. See virt-porter-package(5). */
typedef enum {
    VP_CONSISTENCY_OFF,
    VP_CONSISTENCY_CRASH,
    VP_CONSISTENCY_QUIESCED,
    VP_CONSISTENCY_RAM,
} VpConsistency;

typedef enum {
    VP_IMAGE_FORMAT_QCOW2,
    VP_IMAGE_FORMAT_RAW,
} VpImageFormat;

/* A file of the package that is no disk image. */
typedef struct {
    char *name;   /* relative to the package: "domain.xml", "tpm/tpm2-00.permall" */
    guint64 size; /* bytes */
    char *digest; /* SHA-256, 64 hexadecimal digits */
} VpMember;

typedef struct {
    char *id;     /* "vda" */
    char *member; /* "disks/vda.qcow2" */
    VpImageFormat format;
    guint64 virtual_size; /* bytes that the guest sees */
    guint64 file_size;    /* bytes of the member */
    guint64 allocated;    /* bytes of 64 KiB guest blocks that are not zero; of a file that was
                             kept as it was, of that file */
    char *backing;        /* id of the image below, or NULL */
    char *file_digest;    /* of a file that was kept as it was: as a content digest, but of the
                             file itself; else NULL */
} VpImage;

typedef struct {
    char *target;   /* "vda" */
    char *image;    /* id of its image */
    char *snapshot; /* internal snapshot of that image, or NULL */
    char *overlay;  /* id of the image that an external snapshot put on top of it, or NULL */
    char *digest;   /* content digest, 64 hexadecimal digits; NULL where the snapshot left the
                       disk out, and its bytes of the moment are gone */
} VpMomentDisk;

/* The RAM of a moment. */
typedef struct {
    VpMember *description; /* "ram.xml": the definition of that instant */
    VpMember *stream;      /* "ram.zst": QEMU's migration stream in zstd */
    guint64 size;          /* bytes of the stream, unpacked */
} VpMomentRam;

/* A moment that libvirt knows as a snapshot, and an import makes one again. */
typedef struct {
    VpMember *xml;   /* "snapshots/1.xml": libvirt's <domainsnapshot> */
    char *state;     /* "shutoff", "running", "paused", "disk-snapshot" */
    guint64 created; /* seconds since the epoch, UTC */
    gboolean current;
    char *description; /* or NULL */
} VpMomentSnapshot;

typedef struct {
    char *id;
    char *parent; /* id, or NULL */
    char *name;   /* of the snapshot, or NULL for now */
    VpConsistency consistency;
    VpMember *domain;           /* of the first moment; the others have it in their snapshot */
    VpMomentSnapshot *snapshot; /* of all but the first moment; else NULL */
    VpMember *nvram;            /* or NULL */
    VpMomentRam *ram;           /* or NULL */
    GPtrArray *tpm;             /* of VpMember, may be empty */
    GPtrArray *disks;           /* of VpMomentDisk */
} VpMoment;

typedef struct {
    char *name;
    char *xml; /* as the exporting host described it: advice */
} VpNetworkAdvice;

typedef struct {
    char *resource; /* "disk:vdb", "nvram", "secrets" … */
    char *reason;
} VpLeftOut;

typedef struct {
    guint major, minor; /* of the format */
    char *producer;     /* "virt-porter 0.1.0" */
    gint64 created;     /* seconds since the epoch, UTC */
    gboolean config_only;
    /* origin */
    char *host;
    char *uri;
    char *domain_name;
    char *domain_uuid;
    char *hypervisor;           /* "QEMU" */
    guint64 hypervisor_version; /* as libvirt counts: 7002022 is 7.2.22 */
    guint64 libvirt_version;
    gboolean autostart; /* the domain was started with the host */
    /* what an importer judges */
    char *arch;
    char *virt_type;         /* "kvm", "qemu" */
    char *machine_type;      /* as resolved: "pc-q35-7.2" */
    char *cpu_mode;          /* or NULL */
    char *cpu_model;         /* or NULL */
    char *firmware_path;     /* or NULL, as the next two */
    char *firmware_features; /* "secure-boot enrolled-keys", space-separated */
    char *firmware_digest;   /* SHA-256 */
    GPtrArray *networks;     /* of VpNetworkAdvice */
    GPtrArray *left_out;     /* of VpLeftOut */
    GPtrArray *images;       /* of VpImage */
    GPtrArray *moments;      /* of VpMoment */
} VpManifest;

void vp_manifest_free(VpManifest *manifest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpManifest, vp_manifest_free)

/* "off", "crash-consistent" …, "qcow2", "raw": the words of the package format. */
const char *vp_consistency_to_string(VpConsistency consistency);
const char *vp_image_format_to_string(VpImageFormat format);

typedef struct {
    const char *uri;     /* NULL: libvirt's default */
    const char *domain;  /* name, then UUID; required */
    const char *package; /* NULL: ./DOMAIN.vpkg or ./DOMAIN@SNAPSHOT.vpkg */
    const char *snapshot;
    gboolean all_snapshots;     /* the domain, shut off, with its whole tree of snapshots */
    const char *format;         /* "qcow2" or "raw"; NULL: qcow2, media raw */
    const char *file_mode;      /* octal, of the disk images; NULL: 0600 */
    const char *const *exclude; /* targets, or NULL */
    gboolean config_only;
    gboolean quiesce;      /* a running domain's file systems are frozen at the moment */
    gboolean ram;          /* refuse where there is none */
    gboolean no_ram;       /* leave it out */
    gboolean trust_images; /* a snapshot's images that may have changed since are taken */
    gboolean compress;
    gboolean include_media;
    gboolean secrets;
    gboolean force;
    gboolean dry_run;
} VpExportOptions;

typedef struct {
    char *target;
    char *source; /* for people: a path, or what stands for it */
    VpImageFormat format;
    guint64 virtual_size;
    guint64 bytes; /* to move, at most */
} VpExportDisk;

typedef struct {
    char *package;  /* absolute path */
    char *identity; /* SHA-256 of package.xml; NULL in a dry run */
    char *moment;   /* "now" or the snapshot's name */
    VpConsistency consistency;
    char *backup;           /* of a running domain: "pull" or "push"; else NULL */
    char *scratch;          /* folder of its scratch files, or NULL */
    guint64 scratch_needed; /* bytes there */
    gboolean has_ram;
    guint64 ram_size; /* bytes; 0 where it is not known beforehand */
    guint64 bytes_to_move;
    guint64 space_needed; /* bytes, at most */
    guint64 space_free;   /* bytes where the package goes */
    GPtrArray *disks;     /* of VpExportDisk; with all snapshots: the images, by their id */
    GPtrArray *snapshots; /* of char *: names of those that go along, parents first */
    GPtrArray *left_out;  /* of VpLeftOut */
} VpExportResult;

void vp_export_result_free(VpExportResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpExportResult, vp_export_result_free)

/* Turns a domain, or a snapshot of it, into a package. */
gboolean vp_export(const VpExportOptions *options, const VpObserver *observer,
                   GCancellable *cancellable, VpExportResult **ret_result, GError **error);

typedef struct {
    const char *uri;
    const char *package; /* required */
    const char *name;
    const char *uuid;  /* "new", "keep" or a UUID */
    const char *mac;   /* "new", "keep" or "keep-if-free" */
    const char *genid; /* "new" or "keep" */
    const char *dir;
    const char *pool;
    const char *const *disk;        /* TARGET=PATH|POOL/VOL|skip[,format=F] */
    const char *const *network;     /* SRC=DST */
    const char *const *nic;         /* N|MAC=DST[,mac=M] */
    const char *on_missing_network; /* "none" or "fail" */
    const char *mode;               /* "copy", "link" or "in-place" */
    const char *owner;              /* USER[:GROUP] */
    const char *file_mode;          /* octal */
    const char *const *seclabel;    /* MODEL=LABEL, MODEL=none */
    const char *const *grant;       /* USER=ROLE, @GROUP=ROLE */
    const char *virt_type;          /* "kvm", "qemu" or "auto"; NULL: as the package says */
    const char *tpm;                /* "keep", "fresh" or "drop" */
    const char *nvram;              /* "keep" or "fresh" */
    const char *ram;                /* "saved", "start", "paused" or "drop" */
    const char *const *xml;         /* XPATH=VALUE, xpath.create= … */
    const char *const *allow;       /* powers, each item may list several with commas */
    const char *machine;            /* type, "q35" */
    const char *memory;             /* MiB */
    const char *vcpus;
    const char *title;
    const char *description;
    const char *plan;           /* path of a plan file of this package */
    const char *const *profile; /* names or paths, in order; a plan and options win */
    gboolean overwrite_device;  /* a block device may lose what is on it */
    gboolean verify;            /* every disk is proved before anything is made */
    gboolean no_verify;
    gboolean restore;
    gboolean start;
    gboolean autostart;
    gboolean dry_run;
} VpImportOptions;

typedef struct {
    char *name;
    char *uuid;
    char *domain_xml; /* as it is, or would be, defined */
    char *identity;   /* of the package */
    GPtrArray *files; /* of char *: every file that the domain now owns */
    const char *ram;  /* "saved", "started", "paused" or "dropped"; NULL: the package has none */
    gboolean started;
} VpImportResult;

void vp_import_result_free(VpImportResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpImportResult, vp_import_result_free)

/* Turns a package into a domain. With error findings the error is
 * VP_ERROR_FINDINGS, and in a dry run @ret_result is set all the same. With
 * VP_ERROR_PARTIAL it is set too: the domain stands, what comes after it failed. */
gboolean vp_import(const VpImportOptions *options, const VpObserver *observer,
                   GCancellable *cancellable, VpImportResult **ret_result, GError **error);

/* Tells @observer all that an import with these options would be told, and touches nothing.
 * With an error finding the error is VP_ERROR_FINDINGS. */
gboolean vp_check(const VpImportOptions *options, const VpObserver *observer,
                  GCancellable *cancellable, GError **error);

/* What an import with these options would make of the package, as a plan file; its findings are
 * told to @observer, and stand in it as comments. Same package, same host, same options: same
 * plan. Caller frees. */
char *vp_plan(const VpImportOptions *options, const VpObserver *observer, GCancellable *cancellable,
              GError **error);

/* What the package at @path holds; @ret_identity, may be NULL, gets the SHA-256
 * of its manifest. Reads the manifest and domain.xml only. */
VpManifest *vp_info(const char *path, char **ret_identity, GError **error);

/* Proves every member of the package at @path. Each fault is told to @observer
 * as a finding `package-damaged`; then the error is VP_ERROR_DAMAGED or, for what
 * is unsafe, VP_ERROR_UNSAFE. @ret_bytes, may be NULL, gets the bytes read. */
gboolean vp_verify(const char *path, const VpObserver *observer, GCancellable *cancellable,
                   guint64 *ret_bytes, GError **error);

/* Origin: the record in a domain's metadata of where it came from. */
typedef struct {
    char *name; /* of the domain here */
    char *uuid;
    char *package;  /* path at the time of the import */
    char *identity; /* SHA-256 of its manifest */
    gint64 time;    /* seconds since the epoch, UTC */
    char *user;     /* who imported; "alice (root)" where sudo was between */
    char *moment;   /* name of the snapshot, or "now" */
    char *origin_host;
    char *origin_domain;
    GStrv grants; /* "alice=view", "@ops=manage"; NULL where they cannot be seen */
} VpOrigin;

void vp_origin_free(VpOrigin *origin);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpOrigin, vp_origin_free)

/* The domains at @uri that came from packages, sorted by name: an array of
 * VpOrigin that frees its members. */
GPtrArray *vp_list(const char *uri, GError **error);

/* What was taken back of a domain. */
typedef struct {
    char *domain; /* its name; NULL for one that is gone */
    char *uuid;
    GStrv grants; /* "alice=view"; empty where the rule was not readable as ours */
} VpRevokeResult;

void vp_revoke_result_free(VpRevokeResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpRevokeResult, vp_revoke_result_free)

/* Takes back what was granted on @domain, a name or a UUID, also one of a domain that is gone:
 * to @subject ("alice", "@ops"), NULL for all. VP_ERROR_NOT_FOUND when nothing was. */
gboolean vp_revoke(const char *uri, const char *domain, const char *subject,
                   VpRevokeResult **ret_result, GError **error);

/* @text, of a package say, for a terminal: control characters, what is not UTF-8 and
 * marks that turn the writing direction become \xNN or \u{N}; caller frees. */
char *vp_escape(const char *text);

/* Names of @what ("domains", "networks", "pools", "profiles", "snapshots": those of @domain),
 * sorted. */
GStrv vp_complete(const char *uri, const char *what, const char *domain, GError **error);

G_END_DECLS
