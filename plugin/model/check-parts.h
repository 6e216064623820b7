/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* check-parts: the parts of checking, and what the checks of a definition and of a RAM share. */
#pragma once

#include "model/check.h"

/* What is held against what. */
typedef struct {
    const VpPlan *plan;
    const VpMachine *machine;
    xmlDoc *domain; /* retargeted */
    const VpHostFacts *facts;
    VpReport *report;
} VpCheck;

/* How bad it is that the domain cannot start: an error where the import itself runs QEMU, at once
 * or to take up RAM, if only to save it again. */
VpLevel vp_check_start_level(const VpPlan *plan);

/* Offers --ram drop where it is the RAM alone that makes the import run QEMU. */
void vp_check_offer_ram_drop(const VpPlan *plan, VpReport *report);

/* A file that this import makes must not be there, and its folder must take it: FALSE with a
 * finding of @resource, which offers @fix (may be NULL). */
gboolean
vp_check_new_file(const VpCheck *check, const char *resource, const char *path, const char *fix);

/* TRUE when @resource is a disk that --dir has a say in: --disk did not give it its place. Over
 * a plan it has. */
gboolean vp_check_goes_by_dir(const VpCheck *check, const char *resource);

/* What runs the domain: emulator, machine type, processor, versions. */
void vp_check_hypervisor(const VpCheck *check);

/* The disks, and the files that are made beside them. */
void vp_check_disks(const VpCheck *check);

/* The pool of @entry must be there, active and of use: FALSE with a finding. */
gboolean vp_check_pool(const VpCheck *check, const VpPlanDisk *entry, const char *resource);

/* A volume that this import makes must not be there, and its pool must take it. */
void vp_check_new_volume(const VpCheck *check, const VpPlanDisk *entry, const char *resource);

/* A block device that this import overwrites must be there, large enough and free. */
void vp_check_device(const VpCheck *check, const VpPlanDisk *entry, const char *resource);

/* QEMU's user must be able to reach the image of @entry, or that of the package below it. */
void vp_check_reach(const VpCheck *check, const VpPlanDisk *entry, const char *resource);

/* A disk that lies on the package, or is the package's own. */
void vp_check_link(const VpCheck *check, const VpPlanDisk *entry, const char *resource);
void vp_check_take(const VpCheck *check, const VpPlanDisk *entry, const char *resource);

/* What --mode asks of the package as a whole. */
void vp_check_mode(const VpCheck *check);

/* Tells that @need bytes are wanted where @path goes, and @free are there. */
void vp_check_tell_no_space(const VpCheck *check, const char *resource, const char *path,
                            guint64 need, guint64 free);

/* Disks that go to one file system share its space. */
void vp_check_space(const VpCheck *check);

/* Whose the files are that are made: known, given away by root only, and QEMU let to them. */
void vp_check_owner(const VpCheck *check);

/* Whether the grants of @plan can be made and count; and those that lead nowhere. */
void vp_check_grants(const VpPlan *plan, const VpGrantFacts *facts, VpReport *report);

/* Every power that @domain asks for and @plan does not give; @where stands before places. */
void vp_check_powers(const VpPlan *plan, xmlDoc *domain, const VpHostFacts *facts,
                     const char *where, VpReport *report);

/* What the interfaces of @domain, as it will be, miss in the networks, filters and addresses
 * that they are to have. */
void vp_check_nics(const VpPlan *plan, xmlDoc *domain, const VpHostFacts *facts, VpReport *report);

/* What @domain, as it will be, has of its host for itself and another domain has too. */
void
vp_check_claims(const VpPlan *plan, xmlDoc *domain, const VpHostFacts *facts, VpReport *report);
