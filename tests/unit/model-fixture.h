/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model-fixture: a package and a host in memory, for the tests of plan and check. */
#pragma once

#include "model/check.h"
#include "model/retarget.h"

#define UUID "11111111-2222-4333-8444-555555555555"
#define GIB  (G_GUINT64_CONSTANT(1) << 30)

typedef struct {
    VpMachine *machine;
    VpHostFacts *facts;
    GPtrArray *order; /* of VpWishes: what was said before the options; the next plan takes it */
    VpImportOptions options;
    GPtrArray *lists; /* what the options point to */
} Fixture;

/* A domain "web" of type kvm, with @devices below <devices> and @os (NULL: a plain x86_64)
 * for <os>; every disk that is no cdrom and no floppy is in the package, with 10 GiB. The
 * host takes it without a finding: network default, bridge br0, folder /images. */
Fixture *fixture_new(const char *devices, const char *os);
void fixture_free(Fixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixture, fixture_free)

/* The words of @text, divided by spaces, as a value of an option; good as long as the
 * fixture. */
const char *const *fixture_list(Fixture *fixture, const char *text);

/* What the host knows of @path: as if just looked at, an empty folder that takes files. */
VpPathFact *fixture_path(Fixture *fixture, const char *path);

/* Another domain of the host, with a MAC address and a disk. */
void fixture_add_domain(Fixture *fixture, const char *name, const char *uuid, const char *mac,
                        const char *path);

/* Gives the machine RAM whose definition has the devices @more at the end; the host can give
 * its CPU. */
void fixture_add_ram(Fixture *fixture, const char *more);

VpPlan *fixture_plan(Fixture *fixture, GError **error);

/* Plans, retargets and checks; "level code resource", a line a finding, caller frees. */
char *fixture_check(Fixture *fixture);

/* What a package finds on a host. */
typedef struct {
    const char *name;
    const char *devices;           /* of fixture_new() */
    const char *os;                /* the same */
    void (*set)(Fixture *fixture); /* what is different in this row, or NULL */
    const char *expected;          /* of fixture_check() */
} FixtureRow;

/* Each of @rows, which stay, becomes a test of its own, "@prefix/NAME". */
void fixture_add_rows(const char *prefix, const FixtureRow *rows, gsize n_rows);
