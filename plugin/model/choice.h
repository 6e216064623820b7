/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * choice: what an importer can choose, a row each. Options, plan files and profiles are
 * read by this one table, and a plan is written by it.
 */
#pragma once

#include "virt-porter.h"

typedef enum {
    VP_CHOICE_NAME,
    VP_CHOICE_UUID,
    VP_CHOICE_GENID,
    VP_CHOICE_TITLE,
    VP_CHOICE_DESCRIPTION,
    VP_CHOICE_VIRT_TYPE,
    VP_CHOICE_MACHINE,
    VP_CHOICE_MEMORY,
    VP_CHOICE_VCPUS,
    VP_CHOICE_RESTORE,
    VP_CHOICE_DIR,
    VP_CHOICE_POOL,
    VP_CHOICE_DISKS,
    VP_CHOICE_DISK,
    VP_CHOICE_OVERWRITE_DEVICE,
    VP_CHOICE_MODE,
    VP_CHOICE_VERIFY,
    VP_CHOICE_NO_VERIFY,
    VP_CHOICE_OWNER,
    VP_CHOICE_FILE_MODE,
    VP_CHOICE_SECLABEL,
    VP_CHOICE_GRANT,
    VP_CHOICE_NVRAM,
    VP_CHOICE_TPM,
    VP_CHOICE_RAM,
    VP_CHOICE_MAC,
    VP_CHOICE_MAC_PREFIX,
    VP_CHOICE_NETWORK,
    VP_CHOICE_NIC,
    VP_CHOICE_ON_MISSING_NETWORK,
    VP_CHOICE_XML,
    VP_CHOICE_ALLOW,
    VP_CHOICE_START,
    VP_CHOICE_AUTOSTART,
    VP_CHOICE_LAST,
} VpChoiceId;

typedef enum {
    VP_FORM_TEXT,  /* one value, the last counts: --name web2, <name>web2</name> */
    VP_FORM_FLAG,  /* --start, <start>yes</start> */
    VP_FORM_TEXTS, /* each counts: --xml A=B, <xml>A=B</xml> */
    VP_FORM_PAIRS, /* --nic 0=user,mac=keep, <nic id="0" to="user" mac="keep"/> */
} VpChoiceForm;

#define VP_CHOICE_FIELDS    4
#define VP_CHOICE_NO_OPTION G_MAXSIZE /* as a member: of files only */

typedef struct {
    const char *name; /* of the option, less its "--", and of the element */
    VpChoiceForm form;
    gsize member; /* of VpImportOptions: offset of its field */
    /* Of pairs: the attributes that are what stands before "=", after it, and what can
     * follow after commas. */
    const char *fields[VP_CHOICE_FIELDS];
    /* What it takes, for people: "NAME", "new|keep|UUID": words in small letters are meant
     * as they stand. NULL for a flag. */
    const char *syntax;
    const char *help; /* what it is, for the comments of a plan */
} VpChoice;

/* The row of @id; static. */
const VpChoice *vp_choice_get(VpChoiceId id);

/* The row of this name; FALSE, nothing set, for none. */
gboolean vp_choice_find(const char *name, VpChoiceId *ret_id);

/* Which of the words of @id's syntax @text is, from 0; VP_ERROR_USAGE, and -1, lists them
 * and names @where. */
int vp_choice_parse_word(VpChoiceId id, const char *text, const char *where, GError **error);

/* The word number @index of @id's syntax; caller frees. */
char *vp_choice_dup_word(VpChoiceId id, int index);
