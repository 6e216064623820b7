/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model/wishes.h, and what a plan makes of several places that each say something. */
#include "model-fixture.h"

#include <string.h>

#define DEVICES \
    "<disk type='file'><source file='/old/a'/><target dev='vda'/></disk>" \
    "<disk type='file'><source file='/old/b'/><target dev='vdb'/></disk>" \
    "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='lan'/>" \
    "</interface>" \
    "<interface type='bridge'><mac address='52:54:00:00:00:02'/><source bridge='br9'/>" \
    "</interface>"

static const struct {
    const char *text;
    const char *format; /* NULL: none said */
    gboolean good;
} pair_rows[] = {
    {"vda=/x", NULL, TRUE},
    {"vda=/x,format=raw", "raw", TRUE},
    {"vda=/x,format=", "", TRUE},
    {"vda=/x,format=a,format=b", "b", TRUE},
    {"vda=/x,format", NULL, FALSE},
    {"vda=/x,formats=raw", NULL, FALSE},
    {"vda=/x,form=raw", NULL, FALSE},
    {"vda=/x,format=raw,y", NULL, FALSE},
    {"vda=/x,", NULL, FALSE},
    {"vda=/x,to=/y", NULL, FALSE},
    {"vda", NULL, FALSE},
    {"=/x", NULL, FALSE},
};

static void
test_pairs(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(pair_rows); i++) {
        const char *const disk[] = {pair_rows[i].text, NULL};
        VpImportOptions options = {.disk = disk};
        g_autoptr(GError) error = NULL;
        g_autoptr(VpWishes) wishes = vp_wishes_of_options(&options, &error);
        g_test_message("%s", pair_rows[i].text);
        g_assert_true((wishes != NULL) == pair_rows[i].good);
        if (!wishes) {
            g_assert_error(error, VP_ERROR, VP_ERROR_USAGE);
            g_assert_true(g_str_has_prefix(error->message, "--disk: "));
            continue;
        }
        const VpWish *wish = vp_wishes_find(wishes, VP_CHOICE_DISK);
        g_assert_cmpstr(wish->fields[0], ==, "vda");
        g_assert_cmpstr(wish->fields[1], ==, "/x");
        g_assert_cmpstr(wish->fields[2], ==, pair_rows[i].format);
        g_assert_cmpstr(wish->from, ==, "--disk");
    }
}

static void
test_word(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(vp_choice_parse_word(VP_CHOICE_MAC, "keep", "--mac", &error), ==, 1);
    g_assert_no_error(error);
    g_assert_cmpint(vp_choice_parse_word(VP_CHOICE_MAC, "kee", "--mac", &error), ==, -1);
    g_assert_error(error, VP_ERROR, VP_ERROR_USAGE);
    g_assert_cmpstr(error->message, ==, "--mac: “kee” is not one of: new, keep, keep-if-free");
    g_clear_error(&error);
    g_assert_cmpint(vp_choice_parse_word(VP_CHOICE_MAC, "", "--mac", &error), ==, -1);
    g_clear_error(&error);
    g_assert_cmpint(vp_choice_parse_word(VP_CHOICE_UUID, "UUID", "--uuid", &error), ==, -1);
}

/* Up to three places, the later wins; lists are divided by spaces. */
typedef struct {
    const char *what;
    struct {
        const char *dir, *disk, *network, *nic, *mac, *name;
    } places[3];
    const char *result; /* what is asked for below */
} Row;

static const Row rows[] = {
    {"name", {{.name = "a"}, {.name = "b"}, {0}}, "b --name"},
    {"name", {{0}, {0}, {0}}, "web default"},
    {"disks", {{.dir = "/p"}, {0}, {0}}, "/p/web-vda.qcow2 --dir, /p/web-vdb.qcow2 --dir"},
    {"disks", {{.dir = "/p", .disk = "vda=/q"}, {0}, {0}}, "/q --disk, /p/web-vdb.qcow2 --dir"},
    {"disks",
     {{.disk = "vda=/q,format=raw vdb=skip"}, {.dir = "/p"}, {0}},
     "/p/web-vda.raw --dir, skip --disk"},
    {"disks", {{.dir = "/p"}, {.disk = "vdb=/q"}, {0}}, "/p/web-vda.qcow2 --dir, /q --disk"},
    {"disks", {{.disk = "vda=/1"}, {.disk = "vda=/2"}, {.disk = "vdb=/3"}}, "/2 --disk, /3 --disk"},
    {"nics", {{.nic = "0=user"}, {.network = "*=none"}, {0}}, "none --network, none --network"},
    {"nics", {{.network = "*=none"}, {.nic = "0=user"}, {0}}, "user --nic, none --network"},
    {"nics",
     {{.network = "lan=a *=b"}, {.network = "br9=c"}, {0}},
     "network:a --network, network:c --network"},
    {"nics",
     {{.nic = "0=a", .network = "lan=b *=c"}, {0}, {0}},
     "network:a --nic, network:c --network"},
    {"nics", {{0}, {0}, {0}}, "keep default, none default"},
    {"macs", {{.nic = "0=user,mac=52:54:00:aa:aa:aa"}, {.mac = "keep"}, {0}}, "01 02"},
    {"macs", {{.mac = "keep"}, {.nic = "0=user,mac=52:54:00:aa:aa:aa"}, {0}}, "aa 02"},
    {"macs",
     {{.mac = "keep", .nic = "0=user,mac=52:54:00:aa:aa:aa"}, {.nic = "0=none"}, {0}},
     "aa 02"},
};

static char *
list_disks(const VpPlan *plan)
{
    GString *list = g_string_new(NULL);
    for (guint i = 0; i < plan->disks->len; i++) {
        const VpPlanDisk *disk = plan->disks->pdata[i];
        g_string_append_printf(list, "%s%s %s", i > 0 ? ", " : "", disk->path ? disk->path : "skip",
                               disk->from);
    }
    return g_string_free(list, FALSE);
}

static char *
list_nics(const VpPlan *plan)
{
    GString *list = g_string_new(NULL);
    for (guint i = 0; i < plan->nics->len; i++) {
        const VpPlanNic *nic = plan->nics->pdata[i];
        g_autofree char *target = vp_nic_target_format(nic->target);
        g_string_append_printf(list, "%s%s %s", i > 0 ? ", " : "", target, nic->from);
    }
    return g_string_free(list, FALSE);
}

static char *
describe(const VpPlan *plan, const char *what)
{
    const VpPlanNic *nics[] = {plan->nics->pdata[0], plan->nics->pdata[1]};
    const VpSetting *name = &plan->settings[VP_CHOICE_NAME];
    if (g_str_equal(what, "disks"))
        return list_disks(plan);
    if (g_str_equal(what, "nics"))
        return list_nics(plan);
    if (g_str_equal(what, "macs"))
        return g_strdup_printf("%s %s", nics[0]->mac + 15, nics[1]->mac + 15);
    return g_strdup_printf("%s %s", name->text, name->from);
}

static void
test_order(gconstpointer data)
{
    const Row *row = data;
    g_autoptr(Fixture) fixture = fixture_new(DEVICES, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(row->places); i++) {
        VpImportOptions options = {
            .name = row->places[i].name, .dir = row->places[i].dir, .mac = row->places[i].mac};
        if (row->places[i].disk)
            options.disk = fixture_list(fixture, row->places[i].disk);
        if (row->places[i].network)
            options.network = fixture_list(fixture, row->places[i].network);
        if (row->places[i].nic)
            options.nic = fixture_list(fixture, row->places[i].nic);
        g_ptr_array_add(fixture->order, vp_wishes_of_options(&options, NULL));
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(VpPlan) plan = fixture_plan(fixture, &error);
    g_assert_no_error(error);
    g_autofree char *result = describe(plan, row->what);
    g_assert_cmpstr(result, ==, row->result);
}

/* Edits and powers add up, whoever says them. */
static void
test_sums(void)
{
    g_autoptr(Fixture) fixture = fixture_new(DEVICES, NULL);
    VpImportOptions site = {.xml = fixture_list(fixture, "./memory=1 ./vcpu=2"),
                            .allow = fixture_list(fixture, "kernel")};
    g_ptr_array_add(fixture->order, vp_wishes_of_options(&site, NULL));
    fixture->options.xml = fixture_list(fixture, "./memory=3");
    fixture->options.allow = fixture_list(fixture, "listen");
    g_autoptr(VpPlan) plan = fixture_plan(fixture, NULL);
    g_assert_cmpuint(plan->edits->len, ==, 3);
    g_assert_cmpstr(((VpXmlEdit *)plan->edits->pdata[2])->value, ==, "3");
    g_assert_cmpuint(plan->allow, ==, 1u << VP_POWER_KERNEL | 1u << VP_POWER_LISTEN);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wishes/pairs", test_pairs);
    g_test_add_func("/wishes/word", test_word);
    g_test_add_func("/wishes/sums", test_sums);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strdup_printf("/wishes/order/%s/%zu", rows[i].what, i);
        g_test_add_data_func(path, &rows[i], test_order);
    }
    return g_test_run();
}
