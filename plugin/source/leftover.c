/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An overlay that was there before a snapshot, and that none which libvirt knows has made. */
#include "host/files.h"
#include "image/backing.h"
#include "source/now.h"

#include <string.h>

/* What is searched for. */
typedef struct {
    const VpOpening *opening;
    const char *below; /* what it lies on */
    gint64 birth;      /* what it is older than, or 0 for unknown */
} Search;

/* A device is not opened: some do things then. */
static gboolean
lies_on(const char *path, const char *image)
{
    g_autofree char *format = NULL;
    g_autofree char *below =
        g_file_test(path, G_FILE_TEST_IS_REGULAR) ? vp_image_find_backing(path, &format) : NULL;
    return vp_source_is_same_file(below, image);
}

static gboolean
is_older(const Search *search, const char *path)
{
    return search->birth == 0 || vp_file_get_birth(path) < search->birth;
}

static gboolean
is_known(const Search *search, const char *path)
{
    GPtrArray *snapshots = search->opening->snapshots;
    for (guint i = 0; i < snapshots->len; i++) {
        if (vp_source_has_made(snapshots->pdata[i], path))
            return TRUE;
    }
    return FALSE;
}

static char *
search_folder(const Search *search, const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (lies_on(path, search->below) && is_older(search, path) && !is_known(search, path))
            return g_steal_pointer(&path);
    }
    return NULL;
}

char *
vp_source_find_leftover(const VpOpening *opening, const char *below, const char *overlay)
{
    Search search = {opening, below, vp_file_get_birth(overlay)};
    g_autofree char *first = g_path_get_dirname(below);
    g_autofree char *second = g_path_get_dirname(overlay);
    char *found = search_folder(&search, first);
    return found || strcmp(first, second) == 0 ? found : search_folder(&search, second);
}
