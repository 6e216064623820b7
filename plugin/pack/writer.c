/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pack/writer.h"
#include "base/arrival.h"
#include "base/fd.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

struct _VpPackageWriter {
    VpArrival *arrival;
    GHashTable *folders; /* of char *: the folders made, to be synced */
    gboolean replace;
};

gboolean
vp_package_writer_check(const char *path, gboolean replace, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    if (access(folder, W_OK | X_OK) < 0) {
        vp_error_set_errno(error, errno, "%s: no package can be made in this folder", folder);
        return FALSE;
    }
    if (!g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
        return TRUE;
    g_autofree char *manifest = g_build_filename(path, VP_MANIFEST_NAME, NULL);
    gboolean package =
        !g_file_test(path, G_FILE_TEST_IS_SYMLINK) && g_file_test(manifest, G_FILE_TEST_IS_REGULAR);
    if (package && replace)
        return TRUE;
    if (package) {
        vp_error_set(error, VP_ERROR_FAILED,
                     "%s: the package exists already: replace it with --force, or name another",
                     path);
        vp_error_add_fix(error, "--force");
        return FALSE;
    }
    vp_error_set(error, VP_ERROR_FAILED, "%s: exists already and is no package: name another place",
                 path);
    return FALSE;
}

VpPackageWriter *
vp_package_writer_new(const char *path, gboolean replace, GError **error)
{
    if (!vp_package_writer_check(path, replace, error))
        return NULL;
    g_autoptr(VpArrival) arrival = vp_arrival_new_folder(path, error);
    if (!arrival)
        return NULL;
    VpPackageWriter *writer = g_new0(VpPackageWriter, 1);
    writer->arrival = g_steal_pointer(&arrival);
    writer->folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    writer->replace = replace;
    return writer;
}

void
vp_package_writer_free(VpPackageWriter *writer)
{
    if (!writer)
        return;
    vp_arrival_free(writer->arrival);
    g_hash_table_unref(writer->folders);
    g_free(writer);
}

char *
vp_package_writer_reserve(VpPackageWriter *writer, const char *name, GError **error)
{
    g_assert(vp_member_name_is_safe(name));
    g_autofree char *path = g_build_filename(vp_arrival_get_temporary(writer->arrival), name, NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    if (g_mkdir_with_parents(folder, 0700) < 0) {
        vp_error_set_errno(error, errno, "%s", vp_arrival_get_final(writer->arrival));
        return NULL;
    }
    g_hash_table_add(writer->folders, g_steal_pointer(&folder));
    return g_steal_pointer(&path);
}

static gboolean
write_all(int fd, GBytes *data)
{
    gsize size;
    gconstpointer bytes = g_bytes_get_data(data, &size);
    return vp_fd_pwrite_all(fd, 0, bytes, size) && fsync(fd) == 0;
}

VpMember *
vp_package_writer_add(VpPackageWriter *writer, const char *name, GBytes *data, GError **error)
{
    g_autofree char *path = vp_package_writer_reserve(writer, name, error);
    if (!path)
        return NULL;
    vp_autofd int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 || fchmod(fd, 0600) < 0 || !write_all(fd, data)) {
        vp_error_set_errno(error, errno, "%s/%s", vp_arrival_get_final(writer->arrival), name);
        return NULL;
    }
    g_autofree char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, data);
    return vp_member_new(name, g_bytes_get_size(data), digest);
}

static gboolean
sync_folders(VpPackageWriter *writer, GError **error)
{
    GHashTableIter iter;
    gpointer folder;
    g_hash_table_iter_init(&iter, writer->folders);
    while (g_hash_table_iter_next(&iter, &folder, NULL)) {
        g_autofree char *inside = g_build_filename(folder, ".", NULL);
        if (!vp_sync_folder_of(inside, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
vp_package_writer_commit(VpPackageWriter *writer, const VpManifest *manifest, char **ret_identity,
                         GError **error)
{
    g_autofree char *text = vp_manifest_format(manifest);
    g_autoptr(GBytes) data = g_bytes_new(text, strlen(text));
    /* What we write must be what we read. */
    g_autoptr(VpManifest) reread = vp_manifest_parse(text, strlen(text), error);
    if (!reread) {
        g_prefix_error(error, "the manifest to be written is not valid: ");
        return FALSE;
    }
    VpMember *member = vp_package_writer_add(writer, VP_MANIFEST_NAME, data, error);
    if (!member)
        return FALSE;
    g_autofree char *identity = g_strdup(member->digest);
    vp_member_free(member);
    if (!sync_folders(writer, error) || !vp_arrival_commit(writer->arrival, writer->replace, error))
        return FALSE;
    *ret_identity = g_steal_pointer(&identity);
    return TRUE;
}

void
vp_package_writer_abandon(VpPackageWriter *writer, GError **error)
{
    vp_arrival_abandon(writer->arrival, error);
}
