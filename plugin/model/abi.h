/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * abi: what of a domain XML a running guest and QEMU's migration stream rely on, after
 * libvirt's own check (virDomainDefCheckABIStability). Where an image lies or what a NIC
 * is connected to does not belong to it, nor name and UUID, which libvirt would insist on.
 */
#pragma once

#include "base/xml.h"

/* A part in which two machines differ. */
typedef struct {
    char *what; /* for people: "disk vda", "memory" */
    char *was;  /* what of it differs, "dev=vda bus=virtio"; NULL where it was not there */
    char *is;   /* the same of the other machine; NULL where it is gone */
} VpAbiDifference;

/* Those of the machines of @was and @is; array of VpAbiDifference that frees its members. */
GPtrArray *vp_abi_compare(xmlDoc *was, xmlDoc *is);

/* TRUE for nothing but the address of a NIC, which the RAM has too. */
gboolean vp_abi_is_address(const VpAbiDifference *difference);
