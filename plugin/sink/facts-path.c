/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is on the host where the files of a plan are to lie. */
#include "host/files.h"
#include "host/trust.h"
#include "image/device.h"
#include "model/domain.h"
#include "sink/facts-parts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The nearest folder above @path that there is; the others are made. */
static char *
existing_folder(const char *path)
{
    char *folder = g_path_get_dirname(path);
    while (!g_file_test(folder, G_FILE_TEST_EXISTS)) {
        char *above = g_path_get_dirname(folder);
        g_free(folder);
        folder = above;
    }
    return folder;
}

/* As the kernel sees both: a link leads where it leads. */
static gboolean
is_below(const char *folder, const char *top)
{
    g_autofree char *real = realpath(folder, NULL);
    g_autofree char *real_top = top ? realpath(top, NULL) : NULL;
    gsize length = real_top ? strlen(real_top) : 0;
    return real && real_top && strncmp(real, real_top, length) == 0 &&
           (real[length] == '/' || real[length] == '\0');
}

/* @make: the folders above @path are libvirt's own and are made where missing. */
static void
look_at_path(VpHostFacts *facts, const char *path, gboolean make)
{
    if (!path)
        return;
    VpPathFact *fact = g_new0(VpPathFact, 1);
    g_autofree char *folder = make ? existing_folder(path) : g_path_get_dirname(path);
    fact->exists = g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK);
    fact->identity = vp_file_identify(path);
    fact->readable = access(path, R_OK) == 0;
    fact->folder_exists = g_file_test(folder, G_FILE_TEST_IS_DIR);
    fact->folder_writable = vp_folder_is_writable(folder);
    fact->in_package = is_below(folder, facts->package);
    if (!vp_space_free(folder, &fact->free, &fact->filesystem, NULL))
        fact->free = G_MAXUINT64;
    g_hash_table_insert(facts->paths, g_strdup(path), fact);
}

/* What the image of a disk is: a device, or a file that QEMU's user has to reach. */
static void
look_at_image(VpHostFacts *facts, const char *path, gboolean read)
{
    VpPathFact *fact = path ? g_hash_table_lookup(facts->paths, path) : NULL;
    VpDeviceState state;
    if (!fact)
        return;
    fact->read_only = fact->exists && access(path, W_OK) < 0;
    if (vp_device_look(path, &state)) {
        fact->is_block = TRUE;
        fact->busy = state.busy;
        fact->read_only |= state.read_only;
        fact->size = state.size;
    } else if (!facts->session && facts->has_qemu_user && fact->folder_exists) {
        fact->barrier = vp_find_barrier(path, read, facts->qemu_uid, facts->qemu_gid);
    }
}

/* What of the package a disk lies on. */
static void
look_at_package_image(VpHostFacts *facts, const VpPlanDisk *disk)
{
    gboolean link = disk->fate == VP_FATE_LINK;
    if (!link && disk->fate != VP_FATE_TAKE)
        return;
    const char *path = link ? ((const VpPlanLayer *)disk->chain->pdata[0])->path : disk->path;
    look_at_path(facts, path, FALSE);
    look_at_image(facts, path, link);
    if (!facts->package_writer)
        facts->package_writer = vp_find_writer(path, facts->caller, &facts->writer_owns);
}

static void
look_at_disks(VpHostFacts *facts, const VpPlan *plan)
{
    for (guint i = 0; i < plan->disks->len; i++) {
        const VpPlanDisk *disk = plan->disks->pdata[i];
        gboolean own = disk->path && facts->images && g_str_has_prefix(disk->path, facts->images);
        look_at_path(facts, disk->path, facts->session && own && !disk->asked);
        look_at_image(facts, disk->path, FALSE);
        look_at_package_image(facts, disk);
    }
}

static void
look_at_files(VpHostFacts *facts, GPtrArray *files)
{
    for (guint i = 0; i < files->len; i++)
        look_at_path(facts, ((const VpPlanFile *)files->pdata[i])->path, facts->session);
}

void
vp_facts_look_at_paths(VpHostFacts *facts, const VpPlan *plan, xmlDoc *domain)
{
    g_autofree char *loader =
        vp_xml_get_text(vp_xml_find_path(xmlDocGetRootElement(domain), "os/loader"));
    look_at_path(facts, loader, FALSE);
    look_at_disks(facts, plan);
    look_at_files(facts, plan->images);
    look_at_files(facts, plan->saves);
    look_at_path(facts, plan->nvram_path, TRUE);
    look_at_path(facts, plan->tpm_path, TRUE);
    look_at_path(facts, plan->ram_path, TRUE);
    look_at_path(facts, plan->save_path, TRUE);
}
