/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * journal: what an operation made and has to take back when it fails, as plain data. How an
 * entry is undone stands in ops/undo.c.
 */
#pragma once

#include "base/error.h"

typedef enum {
    VP_JOURNAL_FILE,   /* a path to unlink */
    VP_JOURNAL_FOLDER, /* a folder to remove if nothing is in it: others may use it by now */
    VP_JOURNAL_TREE,   /* a folder to remove with all it holds */
    VP_JOURNAL_VOLUME, /* "POOL/VOLUME" to delete */
    VP_JOURNAL_DEVICE, /* a block device whose old contents are lost */
    VP_JOURNAL_TAKEN,  /* a package whose files became a domain's */
    VP_JOURNAL_OWNER,  /* "UID:GID:MODE:PATH": what a file had before, octal */
    VP_JOURNAL_DOMAIN, /* a UUID to undefine */
    VP_JOURNAL_RUN,    /* a UUID whose run ends */
} VpJournalKind;

typedef struct {
    VpJournalKind kind;
    char *what;
} VpJournalEntry;

typedef struct _VpJournal VpJournal;

VpJournal *vp_journal_new(void);
void vp_journal_free(VpJournal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpJournal, vp_journal_free)

/* Notes what was made, or is about to be where nobody else can have made the same. */
void vp_journal_note(VpJournal *journal, VpJournalKind kind, const char *what);

/* Takes the newest entry off; NULL when none is left. Caller frees. */
VpJournalEntry *vp_journal_pop(VpJournal *journal);
void vp_journal_entry_free(VpJournalEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(VpJournalEntry, vp_journal_entry_free)
