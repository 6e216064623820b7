/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* base/arrival.h: whole under its final name, or not there at all. */
#include "base/arrival.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char *folder;
    char *path; /* "thing" in it */
} Place;

static void
set_up(Place *place, gconstpointer data)
{
    place->folder = g_dir_make_tmp("vp-arrival-XXXXXX", NULL);
    place->path = g_build_filename(place->folder, "thing", NULL);
}

static guint
count_entries(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    guint count = 0;
    while (g_dir_read_name(dir))
        count++;
    return count;
}

static void
tear_down(Place *place, gconstpointer data)
{
    g_assert_true(vp_remove_tree(place->folder, NULL));
    g_assert_false(g_file_test(place->folder, G_FILE_TEST_EXISTS));
    g_free(place->folder);
    g_free(place->path);
}

static void
fill(const char *path, const char *text)
{
    g_assert_true(
        g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_ONLY_EXISTING, 0600, NULL));
}

static void
assert_holds(const char *path, const char *text)
{
    g_autofree char *actual = NULL;
    g_assert_true(g_file_get_contents(path, &actual, NULL, NULL));
    g_assert_cmpstr(actual, ==, text);
}

static VpArrival *
arrive(const Place *place, const char *text)
{
    g_autoptr(GError) error = NULL;
    VpArrival *arrival = vp_arrival_new_file(place->path, 0640, &error);
    g_assert_no_error(error);
    fill(vp_arrival_get_temporary(arrival), text);
    return arrival;
}

static void
test_file(Place *place, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VpArrival) arrival = arrive(place, "new");
    g_assert_false(g_file_test(place->path, G_FILE_TEST_EXISTS));
    g_assert_true(vp_arrival_commit(arrival, FALSE, &error));
    g_assert_no_error(error);
    assert_holds(place->path, "new");
    g_assert_cmpuint(count_entries(place->folder), ==, 1);
}

static void
test_mode(Place *place, gconstpointer data)
{
    struct stat status;
    mode_t umask_before = umask(0777);
    g_autoptr(VpArrival) arrival = vp_arrival_new_file(place->path, 0640, NULL);
    umask(umask_before);
    g_assert_cmpint(stat(vp_arrival_get_temporary(arrival), &status), ==, 0);
    g_assert_cmpuint(status.st_mode & 07777, ==, 0640);
    g_assert_true(vp_arrival_commit_as(arrival, (uid_t)-1, (gid_t)-1, 0604, NULL));
    g_assert_cmpint(stat(place->path, &status), ==, 0);
    g_assert_cmpuint(status.st_mode & 07777, ==, 0604);
}

static void
test_dropped(Place *place, gconstpointer data)
{
    vp_arrival_free(arrive(place, "half"));
    g_assert_cmpuint(count_entries(place->folder), ==, 0);
    vp_arrival_free(NULL);
}

static void
test_never_replaces(Place *place, gconstpointer data)
{
    g_assert_true(g_file_set_contents(place->path, "old", -1, NULL));
    g_autoptr(GError) error = NULL;
    VpArrival *arrival = arrive(place, "new");
    g_assert_false(vp_arrival_commit(arrival, FALSE, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    vp_arrival_free(arrival);
    assert_holds(place->path, "old");
    g_assert_cmpuint(count_entries(place->folder), ==, 1);
}

/* A broken link is something too, and is not written through. */
static void
test_never_through_a_link(Place *place, gconstpointer data)
{
    g_autofree char *aim = g_build_filename(place->folder, "aim", NULL);
    g_assert_cmpint(symlink(aim, place->path), ==, 0);
    g_autoptr(VpArrival) arrival = arrive(place, "new");
    g_assert_false(vp_arrival_commit(arrival, FALSE, NULL));
    g_assert_false(g_file_test(aim, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(place->path, G_FILE_TEST_IS_SYMLINK));
}

static void
test_exchange(Place *place, gconstpointer data)
{
    g_assert_true(g_file_set_contents(place->path, "old", -1, NULL));
    g_autoptr(GError) error = NULL;
    g_autoptr(VpArrival) arrival = arrive(place, "new");
    g_assert_true(vp_arrival_commit(arrival, TRUE, &error));
    g_assert_no_error(error);
    assert_holds(place->path, "new");
    g_assert_cmpuint(count_entries(place->folder), ==, 1);
}

static void
test_replace_nothing(Place *place, gconstpointer data)
{
    g_autoptr(VpArrival) arrival = arrive(place, "new");
    g_assert_true(vp_arrival_commit(arrival, TRUE, NULL));
    assert_holds(place->path, "new");
}

static VpArrival *
folder_with(const Place *place, const char *name)
{
    g_autoptr(GError) error = NULL;
    VpArrival *arrival = vp_arrival_new_folder(place->path, &error);
    g_assert_no_error(error);
    g_autofree char *inside = g_build_filename(vp_arrival_get_temporary(arrival), name, NULL);
    g_assert_true(g_file_set_contents(inside, name, -1, NULL));
    return arrival;
}

static void
test_folder(Place *place, gconstpointer data)
{
    struct stat status;
    g_autoptr(VpArrival) first = folder_with(place, "one");
    g_assert_true(vp_arrival_commit(first, FALSE, NULL));
    g_assert_cmpint(stat(place->path, &status), ==, 0);
    g_assert_cmpuint(status.st_mode & 07777, ==, 0700);

    g_autoptr(GError) error = NULL;
    VpArrival *second = folder_with(place, "two");
    g_assert_false(vp_arrival_commit(second, FALSE, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    vp_arrival_free(second);
    g_assert_cmpuint(count_entries(place->folder), ==, 1);

    g_autofree char *one = g_build_filename(place->path, "one", NULL);
    g_autofree char *two = g_build_filename(place->path, "two", NULL);
    assert_holds(one, "one");
    g_autoptr(VpArrival) third = folder_with(place, "two");
    g_assert_true(vp_arrival_commit(third, TRUE, NULL));
    assert_holds(two, "two");
    g_assert_false(g_file_test(one, G_FILE_TEST_EXISTS));
    g_assert_cmpuint(count_entries(place->folder), ==, 1);
}

static void
test_no_folder(Place *place, gconstpointer data)
{
    g_autofree char *path = g_build_filename(place->folder, "none", "thing", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_null(vp_arrival_new_file(path, 0600, &error));
    g_assert_nonnull(strstr(error->message, path));
    g_clear_error(&error);
    g_assert_null(vp_arrival_new_folder(path, &error));
    g_assert_nonnull(error);
}

static void
test_longest_name(Place *place, gconstpointer data)
{
    g_autofree char *name = g_strnfill(255, 'n');
    g_autofree char *path = g_build_filename(place->folder, name, NULL);
    g_autoptr(VpArrival) arrival = vp_arrival_new_file(path, 0600, NULL);
    g_assert_nonnull(arrival);
    g_assert_true(vp_arrival_commit(arrival, FALSE, NULL));
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
}

/* What links lead to is not ours. */
static void
test_remove_tree(Place *place, gconstpointer data)
{
    g_autofree char *kept = g_build_filename(place->folder, "kept", NULL);
    g_autofree char *kept_file = g_build_filename(kept, "file", NULL);
    g_autofree char *tree = g_build_filename(place->folder, "tree", NULL);
    g_autofree char *deep = g_build_filename(tree, "a", "b", "c", NULL);
    g_autofree char *link = g_build_filename(tree, "a", "link", NULL);
    g_autofree char *broken = g_build_filename(deep, "broken", NULL);
    g_autofree char *top = g_build_filename(place->folder, "top", NULL);
    g_mkdir(kept, 0700);
    g_assert_true(g_file_set_contents(kept_file, "kept", -1, NULL));
    g_assert_cmpint(g_mkdir_with_parents(deep, 0700), ==, 0);
    g_assert_cmpint(symlink(kept, link), ==, 0);
    g_assert_cmpint(symlink("nowhere", broken), ==, 0);
    g_assert_cmpint(symlink(kept, top), ==, 0);

    g_assert_true(vp_remove_tree(tree, NULL));
    g_assert_false(g_file_test(tree, G_FILE_TEST_EXISTS));
    g_assert_true(vp_remove_tree(top, NULL));
    g_assert_true(vp_remove_tree(tree, NULL));
    assert_holds(kept_file, "kept");
}

#define ADD(name, function) g_test_add("/arrival/" name, Place, NULL, set_up, function, tear_down)

/* What cannot be removed goes into the error of what failed before. */
static void
test_left(void)
{
    g_autoptr(GCancellable) cancellable = g_cancellable_new();
    g_autoptr(GError) full = NULL;
    g_autoptr(GError) interrupted = NULL;

    vp_error_set(&full, VP_ERROR_FAILED, "no space");
    vp_error_add_fix(&full, "--compress");
    vp_error_add_left(&full, "/a is left (busy)");
    g_assert_error(full, VP_ERROR, VP_ERROR_PARTIAL);
    g_assert_cmpstr(full->message, ==, "no space; /a is left (busy)");
    g_assert_cmpstr(vp_error_get_fix(full)[0], ==, "--compress");

    g_cancellable_cancel(cancellable);
    g_assert_false(vp_check_cancelled(cancellable, &interrupted));
    vp_error_add_left(&interrupted, "/a is left (busy)");
    g_assert_cmpstr(interrupted->message, ==, "interrupted; /a is left (busy)");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("file", test_file);
    ADD("mode", test_mode);
    ADD("dropped", test_dropped);
    ADD("never-replaces", test_never_replaces);
    ADD("never-through-a-link", test_never_through_a_link);
    ADD("exchange", test_exchange);
    ADD("replace-nothing", test_replace_nothing);
    ADD("folder", test_folder);
    ADD("no-folder", test_no_folder);
    ADD("longest-name", test_longest_name);
    ADD("remove-tree", test_remove_tree);
    g_test_add_func("/arrival/left", test_left);
    return g_test_run();
}
