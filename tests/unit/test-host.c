/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* host/: owners, modes, folders, and where libvirt keeps its files. */
#include "host/devices.h"
#include "host/files.h"
#include "host/paths.h"
#include "host/trust.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEEP G_MAXUINT32

typedef struct {
    const char *text;
    guint32 uid, gid;
    const char *unknown;
} OwnerRow;

static const OwnerRow owner_rows[] = {
    {"root", 0, KEEP, NULL},
    {"root:", 0, 0, NULL},
    {"root:root", 0, 0, NULL},
    {":root", KEEP, 0, NULL},
    {"+0:", 0, 0, NULL},
    {"+1234567", 1234567, KEEP, NULL},
    {"+1234567:+7654321", 1234567, 7654321, NULL},
    {":+7654321", KEEP, 7654321, NULL},
    {"+1234567:", 1234567, KEEP, "+1234567"},
    {"no-such-user", KEEP, KEEP, "no-such-user"},
    {"no-such-user:", KEEP, KEEP, "no-such-user"},
    {"root:no-such-group", 0, KEEP, "no-such-group"},
    {"12345678", KEEP, KEEP, "12345678"},
};

static void
test_owner(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(owner_rows); i++) {
        const OwnerRow *row = &owner_rows[i];
        g_autoptr(GError) error = NULL;
        g_autofree char *unknown = NULL;
        VpOwner owner = {.uid = 1, .gid = 1};

        g_test_message("%s", row->text);
        g_assert_true(vp_owner_parse(row->text, "--owner", &owner, &unknown, &error));
        g_assert_no_error(error);
        g_assert_cmpuint(owner.uid, ==, row->uid);
        g_assert_cmpuint(owner.gid, ==, row->gid);
        g_assert_cmpstr(unknown, ==, row->unknown);
    }
}

static void
test_owner_malformed(void)
{
    static const char *const texts[] = {
        "", ":", "a:b:c", "+", "+x", "root:+", "root:+x", "+-1", "+4294967295", "+99999999999",
    };

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        char *unknown = (char *)"untouched";
        VpOwner owner = {.uid = 1, .gid = 1};

        g_test_message("%s", texts[i]);
        g_assert_false(vp_owner_parse(texts[i], "--owner", &owner, &unknown, &error));
        g_assert_error(error, VP_ERROR, VP_ERROR_USAGE);
        g_assert_cmpuint(owner.uid, ==, 1);
        g_assert_cmpstr(unknown, ==, "untouched");
    }
}

static void
test_mode(void)
{
    static const struct {
        const char *text;
        mode_t mode;
    } rows[] = {{"0", 0}, {"600", 0600}, {"0640", 0640}, {"777", 0777}, {"0777", 0777}};
    static const char *const malformed[] = {"", "8", "1777", "0x7", "-1", "rw", "600 ", "+7"};

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        mode_t mode = 07777;
        g_assert_true(vp_mode_parse(rows[i].text, "--file-mode", &mode, &error));
        g_assert_cmpuint(mode, ==, rows[i].mode);
    }
    for (guint i = 0; i < G_N_ELEMENTS(malformed); i++) {
        g_autoptr(GError) error = NULL;
        mode_t mode = 07777;
        g_test_message("%s", malformed[i]);
        g_assert_false(vp_mode_parse(malformed[i], "--file-mode", &mode, &error));
        g_assert_error(error, VP_ERROR, VP_ERROR_USAGE);
        g_assert_nonnull(strstr(error->message, "--file-mode"));
        g_assert_cmpuint(mode, ==, 07777);
    }
}

static void
test_space(void)
{
    g_autoptr(GError) error = NULL;
    guint64 bytes = 0, first = 0, second = 0, other = 0;

    g_assert_true(vp_space_free(g_get_tmp_dir(), &bytes, &first, &error));
    g_assert_cmpuint(bytes, >, 0);
    g_assert_true(vp_space_free(g_get_tmp_dir(), &bytes, &second, &error));
    g_assert_cmpuint(first, ==, second);
    g_assert_true(vp_space_free("/proc", &bytes, &other, &error));
    g_assert_cmpuint(first, !=, other);
    g_assert_false(vp_space_free("/nonexistent/folder", &bytes, &other, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_NOT_FOUND);
}

/* Root may write anywhere: it becomes somebody else for the question. */
static gboolean
ask_unprivileged(const char *folder)
{
    gboolean is_root = geteuid() == 0;

    if (is_root && seteuid(65534) < 0)
        g_error("cannot become another user");
    gboolean writable = vp_folder_is_writable(folder);
    if (is_root && seteuid(0) < 0)
        g_error("cannot become root again");
    return writable;
}

static void
test_writable(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("vp-test-XXXXXX", &error);
    g_assert_no_error(error);
    g_autofree char *file = g_build_filename(folder, "file", NULL);
    g_assert_true(g_file_set_contents(file, "", 0, NULL));

    g_assert_true(vp_folder_is_writable(folder));
    g_chmod(file, 0777);
    g_assert_false(vp_folder_is_writable(file));
    g_unlink(file);
    g_chmod(folder, 0777);
    g_assert_true(ask_unprivileged(folder));
    g_chmod(folder, 0555);
    g_assert_false(ask_unprivileged(folder));
    g_rmdir(folder);
    g_assert_false(vp_folder_is_writable(folder));
}

static void
test_interface(void)
{
    g_assert_true(vp_interface_exists("lo"));
    g_assert_false(vp_bridge_exists("lo"));
    g_assert_false(vp_interface_exists("no-such-device"));
    g_assert_false(vp_interface_exists("../net/lo"));
    g_assert_false(vp_interface_exists(".."));
    g_assert_false(vp_interface_exists(""));
}

static void
assert_caller(const char *sudo_user, const char *pkexec_uid, const char *expected)
{
    g_unsetenv("SUDO_USER");
    g_unsetenv("PKEXEC_UID");
    if (sudo_user != NULL)
        g_setenv("SUDO_USER", sudo_user, TRUE);
    if (pkexec_uid != NULL)
        g_setenv("PKEXEC_UID", pkexec_uid, TRUE);
    g_autofree char *name = vp_caller_name();
    g_assert_cmpstr(name, ==, expected);
}

static void
test_caller(void)
{
    const char *me = g_get_user_name();
    g_autofree char *behind = g_strdup_printf("daemon (%s)", me);
    uid_t uid;
    gid_t gid;
    g_assert_true(vp_user_find("daemon", &uid, &gid));
    g_autofree char *number = g_strdup_printf("%u", uid);

    assert_caller(NULL, NULL, me);
    assert_caller("daemon", NULL, behind);
    assert_caller(NULL, number, behind);
    assert_caller(me, NULL, me);
    assert_caller("\x1b[31mforged", NULL, me);
    assert_caller(NULL, "12x", me);
    assert_caller(NULL, NULL, me);
}

static void
assert_path(char *path, const char *expected)
{
    g_assert_cmpstr(path, ==, expected);
    g_free(path);
}

static void
test_paths(void)
{
    assert_path(vp_path_nvram(VP_SCOPE_SYSTEM, "a b"), "/var/lib/libvirt/qemu/nvram/a b_VARS.fd");
    assert_path(vp_path_tpm(VP_SCOPE_SYSTEM, "UUID"), "/var/lib/libvirt/swtpm/UUID");
    assert_path(vp_path_images(VP_SCOPE_SYSTEM), "/var/lib/libvirt/images");
    assert_path(vp_path_nvram(VP_SCOPE_SESSION, "a"), "/cfg/libvirt/qemu/nvram/a_VARS.fd");
    assert_path(vp_path_tpm(VP_SCOPE_SESSION, "UUID"), "/cfg/libvirt/qemu/swtpm/UUID");
    assert_path(vp_path_images(VP_SCOPE_SESSION), "/data/libvirt/images");
    const char *schema = vp_path_domain_schema();
    g_assert_true(schema == NULL || g_file_test(schema, G_FILE_TEST_IS_REGULAR));
}

static void
test_setting(void)
{
    static const char conf[] = "# swtpm_user = \"commented\"\n"
                               "swtpm_username = \"other\"\n"
                               "  swtpm_user=\"quo#ted\" # why\n"
                               "swtpm_group = 'single'\n"
                               "swtpm_us = \"short\"\n"
                               "number\t= 107\t# why\n"
                               "tight = 107#why\n"
                               "broken = \"open\n"
                               "twice = \"first\"\n"
                               "twice = \"second\"\n";

    assert_path(vp_path_parse_setting(conf, "swtpm_user"), "quo#ted");
    assert_path(vp_path_parse_setting(conf, "swtpm_group"), "single");
    assert_path(vp_path_parse_setting(conf, "number"), "107");
    assert_path(vp_path_parse_setting(conf, "tight"), "107");
    assert_path(vp_path_parse_setting(conf, "broken"), NULL);
    assert_path(vp_path_parse_setting(conf, "twice"), "second");
    assert_path(vp_path_parse_setting(conf, "missing"), NULL);
    assert_path(vp_path_parse_setting("", "missing"), NULL);
}

static void
test_tpm_owner(void)
{
    g_autoptr(GError) error = NULL;
    uid_t uid = 7;
    gid_t gid = 7;

    g_assert_true(vp_path_tpm_owner(VP_SCOPE_SESSION, &uid, &gid, &error));
    g_assert_cmpuint(uid, ==, KEEP);
    g_assert_cmpuint(gid, ==, KEEP);
    g_assert_true(vp_path_tpm_owner(VP_SCOPE_SYSTEM, &uid, &gid, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(uid, !=, KEEP);
    g_assert_cmpuint(gid, !=, KEEP);
}

/* Who can write to a path can write to what lies below it; /tmp protects what is the user's. */
static void
test_writer(void)
{
    g_autofree char *folder = g_dir_make_tmp("vp-host-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(folder, "file", NULL);
    g_autofree char *none = NULL, *of_folder = NULL, *of_file = NULL, *of_owner = NULL;
    gboolean owned = FALSE;

    g_assert_true(g_file_set_contents(file, "x", 1, NULL));
    none = vp_find_writer(file, getuid(), &owned);
    g_assert_cmpstr(none, ==, NULL);
    g_assert_cmpint(g_chmod(file, 0660), ==, 0);
    of_file = vp_find_writer(file, getuid(), &owned);
    g_assert_cmpstr(of_file, ==, file);
    g_assert_cmpint(g_chmod(folder, 0702), ==, 0);
    of_folder = vp_find_writer(file, getuid(), &owned);
    g_assert_cmpstr(of_folder, ==, folder);
    g_assert_false(owned);
    if (getuid() != 0) {
        of_owner = vp_find_writer(file, getuid() + 1, &owned);
        g_assert_cmpstr(of_owner, ==, folder);
        g_assert_true(owned);
    }
    g_unlink(file);
    g_rmdir(folder);
}

/* Only root can look with the eyes of another. */
static void
test_barrier(void)
{
    g_autofree char *folder = g_dir_make_tmp("vp-host-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(folder, "file", NULL);
    g_autofree char *before = NULL, *unread = NULL, *reached = NULL, *after = NULL;

    g_assert_true(g_file_set_contents(file, "x", 1, NULL));
    g_assert_cmpint(g_chmod(file, 0600), ==, 0);
    before = vp_find_barrier(file, FALSE, 12345, 12345);
    g_assert_cmpint(g_chmod(folder, 0711), ==, 0);
    reached = vp_find_barrier(file, FALSE, 12345, 12345);
    unread = vp_find_barrier(file, TRUE, 12345, 12345);
    g_assert_cmpint(g_chmod(file, 0604), ==, 0);
    after = vp_find_barrier(file, TRUE, 12345, 12345);
    g_assert_cmpstr(before, ==, getuid() == 0 ? folder : NULL);
    g_assert_cmpstr(reached, ==, NULL);
    g_assert_cmpstr(unread, ==, getuid() == 0 ? file : NULL);
    g_assert_cmpstr(after, ==, NULL);
    g_unlink(file);
    g_rmdir(folder);
}

/* A date that no nanoseconds reach is later than any, not earlier. */
static void
test_written(void)
{
    static const gint64 seconds[] = {-G_MAXINT32, 0, 1, 1700000000, G_MAXINT64 / 1000000000 + 1};
    g_autofree char *folder = g_dir_make_tmp("vp-test-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(folder, "file", NULL);
    gint64 before = vp_file_get_written(file);
    g_assert_cmpint(before, ==, 0);
    g_assert_true(g_file_set_contents(file, "", 0, NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(seconds); i++) {
        const struct timespec times[] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = seconds[i]}};
        g_assert_cmpint(utimensat(AT_FDCWD, file, times, 0), ==, 0);
        g_assert_cmpint(vp_file_get_written(file), >=, MAX(before, 1));
        before = vp_file_get_written(file);
    }
    g_unlink(file);
    g_rmdir(folder);
}

int
main(int argc, char **argv)
{
    /* Before GLib looks: it does so once. */
    g_setenv("XDG_CONFIG_HOME", "/cfg", TRUE);
    g_setenv("XDG_DATA_HOME", "/data", TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/host/owner", test_owner);
    g_test_add_func("/host/owner-malformed", test_owner_malformed);
    g_test_add_func("/host/mode", test_mode);
    g_test_add_func("/host/space", test_space);
    g_test_add_func("/host/writable", test_writable);
    g_test_add_func("/host/interface", test_interface);
    g_test_add_func("/host/caller", test_caller);
    g_test_add_func("/host/paths", test_paths);
    g_test_add_func("/host/setting", test_setting);
    g_test_add_func("/host/tpm-owner", test_tpm_owner);
    g_test_add_func("/host/writer", test_writer);
    g_test_add_func("/host/barrier", test_barrier);
    g_test_add_func("/host/written", test_written);
    return g_test_run();
}
