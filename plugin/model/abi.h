/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * abi: what of a domain XML a running guest and QEMU's migration stream rely on, after
 * libvirt's own check (virDomainDefCheckABIStability). Where an image lies or what a NIC
 * is connected to does not belong to it, nor name and UUID, which libvirt would insist on.
 */
#pragma once

#include "base/xml.h"

/* The parts in which the machines of @was and @is differ: for people, "disk vda", "memory";
 * array of char * that frees its members. */
GPtrArray *vp_abi_compare(xmlDoc *was, xmlDoc *is);
