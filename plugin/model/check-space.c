/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether what a plan makes has room. */
#include "model/check-parts.h"

/* Returns what is needed there now. */
static guint64
add_need(GHashTable *needs, guint64 filesystem, guint64 bytes)
{
    guint64 *need = g_hash_table_lookup(needs, &filesystem);
    if (!need) {
        guint64 *key = g_memdup2(&filesystem, sizeof(filesystem));
        need = g_new0(guint64, 1);
        g_hash_table_insert(needs, key, need);
    }
    *need += bytes;
    return *need;
}

void
vp_check_tell_no_space(const VpCheck *check, const char *resource, const char *path, guint64 need,
                       guint64 free)
{
    g_autofree char *wanted = g_format_size_full(need, G_FORMAT_SIZE_IEC_UNITS);
    g_autofree char *there = g_format_size_full(free, G_FORMAT_SIZE_IEC_UNITS);
    vp_report_add(check->report, VP_FINDING_NO_SPACE, VP_LEVEL_ERROR, resource,
                  "%s are needed where %s goes, and %s are free", wanted, path, there);
}

/* The RAM lies beside the disks until it is resumed, and where libvirt saves it. */
static void
check_ram_space(const VpCheck *check, GHashTable *needs)
{
    const char *const paths[] = {check->plan->ram_path, check->plan->save_path};
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        const VpPathFact *fact = paths[i] ? vp_host_facts_find(check->facts, paths[i]) : NULL;
        if (!fact)
            continue;
        guint64 need = add_need(needs, fact->filesystem, check->machine->ram->size);
        if (need <= fact->free)
            continue;
        vp_check_tell_no_space(check, "ram", paths[i], need, fact->free);
        vp_report_add_fix(check->report, "--ram drop");
    }
}

static void
check_files_space(const VpCheck *check, GPtrArray *files, GHashTable *needs)
{
    for (guint i = 0; i < files->len; i++) {
        const VpPlanFile *file = files->pdata[i];
        const VpPathFact *fact =
            file->is_disk ? NULL : vp_host_facts_find(check->facts, file->path);
        guint64 need = fact ? add_need(needs, fact->filesystem, file->bytes) : 0;
        if (!fact || need <= fact->free)
            continue;
        vp_check_tell_no_space(check, file->resource, file->path, need, fact->free);
        vp_report_add_fix(check->report, "--dir DIR");
    }
}

void
vp_check_space(const VpCheck *check)
{
    g_autoptr(GHashTable) needs =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    for (guint i = 0; i < check->plan->disks->len; i++) {
        const VpPlanDisk *entry = check->plan->disks->pdata[i];
        const VpPathFact *fact =
            entry->fate == VP_FATE_COPY ? vp_host_facts_find(check->facts, entry->path) : NULL;
        const VpMachineDisk *part = vp_machine_find_disk(check->machine, entry->target);
        if (!fact || !part || !fact->folder_exists || entry->is_block)
            continue;
        guint64 need = add_need(needs, fact->filesystem, part->bytes);
        if (need <= fact->free)
            continue;
        g_autofree char *resource = g_strdup_printf("disk:%s", entry->target);
        vp_check_tell_no_space(check, resource, entry->path, need, fact->free);
        if (vp_check_goes_by_dir(check, resource))
            vp_report_add_fix(check->report, "--dir DIR");
        vp_report_add_fix(check->report, "--disk %s=PATH", entry->target);
    }
    check_files_space(check, check->plan->images, needs);
    check_files_space(check, check->plan->saves, needs);
    check_ram_space(check, needs);
}
