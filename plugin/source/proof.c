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

static gboolean
prove(gpointer data, GError **error)
{
    const Proof *proof = data;
    VpSnapshotEntry entry;
    if (!vp_snapshot_lookup(proof->path, proof->name, &entry, error))
        return FALSE;
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
