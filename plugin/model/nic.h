/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* nic: what a network interface is connected to: the words DST and SRC of --nic and --network. */
#pragma once

#include "model/domain.h"

typedef enum {
    VP_NIC_KEEP,
    VP_NIC_NETWORK,
    VP_NIC_BRIDGE,
    VP_NIC_DIRECT,
    VP_NIC_OVS,
    VP_NIC_USER,
    VP_NIC_NONE, /* connected to nothing, link down */
    VP_NIC_DROP, /* the device goes */
} VpNicKind;

typedef struct {
    VpNicKind kind;
    char *name; /* of the network, bridge or device, or NULL */
    char *mode; /* of direct, or NULL */
    guint vlan; /* of ovs, 0 for none */
} VpNicTarget;

/* Parses DST: network:N, bridge:B, direct:DEV[:MODE], ovs:B[:VLAN], user, none,
 * drop, keep, or a bare network's name. VP_ERROR_USAGE names @option. Caller frees. */
VpNicTarget *vp_nic_target_parse(const char *text, const char *option, GError **error);

/* DST of @target, as it is parsed; caller frees. */
char *vp_nic_target_format(const VpNicTarget *target);
VpNicTarget *vp_nic_target_new(VpNicKind kind, const char *name);
VpNicTarget *vp_nic_target_copy(const VpNicTarget *target);
void vp_nic_target_free(VpNicTarget *target);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpNicTarget, vp_nic_target_free)

/* TRUE when @nic's source is SRC: network:N, bridge:B or a bare name (either), in which "*"
 * and "?" stand for anything; or "*", which is every NIC. */
gboolean vp_nic_source_matches(const char *source, const VpDomainNic *nic);

/* Takes out the name that the port of @interface has on an Open vSwitch: libvirt makes a new
 * one. Two ports of one name would take each other's place. */
void vp_nic_forget_port(xmlNode *interface);

/* Connects the <interface> of @nic to @target: the type and <source> change, and
 * what cannot stay with the new type goes; model, MAC, address, boot order stay. The
 * names of what went are in *@ret_removed, comma-separated, NULL for none (caller
 * frees). @session: a plain user's daemon, where "none" is type user with the link
 * down, else type ethernet. */
void
vp_nic_connect(VpDomainNic *nic, const VpNicTarget *target, gboolean session, char **ret_removed);
