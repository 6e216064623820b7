/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/parts.h"

/* An internal snapshot that must be there to the end, and the same. */
typedef struct {
    char *path;
    char *name;
    VpSnapshotEntry entry;
} Proof;

static void
proof_free(gpointer data)
{
    Proof *proof = data;
    g_free(proof->path);
    g_free(proof->name);
    g_free(proof);
}

void
vp_source_explain_deleted(const char *path, const char *name, GError **error)
{
    gboolean there = g_file_test(path, G_FILE_TEST_EXISTS);
    if (!there || !error || !g_error_matches(*error, VP_ERROR, VP_ERROR_NOT_FOUND))
        return;
    g_clear_error(error);
    vp_error_set(error, VP_ERROR_FAILED,
                 "%s: the snapshot %s was deleted while it was read: what was read of it may be "
                 "something else, and is thrown away",
                 path, name);
}

static gboolean
prove(gpointer data, GError **error)
{
    const Proof *proof = data;
    VpSnapshotEntry entry;
    if (!vp_snapshot_lookup(proof->path, proof->name, &entry, error)) {
        vp_source_explain_deleted(proof->path, proof->name, error);
        return FALSE;
    }
    if (entry.taken == proof->entry.taken && entry.l1_offset == proof->entry.l1_offset)
        return TRUE;
    vp_error_set(error, VP_ERROR_FAILED, "%s: the snapshot %s was made anew while it was read",
                 proof->path, proof->name);
    return FALSE;
}

gboolean
vp_source_add_proof(const VpOpening *opening, const VpLayer *layer, GError **error)
{
    const char *name = opening->snapshot->name;
    VpSnapshotEntry entry;
    if (!vp_snapshot_lookup(layer->path, name, &entry, error))
        return FALSE;
    Proof *proof = g_new0(Proof, 1);
    proof->path = g_strdup(layer->path);
    proof->name = g_strdup(name);
    proof->entry = entry;
    vp_machine_add_proof(opening->machine, prove, proof, proof_free);
    return TRUE;
}
