/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * facts: what a host has, as a plain struct that the sink fills. A list that is
 * NULL could not be looked at; an empty one was looked at and holds nothing.
 */
#pragma once

#include "base/error.h"
#include "base/strings.h"
#include "model/pool.h"
#include <sys/types.h>

typedef struct {
    char *name;
    char *uuid;
    GStrv macs;
    GStrv links;  /* what its NICs are connected to, "network lan", in the order of macs */
    GStrv paths;  /* of its disks, and the identities of these files */
    GStrv claims; /* what it has of its host for itself, "file /x", "port 5901"; may be NULL */
    GStrv holds;  /* the same of what it has now that it runs; NULL where it does not */
} VpDomainFact;

typedef struct {
    gboolean exists;
    char *identity;           /* what stands for the file whatever its path, or NULL */
    gboolean readable;        /* by the caller */
    gboolean folder_exists;   /* the folder it lies in */
    gboolean folder_writable; /* by the caller */
    gboolean in_package;      /* the folder is that of the package, or below it */
    char *barrier;            /* what keeps QEMU's user from it, or NULL */
    gboolean is_block;        /* a block device that can be looked at; of one the next three */
    gboolean busy;            /* mounted, or claimed by something else */
    gboolean read_only;
    guint64 size;       /* bytes */
    guint64 free;       /* bytes on the folder's file system */
    guint64 filesystem; /* a number that tells file systems apart */
} VpPathFact;

typedef struct {
    char *name;
    gboolean active;
    gboolean takes_vlan; /* its ports can have VLAN tags */
    char *bridge;        /* that its ports are on, or NULL */
    gboolean bridgeless; /* it is active, and that bridge is not here */
    GStrv portgroups;
} VpNetworkFact;

/* Whether the host can give the CPU that a RAM was made with. */
typedef enum {
    VP_CPU_UNKNOWN,
    VP_CPU_FITS,
    VP_CPU_LACKS,
} VpCpuFit;

/* Whether the daemon asks polkit who may use a domain. */
typedef enum {
    VP_ASKED_UNKNOWN,
    VP_ASKED_NO,
    VP_ASKED_YES,
} VpAsked;

/* What grants on a domain need. */
typedef struct {
    gboolean available; /* the daemon is this host's qemu:///system */
    char *folder;       /* where their rules are */
    gboolean folder_exists, folder_writable;
    VpAsked asked;
    gboolean login; /* it asks too before it lets a user in */
    char *conf;     /* the file that says so */
    GStrv unknown;  /* subjects that this host does not know, "alice", "@ops" */
    GStrv stale;    /* UUIDs of domains that are gone and still have grants */
} VpGrantFacts;

typedef struct {
    gboolean session;     /* the daemon is the caller's own */
    gboolean local;       /* the daemon is on this machine */
    uid_t caller;         /* the user who imports */
    gboolean privileged;  /* he may give files away */
    char *package;        /* folder of the package, or NULL */
    char *package_writer; /* a folder or file of it that others than root and the caller can
                             write, or NULL */
    gboolean writer_owns; /* it is theirs */
    char *images;         /* folder where images go by default */
    GPtrArray *domains;   /* of VpDomainFact */
    GPtrArray *pools;     /* of VpPoolFact */
    GHashTable *volumes;  /* "POOL/VOLUME": those that the plan names, if they are there; all of
                             a pool whose volumes are partitions */
    GStrv networks;
    GPtrArray *network_facts; /* of VpNetworkFact: what these networks are like, or NULL */
    GStrv filters;            /* network filters */
    GStrv all_bridges;        /* of the kernel, sorted */
    GStrv bridges;            /* of the bridges and devices that were asked for, those there are */
    guint64 hypervisor_version; /* 0: unknown, or another hypervisor */
    guint64 libvirt_version;
    GStrv archs;      /* that the host has an emulator for */
    GStrv virt_types; /* for the machine's architecture: "kvm", "qemu" */
    GStrv machines;   /* for architecture and virt type, aliases included */
    char *emulator;   /* or NULL */
    VpCpuFit tcg_cpu; /* of the package's, where KVM ran it and is not here */
    VpCpuFit cpu;     /* of the domain, as it will be, where it names a model */
    char *cpu_why;
    VpCpuFit ram_cpu; /* where the machine has RAM */
    char *ram_cpu_why;
    GHashTable *lacks_cpu; /* id of each snapshot whose RAM was made with a processor that the
                              host cannot give, to the reason */
    GStrv firmware;        /* loaders and templates that the host lists */
    gboolean tpm;          /* swtpm is there */
    gboolean tpm_known;
    GStrv label_models; /* "dac", "selinux" … */
    gboolean has_qemu_user;
    uid_t qemu_uid;
    gid_t qemu_gid;
    gboolean hands_over; /* libvirt gives files to QEMU's user while a domain runs */
    char *unknown_label; /* the same of the user of a DAC label */
    char *unknown_owner; /* the part of --owner that this host does not know, or NULL */
    uid_t owner_uid;     /* of new disk files; (uid_t)-1: the caller's */
    gid_t owner_gid;
    VpGrantFacts grants;
    GHashTable *paths; /* char * to VpPathFact: the paths that the plan names */
} VpHostFacts;

VpHostFacts *vp_host_facts_new(void);
void vp_host_facts_free(VpHostFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpHostFacts, vp_host_facts_free)

void vp_domain_fact_free(VpDomainFact *fact);
void vp_network_fact_free(VpNetworkFact *fact);

/* The network @name, or NULL for none that is known of. */
const VpNetworkFact *vp_host_facts_find_network(const VpHostFacts *facts, const char *name);

/* The domain of this name, UUID; or one that has this MAC, that uses this path (what stands
 * for one: "rbd:POOL/IMAGE"; may be NULL) or another that leads to the same file; NULL for
 * none. */
const VpDomainFact *vp_host_facts_find_name(const VpHostFacts *facts, const char *name);
const VpDomainFact *vp_host_facts_find_uuid(const VpHostFacts *facts, const char *uuid);
const VpDomainFact *vp_host_facts_find_mac(const VpHostFacts *facts, const char *mac);
const VpDomainFact *vp_host_facts_find_path(const VpHostFacts *facts, const char *path);

/* The pool of this name; NULL for none. */
const VpPoolFact *vp_host_facts_find_pool(const VpHostFacts *facts, const char *name);

/* "default, fast (not active)", or "none": what there is, for people. Caller frees. */
char *vp_host_facts_list_pools(const VpHostFacts *facts);

/* TRUE when the volume, which was looked for, is there. */
gboolean vp_host_facts_has_volume(const VpHostFacts *facts, const char *pool, const char *volume);

/* What is known of @path, or NULL when it was not looked at. */
const VpPathFact *vp_host_facts_find(const VpHostFacts *facts, const char *path);
