/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pack/package.h"
#include "base/fd.h"
#include "base/strings.h"
#include "pack/taken.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

struct _VpPackage {
    char *path;
    int fd; /* of the folder */
    char *identity;
    VpManifest *manifest;
};

/* To open a device can do things already (wind a tape, arm a watchdog): it is looked at
 * first. Only root could put one in its place meanwhile; who opens looks again. */
static gboolean
is_device(int folder, const char *name)
{
    struct stat status;
    return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           (S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode));
}

/* Opens @name below @folder, one part at a time and none through a link; ENXIO for a
 * device. */
static int
open_beneath(int folder, const char *name)
{
    g_auto(GStrv) parts = g_strsplit(name, "/", -1);
    vp_autofd int at = fcntl(folder, F_DUPFD_CLOEXEC, 0);
    for (guint i = 0; parts[i] && at >= 0; i++) {
        int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
        gboolean device = is_device(at, parts[i]);
        int next = device ? -1 : openat(at, parts[i], parts[i + 1] ? flags | O_DIRECTORY : flags);
        vp_fd_clear(&at);
        at = next;
        if (device)
            errno = ENXIO;
    }
    return g_steal_fd(&at);
}

static void
set_open_error(const VpPackage *package, const char *name, GError **error)
{
    if (errno == ELOOP || errno == ENXIO || errno == ENOTDIR)
        vp_error_set(error, VP_ERROR_UNSAFE, "%s: the member %s is a link or no plain file",
                     package->path, name);
    else if (errno == ENOENT)
        vp_error_set(error, VP_ERROR_DAMAGED, "%s: the member %s is missing", package->path, name);
    else
        vp_error_set_errno(error, errno, "%s/%s", package->path, name);
}

/* A descriptor of the plain file @name, and its size. */
static int
open_plain(const VpPackage *package, const char *name, guint64 *ret_size, GError **error)
{
    vp_autofd int fd = open_beneath(package->fd, name);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) < 0) {
        set_open_error(package, name, error);
        return -1;
    }
    if (!S_ISREG(status.st_mode)) {
        vp_error_set(error, VP_ERROR_UNSAFE, "%s: the member %s is no plain file", package->path,
                     name);
        return -1;
    }
    *ret_size = (guint64)status.st_size;
    return g_steal_fd(&fd);
}

int
vp_package_open_member(const VpPackage *package, const char *name, guint64 size, GError **error)
{
    guint64 actual;
    vp_autofd int fd = open_plain(package, name, &actual, error);
    if (fd >= 0 && actual != size) {
        vp_error_set(error, VP_ERROR_DAMAGED,
                     "%s: the member %s has %" G_GUINT64_FORMAT " bytes, the manifest says "
                     "%" G_GUINT64_FORMAT,
                     package->path, name, actual, size);
        return -1;
    }
    return g_steal_fd(&fd);
}

static GBytes *
read_all(const VpPackage *package, const char *name, int fd, gsize size, GError **error)
{
    g_autofree char *data = g_malloc(MAX(size, 1));
    if (vp_fd_pread_all(fd, 0, data, size))
        return g_bytes_new_take(g_steal_pointer(&data), size);
    if (errno == 0)
        vp_error_set(error, VP_ERROR_DAMAGED, "%s: the member %s became shorter while read",
                     package->path, name);
    else
        vp_error_set_errno(error, errno, "%s/%s", package->path, name);
    return NULL;
}

static GBytes *
load(const VpPackage *package, const char *name, guint64 limit, GError **error)
{
    guint64 size;
    vp_autofd int fd = open_plain(package, name, &size, error);
    if (fd < 0)
        return NULL;
    if (size > limit) {
        vp_error_set(error, VP_ERROR_UNSAFE,
                     "%s: the member %s is larger than %" G_GUINT64_FORMAT " MiB", package->path,
                     name, limit / 1024 / 1024);
        return NULL;
    }
    return read_all(package, name, fd, (gsize)size, error);
}

GBytes *
vp_package_load_member(const VpPackage *package, const VpMember *member, GError **error)
{
    g_autoptr(GBytes) bytes = load(package, member->name, VP_PACKAGE_MAX_MEMBER, error);
    if (!bytes)
        return NULL;
    g_autofree char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    if (g_bytes_get_size(bytes) == member->size && strcmp(digest, member->digest) == 0)
        return g_steal_pointer(&bytes);
    vp_error_set(error, VP_ERROR_DAMAGED, "%s: the member %s is not what the manifest says",
                 package->path, member->name);
    return NULL;
}

VpRam *
vp_package_load_ram(const VpPackage *package, const VpMomentRam *ram, GError **error)
{
    g_autoptr(GBytes) bytes = vp_package_load_member(package, ram->description, error);
    if (!bytes)
        return NULL;
    gsize length;
    const char *text = g_bytes_get_data(bytes, &length);
    return vp_ram_parse(text, length, error);
}

static gboolean
open_folder(VpPackage *package, const char *path, GError **error)
{
    package->path = g_canonicalize_filename(path, NULL);
    package->fd = open(package->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (package->fd >= 0)
        return TRUE;
    if (errno == ENOTDIR)
        vp_error_set(error, VP_ERROR_DAMAGED, "%s: not a package: a package is a folder",
                     package->path);
    else if (errno == ENOENT)
        vp_error_set(error, VP_ERROR_NOT_FOUND,
                     "%s: there is no such package: give the path of its folder", package->path);
    else
        vp_error_set_errno(error, errno, "%s", package->path);
    return FALSE;
}

void
vp_package_advise(GError **error)
{
    if (!error || !g_error_matches(*error, VP_ERROR, VP_ERROR_DAMAGED))
        return;
    g_autofree char *message = (*error)->message;
    (*error)->message =
        g_strconcat(message, ": export it again, or copy it again from where it is whole", NULL);
}

static gboolean
load_manifest(VpPackage *package, GError **error)
{
    if (faccessat(package->fd, VP_MANIFEST_NAME, F_OK, AT_SYMLINK_NOFOLLOW) < 0 &&
        errno == ENOENT) {
        if (vp_package_is_taken(package->fd, package->path, error))
            return FALSE;
        vp_error_set(error, VP_ERROR_DAMAGED,
                     "%s: no package, or one whose export did not end: it has no %s", package->path,
                     VP_MANIFEST_NAME);
        return FALSE;
    }
    g_autoptr(GBytes) bytes = load(package, VP_MANIFEST_NAME, VP_XML_MAX_SIZE, error);
    if (!bytes)
        return FALSE;
    gsize length;
    const char *text = g_bytes_get_data(bytes, &length);
    package->manifest = vp_manifest_parse(text, length, error);
    if (!package->manifest) {
        g_prefix_error(error, "%s: ", package->path);
        return FALSE;
    }
    package->identity = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes);
    return TRUE;
}

VpPackage *
vp_package_open(const char *path, GError **error)
{
    g_autoptr(VpPackage) package = g_new0(VpPackage, 1);
    package->fd = -1;
    if (!open_folder(package, path, error))
        return NULL;
    if (load_manifest(package, error))
        return g_steal_pointer(&package);
    vp_package_advise(error);
    return NULL;
}

void
vp_package_close(VpPackage *package)
{
    if (!package)
        return;
    vp_fd_clear(&package->fd);
    g_free(package->path);
    g_free(package->identity);
    vp_manifest_free(package->manifest);
    g_free(package);
}

const char *
vp_package_get_path(const VpPackage *package)
{
    return package->path;
}

const char *
vp_package_get_identity(const VpPackage *package)
{
    return package->identity;
}

const VpManifest *
vp_package_get_manifest(const VpPackage *package)
{
    return package->manifest;
}

VpManifest *
vp_package_steal_manifest(VpPackage *package)
{
    return g_steal_pointer(&package->manifest);
}

/* A member, and every folder on the way to it. */
static void
note_known(const char *name, guint64 size, gpointer data)
{
    GHashTable *known = data;
    g_hash_table_add(known, g_strdup(name));
    for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/'))
        g_hash_table_add(known, g_strndup(name, (gsize)(slash - name)));
}

static gboolean
collect_extra(int folder, const char *prefix, GHashTable *known, GPtrArray *extra)
{
    vp_autofd int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir)
        return FALSE;
    g_steal_fd(&fd);
    const struct dirent *entry;
    while ((entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        g_autofree char *name = g_strconcat(prefix, entry->d_name, NULL);
        if (!g_hash_table_contains(known, name)) {
            g_ptr_array_add(extra, g_steal_pointer(&name));
            continue;
        }
        vp_autofd int below =
            openat(folder, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        g_autofree char *deeper = g_strconcat(name, "/", NULL);
        if (below >= 0 && !collect_extra(below, deeper, known, extra)) {
            closedir(dir);
            return FALSE;
        }
    }
    closedir(dir);
    return TRUE;
}

GPtrArray *
vp_package_find_extra(const VpPackage *package, GError **error)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_add(known, g_strdup(VP_MANIFEST_NAME));
    vp_manifest_foreach_member(package->manifest, note_known, known);
    g_autoptr(GPtrArray) extra = g_ptr_array_new_with_free_func(g_free);
    if (!collect_extra(package->fd, "", known, extra)) {
        vp_error_set_errno(error, errno, "%s", package->path);
        return NULL;
    }
    vp_strings_sort(extra);
    return g_steal_pointer(&extra);
}
