/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a running domain is asked for, and where its QEMU may put files. */
#include "base/arrival.h"
#include "host/scratch.h"
#include "virt/backup.h"

#include <glib/gstdio.h>
#include <string.h>

static char *
format(VpBackupMode mode)
{
    VpBackupSpec spec;
    vp_backup_spec_init(&spec);
    spec.mode = mode;
    vp_backup_spec_add(&spec, "vda", TRUE);
    vp_backup_spec_add(&spec, "hdc", FALSE);
    vp_backup_spec_add(&spec, "sd<b", TRUE);
    vp_backup_spec_place(&spec, "/old", "/old/sock");
    vp_backup_spec_place(&spec, "/a&b", "/run/vp.sock");
    char *xml = vp_backup_format_xml(&spec);
    vp_backup_spec_clear(&spec);
    return xml;
}

static void
test_pull(void)
{
    g_autofree char *xml = format(VP_BACKUP_PULL);

    g_assert_cmpstr(xml, ==,
                    "<domainbackup mode=\"pull\">\n"
                    "  <server transport=\"unix\" socket=\"/run/vp.sock\"/>\n"
                    "  <disks>\n"
                    "    <disk name=\"vda\" backup=\"yes\" type=\"file\" exportname=\"vda\">\n"
                    "      <driver type=\"qcow2\"/>\n"
                    "      <scratch file=\"/a&amp;b/0.qcow2\"/>\n"
                    "    </disk>\n"
                    "    <disk name=\"hdc\" backup=\"no\"/>\n"
                    "    <disk name=\"sd&lt;b\" backup=\"yes\" type=\"file\" "
                    "exportname=\"sd&lt;b\">\n"
                    "      <driver type=\"qcow2\"/>\n"
                    "      <scratch file=\"/a&amp;b/2.qcow2\"/>\n"
                    "    </disk>\n"
                    "  </disks>\n"
                    "</domainbackup>\n");
}

static void
test_push(void)
{
    g_autofree char *xml = format(VP_BACKUP_PUSH);

    g_assert_cmpstr(xml, ==,
                    "<domainbackup mode=\"push\">\n"
                    "  <disks>\n"
                    "    <disk name=\"vda\" backup=\"yes\" type=\"file\">\n"
                    "      <driver type=\"raw\"/>\n"
                    "      <target file=\"/a&amp;b/0.raw\"/>\n"
                    "    </disk>\n"
                    "    <disk name=\"hdc\" backup=\"no\"/>\n"
                    "    <disk name=\"sd&lt;b\" backup=\"yes\" type=\"file\">\n"
                    "      <driver type=\"raw\"/>\n"
                    "      <target file=\"/a&amp;b/2.raw\"/>\n"
                    "    </disk>\n"
                    "  </disks>\n"
                    "</domainbackup>\n");
}

static void
test_needed(void)
{
    VpBackupSpec spec;
    vp_backup_spec_init(&spec);
    g_assert_false(vp_backup_spec_is_needed(&spec));
    vp_backup_spec_add(&spec, "hdc", FALSE);
    g_assert_false(vp_backup_spec_is_needed(&spec));
    vp_backup_spec_add(&spec, "vda", TRUE);
    g_assert_true(vp_backup_spec_is_needed(&spec));
    vp_backup_spec_clear(&spec);
}

static char *
make_folder(void)
{
    return g_dir_make_tmp("vp-XXXXXX", NULL);
}

static void
remove_folder(char *folder)
{
    g_assert_true(vp_remove_tree(folder, NULL));
    g_free(folder);
}

static void
test_sort(void)
{
    char *folder = make_folder();
    const char *const folders[] = {"/no/such/folder", folder, NULL};
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) found = vp_scratch_sort(folders, 1, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(g_strv_length(found), ==, 1);
    g_assert_cmpstr(found[0], ==, folder);
    g_assert_null(vp_scratch_sort(folders, G_MAXUINT64, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    g_assert_nonnull(strstr(error->message, folder));
    remove_folder(folder);
}

static void
test_make(void)
{
    char *folder = make_folder();
    const char *const folders[] = {"/no/such/folder", folder, NULL};
    g_autoptr(GError) error = NULL;
    g_autofree char *made = vp_scratch_make(folders, folder, &error);
    GStatBuf status;

    g_assert_no_error(error);
    g_assert_true(g_str_has_prefix(made, folder));
    g_assert_cmpint(g_stat(made, &status), ==, 0);
    g_assert_cmpuint(status.st_mode & 0777, ==, 0700);
    remove_folder(folder);
}

/* libvirt cuts the name at 20 characters; a folder of another domain with the number is
 * left over from a host that was cut off. */
static void
test_run_folder(void)
{
    static const char *const names[] = {"domain-7-old", "domain-7-a-name-of-more-than-",
                                        "domain-70-x"};
    char *home = make_folder();
    g_setenv("XDG_CONFIG_HOME", home, TRUE);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(home, "libvirt/qemu/lib", names[i], NULL);
        g_assert_cmpint(g_mkdir_with_parents(path, 0700), ==, 0);
    }
    g_autoptr(GError) error = NULL;
    g_autofree char *found =
        vp_scratch_find_run_folder(VP_SCOPE_SESSION, 7, "a-name-of-more-than-twenty", &error);
    g_assert_no_error(error);
    g_assert_true(g_str_has_suffix(found, names[1]));
    g_assert_null(vp_scratch_find_run_folder(VP_SCOPE_SESSION, 8, "x", &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    remove_folder(home);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/backup/pull", test_pull);
    g_test_add_func("/backup/push", test_push);
    g_test_add_func("/backup/needed", test_needed);
    g_test_add_func("/scratch/sort", test_sort);
    g_test_add_func("/scratch/make", test_make);
    g_test_add_func("/scratch/run-folder", test_run_folder);
    return g_test_run();
}
