/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/strings.h"
#include "host/files.h"
#include "source/parts.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_FILE ((goffset)64 * 1024 * 1024) /* bytes: far above any UEFI or TPM state */

/* NULL without error where there is no file. */
static GBytes *
read_file(const char *path, GError **error)
{
    GStatBuf status;
    if (g_stat(path, &status) < 0) {
        if (errno != ENOENT)
            vp_error_set_errno(error, errno, "%s", path);
        return NULL;
    }
    g_autoptr(GError) local = NULL;
    char *data = NULL;
    gsize length = 0;
    if (status.st_size > MAX_FILE) {
        vp_error_set(error, VP_ERROR_FAILED, "%s: larger than 64 MiB", path);
        return NULL;
    }
    if (g_file_get_contents(path, &data, &length, &local))
        return g_bytes_new_take(data, length);
    vp_error_set(error, VP_ERROR_FAILED, "%s", local->message);
    return NULL;
}

static gboolean
read_nvram(const VpOpening *opening, GError **error)
{
    g_autofree char *path = NULL;
    if (!vp_domain_has_nvram(opening->live ? opening->live : opening->machine->domain, &path))
        return TRUE;
    if (!path)
        path =
            vp_path_nvram(vp_source_get_scope(opening), vp_virt_domain_get_name(opening->domain));
    g_autoptr(GError) local = NULL;
    if (!vp_file_check_readable(path, "the UEFI variables", error))
        return FALSE;
    opening->machine->nvram = read_file(path, &local);
    if (local) {
        g_propagate_error(error, g_steal_pointer(&local));
        return FALSE;
    }
    if (!opening->machine->nvram)
        vp_machine_leave_out(opening->machine, "nvram", "the domain has none yet");
    return TRUE;
}

/* Adds the files below @folder; swtpm's lock is none of its state. */
static gboolean
read_folder(const VpOpening *opening, const char *folder, const char *prefix, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    if (!dir) {
        vp_error_set_errno(error, errno, "%s", folder);
        return FALSE;
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir));)
        g_ptr_array_add(names, g_strdup(name));
    vp_strings_sort(names);

    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *member = g_strconcat(prefix, name, NULL);
        if (!vp_member_name_is_safe(member))
            continue;
        if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
            g_autofree char *below = g_strconcat(member, "/", NULL);
            if (!read_folder(opening, path, below, error))
                return FALSE;
            continue;
        }
        g_autoptr(GError) local = NULL;
        g_autoptr(GBytes) data = read_file(path, &local);
        if (local) {
            g_propagate_error(error, g_steal_pointer(&local));
            return FALSE;
        }
        if (data)
            vp_machine_add_tpm(opening->machine, member, data);
    }
    return TRUE;
}

static gboolean
read_tpm(const VpOpening *opening, GError **error)
{
    if (!vp_domain_has_tpm(opening->machine->domain))
        return TRUE;
    g_autofree char *folder =
        vp_path_tpm(vp_source_get_scope(opening), vp_virt_domain_get_uuid(opening->domain));
    if (!vp_file_check_readable(folder, "the TPM's state", error))
        return FALSE;
    if (g_file_test(folder, G_FILE_TEST_IS_DIR) && !read_folder(opening, folder, "", error))
        return FALSE;
    if (opening->machine->tpm->len == 0)
        vp_machine_leave_out(opening->machine, "tpm", "the domain has no TPM state yet");
    return TRUE;
}

/* QEMU's migration stream has its own copy of both, and a resume puts it in place. */
static void
tell_of_now(const VpOpening *opening, const char *resource, const char *what)
{
    if (!opening->snapshots || opening->snapshots->len == 0)
        return;
    if (opening->snapshot && opening->machine->ram) {
        vp_report_add(opening->report, VP_FINDING_UNCHECKED, VP_LEVEL_NOTE, resource,
                      "the %s of that moment: in its RAM only; what goes along beside it, for a "
                      "boot from the disks, is of now",
                      what);
        vp_machine_leave_out(opening->machine, resource,
                             "of the moment of the snapshot, but for its RAM; that of the time of "
                             "export is here");
        return;
    }
    vp_report_add(opening->report, VP_FINDING_UNCHECKED, VP_LEVEL_WARNING, resource,
                  "libvirt's snapshots leave the %s out: that of now goes along", what);
    vp_machine_leave_out(opening->machine, resource,
                         opening->snapshot
                             ? "of the moment of the snapshot; that of the time of export is here"
                             : "of the moments of the snapshots; that of now is here");
}

static gboolean
leave_state_out(const VpOpening *opening)
{
    VpMachine *machine = opening->machine;
    g_autofree char *path = NULL;
    if (vp_domain_has_nvram(machine->domain, &path))
        vp_machine_leave_out(machine, "nvram", "configuration only");
    if (vp_domain_has_tpm(machine->domain))
        vp_machine_leave_out(machine, "tpm", "configuration only");
    return TRUE;
}

gboolean
vp_source_read_state(const VpOpening *opening, GError **error)
{
    if (opening->options->config_only)
        return leave_state_out(opening);
    if (!read_nvram(opening, error) || !read_tpm(opening, error))
        return FALSE;
    if (opening->machine->nvram)
        tell_of_now(opening, "nvram", "UEFI variables");
    if (opening->machine->tpm->len > 0)
        tell_of_now(opening, "tpm", "TPM's state");
    return TRUE;
}
