/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * domain: views of a libvirt domain XML. The tree itself stays the model: a view
 * points into it and is good until the tree is changed there.
 */
#pragma once

#include "base/xml.h"

typedef enum {
    VP_DEVICE_DISK,
    VP_DEVICE_CDROM,
    VP_DEVICE_FLOPPY,
    VP_DEVICE_LUN,
} VpDiskDevice;

typedef enum {
    VP_SOURCE_NONE, /* no medium */
    VP_SOURCE_FILE,
    VP_SOURCE_BLOCK,
    VP_SOURCE_VOLUME,
    VP_SOURCE_NETWORK,
    VP_SOURCE_OTHER, /* dir, nvme, vhostuser, vhostvdpa … */
} VpSourceKind;

typedef struct {
    xmlNode *node;   /* <disk> */
    xmlNode *source; /* <source>, or NULL */
    char *target;    /* "vda" */
    VpDiskDevice device;
    VpSourceKind kind;
    char *type; /* "file", "block" … as written */
    char *path; /* of a file or a block device, else NULL */
    char *pool; /* of a volume, else NULL */
    char *volume;
    char *format; /* of the driver; "raw" where it says none, as libvirt reads it */
    gboolean shareable;
} VpDomainDisk;

typedef struct {
    xmlNode *node; /* <interface> */
    guint index;   /* from 0, in the order of the XML */
    char *type;    /* "network", "bridge" … */
    char *source;  /* network, bridge or device; NULL where there is none */
    char *mac;     /* or NULL */
} VpDomainNic;

/* <devices>, made if missing. */
xmlNode *vp_domain_devices(xmlDoc *domain);

/* Text of <name>, of <uuid>; caller frees; NULL where missing. */
char *vp_domain_get_name(xmlDoc *domain);
char *vp_domain_get_uuid(xmlDoc *domain);

/* The disks that have a target, in order: array of VpDomainDisk that frees its
 * members. */
GPtrArray *vp_domain_disks(xmlDoc *domain);
VpDomainDisk *vp_domain_disks_find(GPtrArray *disks, const char *target);

/* Moves those of @more whose targets @disks has not to its end. */
void vp_domain_disks_join(GPtrArray *disks, GPtrArray *more);

/* The network interfaces, in order: array of VpDomainNic that frees its members. */
GPtrArray *vp_domain_nics(xmlDoc *domain);

/* TRUE for a device whose medium can be taken out: cdrom, floppy. */
gboolean vp_domain_disk_is_removable(const VpDomainDisk *disk);

/* For people: "/path", "pool/volume", "network nbd", "no medium"; caller frees. */
char *vp_domain_disk_describe(const VpDomainDisk *disk);

/* "rbd:POOL/IMAGE" of a network <source>: what tells it from others. Caller frees. */
char *vp_domain_source_get_key(const xmlNode *source);

/* Where UEFI variables are kept: TRUE when the machine has any; *@ret_path gets the
 * path the XML names, NULL where libvirt chooses (caller frees). */
gboolean vp_domain_has_nvram(xmlDoc *domain, char **ret_path);

/* TRUE when the machine has a TPM emulator with state of its own. */
gboolean vp_domain_has_tpm(xmlDoc *domain);

/* Checks that @domain is a <domain> with a type and a name: VP_ERROR_DAMAGED else. */
gboolean vp_domain_check(xmlDoc *domain, const char *what, GError **error);

/* Takes out the element of @uri below <metadata>, and <metadata> if that was all. */
void vp_domain_remove_metadata(xmlDoc *domain, const char *uri);
