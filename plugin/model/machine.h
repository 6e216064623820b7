/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * machine: a virtual machine as data, at one moment: its configuration and its
 * parts. A source makes it, a sink writes it.
 */
#pragma once

#include "base/disk.h"
#include "base/xml.h"
#include "model/manifest.h"
#include "model/ram.h"
#include <gio/gio.h>

typedef struct _VpMachineDisk VpMachineDisk;
typedef struct _VpTree VpTree; /* model/tree.h */

/* Opens the bytes of a disk; @data is the source's. */
typedef VpDiskReader *(*VpDiskOpen)(VpMachineDisk *disk, gpointer data, GError **error);

struct _VpMachineDisk {
    char *target;         /* "vda" */
    char *source;         /* where it lies, for people */
    VpImageFormat format; /* that a package or a host is given by default */
    guint64 size;         /* bytes that the guest sees */
    guint64 bytes;        /* that a copy has to move, at most */
    char *digest;         /* the content digest it must have, or NULL */
    VpDiskReader *reader; /* open, or NULL */
    VpDiskOpen open;      /* opens it, where it is not */
    gpointer data;        /* for `open` */
    GDestroyNotify data_free;
};

typedef struct {
    char *name; /* below the folder of the part: "tpm2/tpm2-00.permall" */
    GBytes *data;
} VpMachineFile;

/* Opens the migration stream of the RAM, from its beginning; @data is the source's. The
 * caller unrefs. */
typedef GInputStream *(*VpRamOpen)(gpointer data, GError **error);

/* Whether what a source said is still true; @data is its own. */
typedef gboolean (*VpProve)(gpointer data, GError **error);

typedef struct {
    VpRam *description;
    guint64 size; /* bytes of the stream; 0 where a compressed one does not say */
    VpRamOpen open;
    gpointer data; /* for `open` */
    GDestroyNotify data_free;
} VpMachineRam;

typedef struct {
    xmlDoc *domain;    /* the definition that boots */
    VpManifest *about; /* all of the manifest but images and moments */
    char *moment;      /* name of the snapshot, or NULL for now */
    VpConsistency consistency;
    GPtrArray *disks;  /* of VpMachineDisk: those whose bytes are here */
    VpMachineRam *ram; /* or NULL */
    GBytes *nvram;     /* or NULL */
    GPtrArray *tpm;    /* of VpMachineFile, may be empty */
    gpointer live;     /* the source's, of a running domain; freed after the disks */
    GDestroyNotify live_free;
    VpTree *tree;      /* its snapshots, where they all go along; or NULL */
    GPtrArray *proofs; /* of what vp_machine_add_proof() added */
} VpMachine;

VpMachine *vp_machine_new(void);
void vp_machine_free(VpMachine *machine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpMachine, vp_machine_free)

/* Fills what machine->about says of the machine itself from machine->domain: types,
 * architecture, processor. */
void vp_machine_describe(VpMachine *machine);

/* Adds a disk; the caller fills the rest. */
VpMachineDisk *vp_machine_add_disk(VpMachine *machine, const char *target, const char *source);

/* The reader of @disk, opened if need be; owned by the disk. */
VpDiskReader *vp_machine_disk_open(VpMachineDisk *disk, GError **error);

/* Closes the reader, and with it the tool behind it; it can be opened again. */
void vp_machine_disk_close(VpMachineDisk *disk);

/* Gives the machine its RAM, @description taken over; the caller fills the rest. */
VpMachineRam *vp_machine_set_ram(VpMachine *machine, VpRam *description);

/* Adds a file of the TPM's state. */
void vp_machine_add_tpm(VpMachine *machine, const char *name, GBytes *data);

/* Adds what must be true once all was read; the machine frees @data. */
void vp_machine_add_proof(VpMachine *machine, VpProve prove, gpointer data, GDestroyNotify free);

/* To be asked by a sink when it has read all, before it commits. */
gboolean vp_machine_prove(const VpMachine *machine, GError **error);

/* Notes that @resource is not in the machine, and why. */
void vp_machine_leave_out(VpMachine *machine, const char *resource, const char *reason);

/* The definitions of @machine beside the one that boots: with @ram that of its RAM, and those
 * of its snapshots. Array of xmlDoc *, which stay the machine's. */
GPtrArray *vp_machine_list_definitions(const VpMachine *machine, gboolean ram);

/* TRUE when a snapshot of @machine has RAM. */
gboolean vp_machine_has_ram_then(const VpMachine *machine);

VpMachineDisk *vp_machine_find_disk(const VpMachine *machine, const char *target);

/* Sum of the bytes that a copy has to move, RAM and snapshots included. */
guint64 vp_machine_bytes(const VpMachine *machine);

/* Sum of the bytes that are read once more, to be proved, when snapshots go along. */
guint64 vp_machine_proof_bytes(const VpMachine *machine);
