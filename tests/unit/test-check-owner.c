/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model/check-owner.c: whose the files of an import are, and whether QEMU is let to them. */
#include "model-fixture.h"

#define DISK \
    "<disk type='file'><driver type='qcow2'/><source file='/old/vda.qcow2'/>" \
    "<target dev='vda'/></disk>"

#define READ_ONLY \
    "<disk type='file'><source file='/old/vda.raw'/><target dev='vda'/><readonly/></disk>"

static void
unknown_owner(Fixture *f)
{
    f->facts->unknown_owner = g_strdup("nobody-here");
}

static void
owner_as_user(Fixture *f)
{
    f->facts->owner_uid = 64055;
    f->facts->privileged = FALSE;
}

static void
not_handed_over(Fixture *f)
{
    f->facts->hands_over = FALSE;
    f->facts->has_qemu_user = TRUE;
    f->facts->qemu_uid = 64055;
    f->facts->qemu_gid = 107;
}

static void
not_handed_over_but_owner(Fixture *f)
{
    not_handed_over(f);
    f->facts->owner_uid = 64055;
}

static void
not_handed_over_but_group(Fixture *f)
{
    not_handed_over(f);
    f->facts->owner_gid = 107;
    f->options.file_mode = "0660";
}

static void
not_handed_over_group_reads(Fixture *f)
{
    not_handed_over_but_group(f);
    f->options.file_mode = "0640";
}

static void
handed_over(Fixture *f)
{
    f->facts->has_qemu_user = TRUE;
    f->facts->qemu_uid = 64055;
}

static void
handed_over_unwritable(Fixture *f)
{
    handed_over(f);
    f->options.file_mode = "0466";
}

static void
handed_over_unreadable(Fixture *f)
{
    handed_over(f);
    f->options.file_mode = "0266";
}

static void
own_unwritable(Fixture *f)
{
    f->facts->session = TRUE;
    f->facts->caller = 1000;
    f->options.file_mode = "0466";
}

static void
owner_as_root(Fixture *f)
{
    f->facts->owner_uid = 64055;
}

static void
owner_and_mode(Fixture *f)
{
    f->options.owner = "daemon";
    f->options.file_mode = "0600";
}

static const FixtureRow rows[] = {
    {"owner/unknown", "", NULL, unknown_owner, "error owner-unknown domain\n"},
    {"owner/denied", "", NULL, owner_as_user, "error owner-denied domain\n"},
    {"owner/root", "", NULL, owner_as_root, ""},
    {"owner/unused", "", NULL, owner_and_mode,
     "note owner-unused domain\nnote owner-unused domain\n"},
    {"owner/used", DISK, NULL, owner_and_mode, ""},
    {"reach/not-handed-over", DISK, NULL, not_handed_over, "error path-unreachable domain\n"},
    {"reach/no-files", "", NULL, not_handed_over, ""},
    {"reach/owner", DISK, NULL, not_handed_over_but_owner, ""},
    {"reach/group", DISK, NULL, not_handed_over_but_group, ""},
    {"reach/group-reads", DISK, NULL, not_handed_over_group_reads,
     "error path-unreachable domain\n"},
    {"reach/handed-over", DISK, NULL, handed_over, ""},
    {"reach/mode", DISK, NULL, handed_over_unwritable, "error path-unreachable domain\n"},
    {"reach/mode-session", DISK, NULL, own_unwritable, "error path-unreachable domain\n"},
    {"reach/read-only", READ_ONLY, NULL, handed_over_unwritable, ""},
    {"reach/read-only-mode", READ_ONLY, NULL, handed_over_unreadable,
     "error path-unreachable domain\n"},
};

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fixture_add_rows("/check-owner", rows, G_N_ELEMENTS(rows));
    return g_test_run();
}
