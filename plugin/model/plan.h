/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * plan: for each resource of a package, what becomes of it on this host. Made of
 * the package, the host's facts and the importer's options; nothing is touched.
 */
#pragma once

#include "model/facts.h"
#include "model/grant.h"
#include "model/machine.h"
#include "model/nic.h"
#include "model/powers.h"
#include "model/seclabel.h"
#include "model/wishes.h"
#include "model/xmledit.h"

typedef enum {
    VP_FATE_COPY,    /* its bytes go from the package to `path` */
    VP_FATE_LINK,    /* a layer at `path` lies on the image of the package */
    VP_FATE_TAKE,    /* the image of the package, at `path`, becomes the disk */
    VP_FATE_USE,     /* the image that lies at `path` is used as it lies */
    VP_FATE_SKIP,    /* the device goes */
    VP_FATE_EJECT,   /* the device stays without medium */
    VP_FATE_KEEP,    /* stays as it is: nothing to move, or a source that is a power */
    VP_FATE_MISSING, /* its bytes are not in the package and nobody said where they are */
} VpDiskFate;

typedef enum {
    VP_MODE_COPY,
    VP_MODE_LINK,     /* disks are layers over the images of the package */
    VP_MODE_IN_PLACE, /* the images of the package become the disks */
} VpPlanMode;

/* An image below the one of a disk. */
typedef struct {
    char *path;
    char *format;
    gboolean is_block;
    gboolean of_package; /* stays as it is: libvirt must not take its ownership */
} VpPlanLayer;

typedef struct {
    char *target;
    VpDiskFate fate;
    char *path;   /* absolute, for copy and use; NULL where a volume has none here */
    char *format; /* of the image at `path` */
    char *pool;   /* that it is a volume of, or NULL */
    char *volume;
    xmlDoc *source;    /* the <source> of a volume that has no path here, or NULL */
    char *was;         /* the source in the package, for people */
    const char *from;  /* where its fate comes from: "default", "--disk" … */
    gboolean asked;    /* somebody chose it */
    gboolean is_block; /* `path` is a block device of the host */
    GPtrArray *chain;  /* of VpPlanLayer: what the image at `path` lies on, top first */
} VpPlanDisk;

typedef struct {
    guint index; /* as in `--nic N` */
    VpNicTarget *target;
    char *type;             /* its connection in the package: "network", "bridge" … */
    char *source;           /* and what that names, or NULL */
    char *was;              /* both, "network default", for people */
    gboolean missing;       /* not here, so that it is connected to nothing */
    gboolean by_name;       /* kept since a network of its name is here, not asked for */
    char *mac;              /* the address it gets */
    char *old_mac;          /* the package's, or NULL */
    const char *from;       /* where its connection comes from: "default", "--nic" … */
    const VpWish *mac_wish; /* that names its address, or NULL: that of all */
    gboolean asked;         /* somebody chose its connection */
} VpPlanNic;

/* A file that is made beside the disks, of a machine with snapshots. */
typedef struct {
    char *id;             /* of its image in the package, or of the snapshot whose RAM it holds */
    char *resource;       /* "disk:vda.1", "snapshot:2" */
    char *path;           /* absolute */
    guint64 bytes;        /* at most */
    VpImageFormat format; /* of an image */
    gboolean is_disk;     /* a disk of now lies on it, and the plan's disk is it */
} VpPlanFile;

typedef enum {
    VP_STATE_KEEP,  /* the package's goes along */
    VP_STATE_FRESH, /* libvirt makes a new one */
    VP_STATE_DROP,  /* the device goes (TPM) */
} VpStateFate;

typedef enum {
    VP_RAM_SAVED,  /* the domain stands in libvirt as saved: its start resumes it */
    VP_RAM_START,  /* it goes on at once */
    VP_RAM_PAUSED, /* it stands still at the instant */
    VP_RAM_DROP,   /* it boots from its disks; also where there is no RAM */
} VpRamFate;

/* What was settled for a choice of one value. */
typedef struct {
    char *text;     /* as the option would have it; NULL: left as the package has it */
    char *where;    /* for messages: "--uuid", "plan p.xml, line 3: uuid" */
    char *from;     /* for people: "default", "--restore", "profile site-a" */
    gboolean asked; /* somebody chose it */
    gboolean is_rule;
    gboolean is_default; /* a written plan says it of a default, and it is that */
} VpSetting;

typedef struct {
    GPtrArray *order; /* of VpWishes: what the plan was made of */
    VpSetting settings[VP_CHOICE_LAST];
    char *name;
    char *uuid;
    char *genid;               /* new one, or NULL to keep */
    char *title, *description; /* NULL: the package's */
    VpPlanMode mode;
    gboolean overwrite_device;
    gboolean verify;    /* disks are proved before anything is made */
    gboolean no_verify; /* and it is known that they are not */
    GPtrArray *disks;   /* of VpPlanDisk */
    GPtrArray *nics;    /* of VpPlanNic */
    GPtrArray *images;  /* of VpPlanFile: all images that are kept as they are */
    GPtrArray *saves;   /* of VpPlanFile: RAM of external snapshots */
    gboolean fail_on_missing_network;
    char *owner; /* as given, or NULL */
    mode_t file_mode;
    char *virt_type;    /* that the domain gets */
    gboolean cpu_unfit; /* the package's CPU is not to be had with it */
    char *emulator;     /* that the domain gets, or NULL to keep what is there */
    gboolean session;
    char *machine;  /* type, or NULL: the package's */
    guint64 memory; /* MiB, 0: the package's */
    guint64 vcpus;  /* 0: the package's */
    VpStateFate tpm, nvram;
    char *nvram_path; /* where the variables go, or NULL when there are none */
    char *tpm_path;   /* folder of the TPM's state, or NULL */
    VpRamFate ram;
    char *ram_path;       /* what the RAM is read from for a while is made beside it, or NULL */
    char *save_path;      /* where libvirt keeps a saved domain, or NULL */
    GPtrArray *edits;     /* of VpXmlEdit */
    GPtrArray *grants;    /* of VpGrant */
    GPtrArray *seclabels; /* of VpSeclabel */
    guint allow;          /* bits 1 << VpPower */
    gboolean start, autostart;
} VpPlan;

/* What an architecture-neutral plan needs beside options: the paths that only the
 * host's layers can spell. */
typedef struct {
    char *(*nvram)(const char *name, gboolean session); /* caller frees */
    char *(*tpm)(const char *uuid, gboolean session);
    char *(*save)(const char *name, gboolean session);
} VpPlanPaths;

/* The plan of importing @machine as the wishes in @order ask (of VpWishes, the later wins),
 * on the host of @facts. VP_ERROR_USAGE for one that is malformed or names what the package lacks,
 * VP_ERROR_UNSAFE for a target of a disk that is none.
 * Draws new UUIDs and MAC addresses where the plan asks for them. */
VpPlan *vp_plan_new(GPtrArray *order, const VpMachine *machine, const VpHostFacts *facts,
                    const VpPlanPaths *paths, GError **error);
void vp_plan_free(VpPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpPlan, vp_plan_free)

/* Notes that the image of @disk lies on the image at @path, below those noted before. */
void
vp_plan_disk_add_layer(VpPlanDisk *disk, const char *path, const char *format, gboolean is_block);

/* TRUE for a disk whose image the import makes. */
gboolean vp_plan_disk_is_made(const VpPlanDisk *disk);

/* What tells the image of @disk from all others: its path, or "rbd:POOL/IMAGE"; NULL where it
 * has none. Caller frees. */
char *vp_plan_disk_get_key(const VpPlanDisk *disk);

VpPlanDisk *vp_plan_find_disk(const VpPlan *plan, const char *target);

/* What is said of @disk in a plan file: a path, POOL/VOLUME, "skip", "keep" or "missing". Caller
 * frees. */
char *vp_plan_disk_get_place(const VpPlanDisk *disk);

/* The word, or the address, that @nic gets its address by. */
const char *vp_plan_nic_mac(const VpPlan *plan, const VpPlanNic *nic);

/* What becomes of the NIC number @index of @nics, all of one definition: known by its MAC
 * address, by its place where it has none. NULL for one that no definition had. */
VpPlanNic *vp_plan_find_nic(const VpPlan *plan, GPtrArray *nics, guint index);

/* "saved", "started", "paused", "dropped". */
const char *vp_ram_fate_to_string(VpRamFate fate);

/* The one of @files, plan->images or plan->saves, that is of @id; or NULL. */
const VpPlanFile *vp_plan_find_file(GPtrArray *files, const char *id);

/* The disks of @plan as they are in the snapshot @moment: array of VpPlanDisk that frees its
 * members. */
GPtrArray *vp_plan_disks_then(const VpPlan *plan, const VpTree *tree, const VpMoment *moment);
