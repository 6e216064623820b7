/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * wishes: what the importer chose, as one place says it: a profile, a plan file, the
 * command line. Several such places lie in order, each whole, and the later wins.
 */
#pragma once

#include "base/error.h"
#include "model/choice.h"

typedef struct {
    VpChoiceId id;
    char *text;                     /* as the option has it; NULL for pairs of a file */
    char *fields[VP_CHOICE_FIELDS]; /* of pairs, in the order of the row; NULL: not said */
    char *where;                    /* for messages: "--disk", "plan p.xml, line 12: disk" */
    char *from;                     /* for people: "--disk", "plan p.xml", "profile site-a" */
    gboolean is_rule;               /* for any package: what it names need not be in this one */
    gboolean is_default;            /* nobody chose it: what a written plan says of a default */
} VpWish;

typedef struct {
    GPtrArray *list; /* of VpWish, in order */
    char *package;   /* of a plan file: SHA-256 of its package; else NULL */
} VpWishes;

VpWishes *vp_wishes_new(void);
void vp_wishes_free(VpWishes *wishes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpWishes, vp_wishes_free)

/* Adds a wish for @id, to be filled in, and returns it. */
VpWish *vp_wishes_add(VpWishes *wishes, VpChoiceId id, const char *where, const char *from);

/* The wishes of the command line; VP_ERROR_USAGE for pairs that are none. Caller frees. */
VpWishes *vp_wishes_of_options(const VpImportOptions *options, GError **error);

/* The last wish for @id in @wishes; NULL for none. */
const VpWish *vp_wishes_find(const VpWishes *wishes, VpChoiceId id);

/* An empty order of places: array of VpWishes that frees its members. */
GPtrArray *vp_wishes_order_new(void);

/* The wish for @id that counts in @order; NULL for none. */
const VpWish *vp_wishes_order_find(GPtrArray *order, VpChoiceId id);
