/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/journal.h"

struct _VpJournal {
    GPtrArray *entries; /* of VpJournalEntry, oldest first */
};

VpJournal *
vp_journal_new(void)
{
    VpJournal *journal = g_new0(VpJournal, 1);
    journal->entries = g_ptr_array_new_with_free_func((GDestroyNotify)vp_journal_entry_free);
    return journal;
}

void
vp_journal_free(VpJournal *journal)
{
    g_ptr_array_unref(journal->entries);
    g_free(journal);
}

void
vp_journal_note(VpJournal *journal, VpJournalKind kind, const char *what)
{
    VpJournalEntry *entry = g_new0(VpJournalEntry, 1);
    entry->kind = kind;
    entry->what = g_strdup(what);
    g_ptr_array_add(journal->entries, entry);
}

VpJournalEntry *
vp_journal_pop(VpJournal *journal)
{
    guint count = journal->entries->len;
    return count > 0 ? g_ptr_array_steal_index(journal->entries, count - 1) : NULL;
}

void
vp_journal_entry_free(VpJournalEntry *entry)
{
    g_free(entry->what);
    g_free(entry);
}
