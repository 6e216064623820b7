/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ops/undo.h: what a journal names goes, newest first, and nothing else. */
#include "base/arrival.h"
#include "ops/undo.h"
#include "pack/taken.h"
#include "virt/define.h"
#include "virt/domain.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define UUID "0ba0ba00-1111-4222-8333-44444444abcd"

typedef struct {
    char *folder;
    VpConnection *connection;
    VpJournal *journal;
    GError *error;
} Fixture;

static void
set_up(Fixture *fixture, gconstpointer data)
{
    fixture->folder = g_dir_make_tmp("vp-undo-XXXXXX", NULL);
    fixture->connection = vp_connection_open("test:///default", NULL);
    fixture->journal = vp_journal_new();
    vp_error_set(&fixture->error, VP_ERROR_DAMAGED, "the reason");
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    vp_journal_free(fixture->journal);
    vp_connection_close(fixture->connection);
    g_assert_true(vp_remove_tree(fixture->folder, NULL));
    g_free(fixture->folder);
    g_clear_error(&fixture->error);
}

static char *
make_file(const Fixture *fixture, const char *name)
{
    char *path = g_build_filename(fixture->folder, name, NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    g_assert_true(g_file_set_contents(path, name, -1, NULL));
    return path;
}

static void
undo(Fixture *fixture)
{
    vp_undo(fixture->journal, fixture->connection, &fixture->error);
    g_assert_null(vp_journal_pop(fixture->journal));
}

static void
test_files(Fixture *fixture, gconstpointer data)
{
    g_autofree char *file = make_file(fixture, "a");
    g_autofree char *kept = make_file(fixture, "b");
    g_autofree char *inside = make_file(fixture, "tree/c/d");
    g_autofree char *tree = g_build_filename(fixture->folder, "tree", NULL);
    g_autofree char *gone = g_build_filename(fixture->folder, "gone", NULL);
    vp_journal_note(fixture->journal, VP_JOURNAL_FILE, file);
    vp_journal_note(fixture->journal, VP_JOURNAL_TREE, tree);
    vp_journal_note(fixture->journal, VP_JOURNAL_FILE, gone);
    undo(fixture);
    g_assert_error(fixture->error, VP_ERROR, VP_ERROR_DAMAGED);
    g_assert_cmpstr(fixture->error->message, ==, "the reason");
    g_assert_false(g_file_test(file, G_FILE_TEST_EXISTS));
    g_assert_false(g_file_test(tree, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(kept, G_FILE_TEST_EXISTS));
}

/* A folder above, that somebody else uses by now, stays and is no fault. */
static void
test_folder_in_use(Fixture *fixture, gconstpointer data)
{
    g_autofree char *ours = make_file(fixture, "above/ours");
    g_autofree char *theirs = make_file(fixture, "above/theirs");
    g_autofree char *above = g_path_get_dirname(ours);
    vp_journal_note(fixture->journal, VP_JOURNAL_FOLDER, above);
    vp_journal_note(fixture->journal, VP_JOURNAL_FILE, ours);
    undo(fixture);
    g_assert_error(fixture->error, VP_ERROR, VP_ERROR_DAMAGED);
    g_assert_true(g_file_test(theirs, G_FILE_TEST_EXISTS));
    g_assert_false(g_file_test(ours, G_FILE_TEST_EXISTS));
}

/* The folder is empty by the time it is its turn: newest first. */
static void
test_order(Fixture *fixture, gconstpointer data)
{
    g_autofree char *file = make_file(fixture, "above/file");
    g_autofree char *above = g_path_get_dirname(file);
    vp_journal_note(fixture->journal, VP_JOURNAL_FOLDER, above);
    vp_journal_note(fixture->journal, VP_JOURNAL_FILE, file);
    undo(fixture);
    g_assert_false(g_file_test(above, G_FILE_TEST_EXISTS));
}

static void
test_domain(Fixture *fixture, gconstpointer data)
{
    static const char xml[] = "<domain type='test'><name>m</name><uuid>" UUID "</uuid>"
                              "<memory>8192</memory><os><type>hvm</type></os></domain>";
    g_autoptr(GError) error = NULL;
    g_assert_true(vp_virt_define(fixture->connection, xml, "m", UUID, &error));
    g_assert_no_error(error);
    vp_journal_note(fixture->journal, VP_JOURNAL_DOMAIN, UUID);
    undo(fixture);
    g_assert_null(vp_virt_domain_lookup(fixture->connection, "m", &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_NOT_FOUND);
    g_autoptr(VpVirtDomain) other = vp_virt_domain_lookup(fixture->connection, "test", NULL);
    g_assert_nonnull(other);
}

static void
test_taken(Fixture *fixture, gconstpointer data)
{
    g_autofree char *manifest = make_file(fixture, "package.xml");
    g_autofree char *disk = make_file(fixture, "vda.raw");
    g_autofree char *owner = g_strdup_printf("%o:%o:640:%s", getuid(), getgid(), disk);
    GStatBuf status;
    g_assert_true(vp_package_take(fixture->folder, &fixture->error));
    g_assert_false(g_file_test(manifest, G_FILE_TEST_EXISTS));
    vp_journal_note(fixture->journal, VP_JOURNAL_TAKEN, fixture->folder);
    vp_journal_note(fixture->journal, VP_JOURNAL_OWNER, owner);
    undo(fixture);
    g_assert_error(fixture->error, VP_ERROR, VP_ERROR_DAMAGED);
    g_assert_true(g_file_test(manifest, G_FILE_TEST_EXISTS));
    g_assert_cmpint(g_stat(disk, &status), ==, 0);
    g_assert_cmpuint(status.st_mode & 07777, ==, 0640);
}

/* Nothing brings back what was on it. */
static void
test_device(Fixture *fixture, gconstpointer data)
{
    vp_journal_note(fixture->journal, VP_JOURNAL_DEVICE, "/dev/loop7");
    undo(fixture);
    g_assert_error(fixture->error, VP_ERROR, VP_ERROR_PARTIAL);
    g_assert_nonnull(strstr(fixture->error->message, "/dev/loop7 is left"));
}

/* An interruption says that nothing is left only where that is so. */
static void
test_interrupted(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GCancellable) cancelled = g_cancellable_new();
    g_clear_error(&fixture->error);
    g_cancellable_cancel(cancelled);
    g_assert_false(vp_check_cancelled(cancelled, &fixture->error));
    vp_journal_note(fixture->journal, VP_JOURNAL_DEVICE, "/dev/loop7");
    undo(fixture);
    g_assert_error(fixture->error, VP_ERROR, VP_ERROR_PARTIAL);
    g_assert_true(g_str_has_prefix(fixture->error->message, "interrupted; the device /dev/loop7"));
}

/* What cannot be undone is named, and the rest is undone all the same. */
static void
test_left(Fixture *fixture, gconstpointer data)
{
    g_autofree char *file = make_file(fixture, "file");
    g_autofree char *below = g_build_filename(file, "below", NULL);
    vp_journal_note(fixture->journal, VP_JOURNAL_FILE, file);
    vp_journal_note(fixture->journal, VP_JOURNAL_FILE, below);
    undo(fixture);
    g_assert_error(fixture->error, VP_ERROR, VP_ERROR_PARTIAL);
    g_assert_true(g_str_has_prefix(fixture->error->message, "the reason; "));
    g_assert_nonnull(strstr(fixture->error->message, below));
    g_assert_cmpint(vp_error_exit_status(fixture->error), ==, 6);
    g_assert_false(g_file_test(file, G_FILE_TEST_EXISTS));
}

#define ADD(name, function) g_test_add("/undo/" name, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("files", test_files);
    ADD("folder-in-use", test_folder_in_use);
    ADD("order", test_order);
    ADD("domain", test_domain);
    ADD("interrupted", test_interrupted);
    ADD("left", test_left);
    ADD("taken", test_taken);
    ADD("device", test_device);
    return g_test_run();
}
