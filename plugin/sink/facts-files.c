/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the disks of the domains of a host lie on. */
#include "host/files.h"
#include "image/backing.h"
#include "model/domain.h"
#include "sink/facts-parts.h"

#define LAYERS_MAX 200

static void
add_path(GPtrArray *paths, const char *path, const VpHostFacts *facts)
{
    char *identity = path && facts->local ? vp_file_identify(path) : NULL;
    if (path)
        g_ptr_array_add(paths, g_strdup(path));
    if (identity)
        g_ptr_array_add(paths, identity);
}

/* Where the definition does not say what lies below, libvirt goes by the headers too. */
static void
add_backing(GPtrArray *paths, const char *path, const char *format, const VpHostFacts *facts)
{
    g_autofree char *image = g_strdup(path);
    g_autofree char *kind = g_strdup(format);
    for (guint i = 0; i < LAYERS_MAX && image && g_strcmp0(kind, "qcow2") == 0; i++) {
        g_clear_pointer(&kind, g_free);
        char *below = vp_image_find_backing(image, &kind);
        add_path(paths, below, facts);
        g_free(image);
        image = below;
    }
}

static char *
find_volume(const VpDomainDisk *disk, const VpHostFacts *facts)
{
    const VpPoolFact *pool = disk->pool ? vp_host_facts_find_pool(facts, disk->pool) : NULL;
    return pool && disk->volume ? vp_pool_get_path(pool, disk->volume) : NULL;
}

static void
add_disk(GPtrArray *paths, const VpDomainDisk *disk, const VpHostFacts *facts)
{
    g_autofree char *path = disk->path ? g_strdup(disk->path) : find_volume(disk, facts);
    g_autofree char *format = g_strdup(disk->format);
    add_path(paths, path, facts);
    for (const xmlNode *below = vp_xml_find(disk->node, "backingStore"); below;
         below = vp_xml_find(below, "backingStore")) {
        const xmlNode *source = vp_xml_find(below, "source");
        if (!source)
            return; /* the chain ends */
        g_free(path);
        g_free(format);
        path = vp_xml_get(source, vp_xml_has(below, "type", "block") ? "dev" : "file");
        format = vp_xml_get(vp_xml_find(below, "format"), "type");
        add_path(paths, path, facts);
    }
    if (facts->local)
        add_backing(paths, path, format, facts);
}

GStrv
vp_facts_list_files(xmlDoc *domain, const VpHostFacts *facts)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(domain);
    GPtrArray *paths = g_ptr_array_new();
    for (guint i = 0; i < disks->len; i++) {
        const VpDomainDisk *disk = disks->pdata[i];
        if (disk->kind == VP_SOURCE_NETWORK)
            g_ptr_array_add(paths, vp_domain_source_get_key(disk->source));
        else
            add_disk(paths, disk, facts);
    }
    return vp_strv_take(paths);
}
