/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* facts-parts: what a host has, a kind of thing a file, for sink/facts.c only. */
#pragma once

#include "sink/sink.h"

/* The pools, and the folder that images go into where nobody says another. Needs facts->session. */
void vp_facts_gather_pools(VpConnection *connection, VpHostFacts *facts);

/* The domains that there are: names, disks, NICs, and what else they claim. Needs the pools. */
gboolean vp_facts_gather_domains(VpConnection *connection, VpHostFacts *facts, GError **error);

/* The paths of all that the disks of @domain, one of the host's, lie on, and what stands for these
 * files whatever path leads to them. Needs the pools. Caller frees. */
GStrv vp_facts_list_files(xmlDoc *domain, const VpHostFacts *facts);

/* The networks of the host, what they are like, and its network filters. */
void vp_facts_gather_networks(VpConnection *connection, VpHostFacts *facts);

/* What the host can run: architectures, machine types, TPM, labels, as far as it matters to a
 * machine of which @about tells. */
void
vp_facts_gather_capabilities(VpConnection *connection, const VpManifest *about, VpHostFacts *facts);

/* Whether the host can give the processor of @machine without KVM, where it has none; and that
 * of its RAM. Needs the capabilities. */
void vp_facts_gather_cpus(VpConnection *connection, const VpMachine *machine, VpHostFacts *facts);

/* Who owns the files of @plan. VP_ERROR_USAGE for a malformed owner. */
gboolean vp_facts_look_at_owner(VpHostFacts *facts, const VpPlan *plan, GError **error);

/* The volumes that @plan names, and what room their pools have. Needs the pools. */
void vp_facts_look_at_volumes(VpHostFacts *facts, VpConnection *connection, const VpPlan *plan);

/* The files that @plan and @domain name. Needs the owner, and the folder of images. */
void vp_facts_look_at_paths(VpHostFacts *facts, const VpPlan *plan, xmlDoc *domain);

/* The bridges and devices that @plan connects NICs to, and the bridges that there are. */
void vp_facts_look_at_bridges(VpHostFacts *facts, const VpPlan *plan);
