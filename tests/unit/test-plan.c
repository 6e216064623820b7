/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model/plan.h: what options make of a package, and what they are refused for. */
#include "model-fixture.h"

#include <string.h>

#define DISKS \
    "<disk type='file'><driver type='qcow2'/><source file='/old/a'/><target dev='vda'/></disk>" \
    "<disk type='file'><driver type='raw'/><source file='/old/b'/><target dev='vdb'/></disk>" \
    "<disk type='file' device='cdrom'><source file='/old/c.iso'/><target dev='sda'/></disk>" \
    "<disk type='file' device='cdrom'><target dev='sdb'/></disk>"
#define NICS \
    "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='lan'/>" \
    "</interface>" \
    "<interface type='bridge'><mac address='52:54:00:00:00:02'/><source bridge='lan'/>" \
    "</interface>" \
    "<interface type='user'/>"
#define LUKS \
    "<disk type='file'><source file='/old/a'><encryption format='luks'/></source>" \
    "<target dev='vda'/></disk>"

/* "vda copy /images/web-vda.qcow2 qcow2", a line a disk. */
static char *
list_disks(const VpPlan *plan)
{
    static const char *const fates[] = {"copy", "link",  "take", "use",
                                        "skip", "eject", "keep", "missing"};
    GString *list = g_string_new(NULL);
    for (guint i = 0; i < plan->disks->len; i++) {
        const VpPlanDisk *disk = plan->disks->pdata[i];
        g_string_append_printf(list, "%s %s %s%s %s\n", disk->target, fates[disk->fate],
                               disk->is_block ? "device " : "", disk->path ? disk->path : "-",
                               disk->format ? disk->format : "-");
    }
    return g_string_free(list, FALSE);
}

/* "network lan", a word or two a NIC. */
static char *
list_nics(const VpPlan *plan)
{
    static const char *const kinds[] = {"keep", "network", "bridge", "direct",
                                        "ovs",  "user",    "none",   "drop"};
    GString *list = g_string_new(NULL);
    for (guint i = 0; i < plan->nics->len; i++) {
        const VpNicTarget *target = ((const VpPlanNic *)plan->nics->pdata[i])->target;
        g_string_append_printf(list, "%s%s%s%s", i > 0 ? ", " : "", kinds[target->kind],
                               target->name ? " " : "", target->name ? target->name : "");
    }
    return g_string_free(list, FALSE);
}

static const char *
mac_of(const VpPlan *plan, guint index)
{
    return ((const VpPlanNic *)plan->nics->pdata[index])->mac;
}

static VpPlan *
plan_of(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    VpPlan *plan = fixture_plan(fixture, &error);
    g_assert_no_error(error);
    return plan;
}

static const struct {
    const char *options;
    const char *disks;
} disk_rows[] = {
    {NULL, "vda copy /images/web-vda.qcow2 qcow2\nvdb copy /images/web-vdb.qcow2 qcow2\n"
           "sda eject - -\nsdb keep - -\n"},
    {"vda=/new/a.img", "vda copy /new/a.img qcow2\nvdb copy /images/web-vdb.qcow2 qcow2\n"
                       "sda eject - -\nsdb keep - -\n"},
    {"vda=/new/../x/a,format=raw vdb=skip sda=/iso/c.iso,format=raw sdb=skip",
     "vda copy /x/a raw\nvdb skip - -\nsda use /iso/c.iso raw\nsdb eject - -\n"},
    {"vda=skip vda=/second sda=/iso,format=raw sda=skip vdb=/first,format=raw vdb=/last",
     "vda copy /second qcow2\nvdb copy /last qcow2\nsda eject - -\nsdb keep - -\n"},
    {"sda=/dev/sr0,format=raw sdb=/dev/shm/x,format=raw vda=/a,,b",
     "vda copy /a,b qcow2\nvdb copy /images/web-vdb.qcow2 qcow2\nsda use device /dev/sr0 raw\n"
     "sdb use /dev/shm/x raw\n"},
};

static void
test_disks(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(disk_rows); i++) {
        g_autoptr(Fixture) fixture = fixture_new(DISKS, NULL);
        if (disk_rows[i].options)
            fixture->options.disk = fixture_list(fixture, disk_rows[i].options);
        g_autoptr(VpPlan) plan = plan_of(fixture);
        g_autofree char *list = list_disks(plan);
        g_assert_cmpstr(list, ==, disk_rows[i].disks);
    }
}

static void
test_disks_not_held(void)
{
    g_autoptr(Fixture) fixture = fixture_new(DISKS, NULL);
    g_ptr_array_set_size(fixture->machine->disks, 0);
    fixture->options.disk = fixture_list(fixture, "vdb=/here,format=vmdk");
    g_autoptr(VpPlan) plan = plan_of(fixture);
    g_autofree char *list = list_disks(plan);
    g_assert_cmpstr(list, ==, "vda missing - -\nvdb use /here vmdk\nsda eject - -\nsdb keep - -\n");
}

static void
test_disks_raw(void)
{
    g_autoptr(Fixture) fixture = fixture_new(LUKS, NULL);
    fixture->options.dir = "/else/where/";
    fixture->options.name = "new";
    g_autoptr(VpPlan) plan = plan_of(fixture);
    g_autofree char *list = list_disks(plan);
    g_assert_cmpstr(list, ==, "vda copy /else/where/new-vda.raw raw\n");
}

static const struct {
    const char *network;
    const char *nic;
    const char *nics;
} nic_rows[] = {
    {NULL, NULL, "keep, none, keep"},
    {"*=none", NULL, "none, none, none"},
    {"lan=br *=user", NULL, "network br, network br, user"},
    {"*=user lan=br", NULL, "network br, network br, user"},
    {"network:lan=drop bridge:lan=bridge:b", NULL, "drop, bridge b, keep"},
    {"lan=a lan=b", "1=c", "network b, network c, keep"},
    {"lan=a", "52:54:00:00:00:02=user 0=keep", "keep, user, keep"},
    {NULL, "0=a 0=b 52:54:00:00:00:01=direct:c 2=ovs:d:9", "direct c, none, ovs d"},
    {NULL, "52:54:00:00:00:01=direct:c 0=b", "network b, none, keep"},
};

static void
test_nics(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(nic_rows); i++) {
        g_autoptr(Fixture) fixture = fixture_new(NICS, NULL);
        if (nic_rows[i].network)
            fixture->options.network = fixture_list(fixture, nic_rows[i].network);
        if (nic_rows[i].nic)
            fixture->options.nic = fixture_list(fixture, nic_rows[i].nic);
        g_autoptr(VpPlan) plan = plan_of(fixture);
        g_autofree char *list = list_nics(plan);
        g_assert_cmpstr(list, ==, nic_rows[i].nics);
    }
}

static void
test_nics_restore(void)
{
    g_autoptr(Fixture) fixture = fixture_new(NICS, NULL);
    fixture->options.restore = TRUE;
    g_strfreev(fixture->facts->networks);
    fixture->facts->networks = g_strsplit("other", " ", -1);
    g_autoptr(VpPlan) plan = plan_of(fixture);
    g_autofree char *list = list_nics(plan);
    g_assert_cmpstr(list, ==, "keep, keep, keep");
    g_assert_cmpstr(mac_of(plan, 0), ==, "52:54:00:00:00:01");
    g_assert_cmpstr(plan->uuid, ==, UUID);
    g_assert_cmpstr(plan->name, ==, "web");
}

static void
test_macs(void)
{
    g_autoptr(Fixture) fixture = fixture_new(NICS NICS, NULL);
    fixture_add_domain(fixture, "other", "x", "52:54:00:00:00:02", "");
    g_autoptr(VpPlan) drawn = plan_of(fixture);
    g_assert_cmpstr(mac_of(drawn, 0), !=, "52:54:00:00:00:01");
    g_assert_cmpstr(mac_of(drawn, 0), !=, mac_of(drawn, 1));
    g_assert_cmpstr(mac_of(drawn, 0), ==, mac_of(drawn, 3)); /* a team is told by its address */
    g_assert_cmpstr(mac_of(drawn, 2), !=, mac_of(drawn, 5));

    fixture->options.mac = "keep-if-free";
    fixture->options.nic = fixture_list(fixture, "3=keep,mac=52:54:00:AB:CD:EF 4=keep,mac=keep");
    g_autoptr(VpPlan) plan = plan_of(fixture);
    g_assert_cmpstr(mac_of(plan, 0), ==, "52:54:00:00:00:01");
    g_assert_cmpstr(mac_of(plan, 1), !=, "52:54:00:00:00:02");
    g_assert_cmpstr(mac_of(plan, 3), ==, "52:54:00:ab:cd:ef");
    g_assert_cmpstr(mac_of(plan, 4), ==, "52:54:00:00:00:02");
    g_assert_true(g_str_has_prefix(mac_of(plan, 2), "52:54:00:"));
}

static void
test_identity(void)
{
    g_autoptr(Fixture) fixture = fixture_new("", NULL);
    g_autoptr(VpPlan) first = plan_of(fixture);
    g_autoptr(VpPlan) second = plan_of(fixture);
    g_assert_cmpstr(first->name, ==, "web");
    g_assert_cmpstr(first->uuid, !=, UUID);
    g_assert_cmpstr(first->uuid, !=, second->uuid);
    g_assert_nonnull(first->genid);
    g_assert_cmpint(first->file_mode, ==, 0600);

    fixture->options.uuid = "AAAAAAAABBBB4CCC8DDDEEEEEEEEEEEE";
    fixture->options.genid = "keep";
    fixture->options.file_mode = "640";
    fixture->options.name = "a b";
    g_autoptr(VpPlan) plan = plan_of(fixture);
    g_assert_cmpstr(plan->uuid, ==, "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");
    g_assert_null(plan->genid);
    g_assert_cmpint(plan->file_mode, ==, 0640);
    g_assert_cmpstr(plan->name, ==, "a b");
}

/* What is compared with libvirt's spelling is in that spelling. */
static void
test_uuid_kept(void)
{
    g_autoptr(Fixture) fixture = fixture_new("", NULL);
    xmlNode *uuid = vp_xml_find(xmlDocGetRootElement(fixture->machine->domain), "uuid");
    fixture->options.uuid = "keep";
    vp_xml_set_text(uuid, "ABCDEF0122224333844455555555AAAA");
    g_autoptr(VpPlan) plan = plan_of(fixture);
    g_assert_cmpstr(plan->uuid, ==, "abcdef01-2222-4333-8444-55555555aaaa");
    vp_xml_set_text(uuid, "none");
    g_autoptr(VpPlan) drawn = plan_of(fixture);
    g_assert_cmpuint(strlen(drawn->uuid), ==, 36);
}

static void
test_virt_type(void)
{
    static const char *const rows[][3] = {
        {NULL, "qemu", "kvm"},       {"qemu", "qemu kvm", "qemu"}, {"kvm", "qemu", "kvm"},
        {"auto", "qemu kvm", "kvm"}, {"auto", "qemu", "qemu"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Fixture) fixture = fixture_new("", NULL);
        fixture->options.virt_type = rows[i][0];
        g_strfreev(fixture->facts->virt_types);
        fixture->facts->virt_types = g_strsplit(rows[i][1], " ", -1);
        g_autoptr(VpPlan) plan = plan_of(fixture);
        g_assert_cmpstr(plan->virt_type, ==, rows[i][2]);
    }
}

static void
test_state(void)
{
    g_autoptr(Fixture) fixture =
        fixture_new("<tpm><backend type='passthrough'/></tpm><tpm><backend type='emulator'/></tpm>",
                    "<type arch='x86_64' machine='q35'>hvm</type><nvram/>");
    fixture->options.uuid = "keep";
    g_autoptr(VpPlan) plan = plan_of(fixture);
    g_assert_cmpstr(plan->nvram_path, ==, "/nvram/web_VARS.fd");
    g_assert_cmpstr(plan->tpm_path, ==, "/swtpm/" UUID);
    fixture->options.tpm = "drop";
    g_autoptr(VpPlan) without = plan_of(fixture);
    g_assert_null(without->tpm_path);

    g_autoptr(Fixture) plain = fixture_new("<tpm><backend type='passthrough'/></tpm>", NULL);
    g_autoptr(VpPlan) none = plan_of(plain);
    g_assert_null(none->nvram_path);
    g_assert_null(none->tpm_path);
}

static void
test_autostart(void)
{
    g_autoptr(Fixture) fixture = fixture_new("", NULL);
    fixture->machine->about->autostart = TRUE;
    g_autoptr(VpPlan) copy = plan_of(fixture);
    g_assert_false(copy->autostart);
    fixture->options.restore = TRUE;
    g_autoptr(VpPlan) restored = plan_of(fixture);
    g_assert_true(restored->autostart);
}

static void
test_powers(void)
{
    g_autoptr(Fixture) fixture = fixture_new("", NULL);
    fixture->options.allow = fixture_list(fixture, "kernel,listen secret");
    g_autoptr(VpPlan) plan = plan_of(fixture);
    g_assert_cmpuint(plan->allow, ==,
                     1u << VP_POWER_KERNEL | 1u << VP_POWER_LISTEN | 1u << VP_POWER_SECRET);
}

typedef struct {
    const char *name;
    VpImportOptions options;
    const char *const list[2];
    const char *message; /* that the error has */
} Refusal;

static const char *const no_power[] = {"", NULL};

static const Refusal refusals[] = {
    {"name", {.name = "a/b"}, {NULL}, "--name"},
    {"name-empty", {.name = ""}, {NULL}, "--name"},
    {"uuid", {.uuid = "1234"}, {NULL}, "--uuid"},
    {"genid", {.genid = "old"}, {NULL}, "--genid"},
    {"mac", {.mac = "52:54:00:00:00:01"}, {NULL}, "--mac"},
    {"mode", {.file_mode = "0800"}, {NULL}, "--file-mode"},
    {"mode-large", {.file_mode = "1777"}, {NULL}, "--file-mode"},
    {"mode-empty", {.file_mode = ""}, {NULL}, "--file-mode"},
    {"virt-type", {.virt_type = "xen"}, {NULL}, "--virt-type"},
    {"tpm", {.tpm = "new"}, {NULL}, "--tpm"},
    {"nvram", {.nvram = "drop"}, {NULL}, "--nvram"},
    {"missing", {.on_missing_network = "user"}, {NULL}, "--on-missing-network"},
    {"disk-unknown", {0}, {"disk", "vdz=/x"}, "it has: vda, vdb, sda, sdb"},
    {"disk-form", {0}, {"disk", "vda"}, "malformed"},
    {"disk-pool", {0}, {"disk", "vda=pool"}, "neither a path"},
    {"disk-volume-deep", {0}, {"disk", "vda=pool/a/b"}, "neither a path"},
    {"disk-empty", {0}, {"disk", "vda="}, "neither a path"},
    {"disk-dir-pool", {.dir = "/x", .pool = "p"}, {NULL}, "leave one of them out"},
    {"disk-mode", {.mode = "move"}, {NULL}, "--mode"},
    {"disk-verify", {.mode = "link", .verify = TRUE, .no_verify = TRUE}, {NULL}, "--no-verify"},
    {"disk-mode-dir", {.mode = "in-place", .dir = "/x"}, {NULL}, "leave --dir out"},
    {"disk-format", {0}, {"disk", "vda=/x,format=vmdk"}, "qcow2 or raw"},
    {"disk-format-missing", {0}, {"disk", "sda=/x"}, "say its format"},
    {"disk-format-empty", {0}, {"disk", "sda=/x,format="}, "say its format"},
    {"disk-more", {0}, {"disk", "vda=/x,mode=raw"}, "format="},
    {"nic-unknown", {0}, {"nic", "3=user"}, "no such NIC"},
    {"nic-mac-unknown", {0}, {"nic", "52:54:00:00:00:09=user"}, "no such NIC"},
    {"nic-form", {0}, {"nic", "0"}, "malformed"},
    {"nic-mac", {0}, {"nic", "0=user,mac=01:00:00:00:00:01"}, "first even"},
    {"nic-mac-zero", {0}, {"nic", "0=user,mac=00:00:00:00:00:00"}, "no MAC address"},
    {"nic-more", {0}, {"nic", "0=user,model=e1000"}, "mac="},
    {"network-unknown", {0}, {"network", "dmz=user"}, "no such NIC"},
    {"network-mac", {0}, {"network", "lan=user,mac=52:54:00:00:00:09"}, "every NIC"},
    {"xml", {0}, {"xml", "./name"}, "--xml"},
    {"power", {0}, {"allow", "all"}, "there are: emulator"},
    {"power-empty", {0}, {"allow", "kernel,"}, "--allow"},
    {"power-none", {.allow = no_power}, {NULL}, "--allow"},
    {"name-blank", {.name = "  "}, {NULL}, "--name"},
    {"dir-empty", {.dir = ""}, {NULL}, "--dir"},
    {"nic-mac-names-it", {0}, {"nic", "0=user,mac=zz"}, "--nic 0"},
    {"mac-of-all", {.mac = "52:54:00:00:00:01"}, {NULL}, "--nic N=DST,mac="},
};

static void
set_list(Fixture *fixture, const char *option, const char *text)
{
    if (!option)
        return;
    const char *const *list = fixture_list(fixture, text);
    if (g_str_equal(option, "disk"))
        fixture->options.disk = list;
    else if (g_str_equal(option, "nic"))
        fixture->options.nic = list;
    else if (g_str_equal(option, "network"))
        fixture->options.network = list;
    else if (g_str_equal(option, "xml"))
        fixture->options.xml = list;
    else
        fixture->options.allow = list;
}

static void
test_refusal(gconstpointer data)
{
    const Refusal *row = data;
    g_autoptr(Fixture) fixture = fixture_new(DISKS NICS, NULL);
    fixture->options = row->options;
    set_list(fixture, row->list[0], row->list[1]);
    g_autoptr(GError) error = NULL;
    g_autoptr(VpPlan) plan = fixture_plan(fixture, &error);
    g_assert_null(plan);
    g_assert_error(error, VP_ERROR, VP_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, row->message));
}

/* The package's own name, where no option gives another. */
static void
test_name_unsafe(void)
{
    g_autofree char *long_name = g_strnfill(300, 'x');
    const char *const names[] = {"a/b", "/", "..", "   ", "a\nb", "\t", "\x7f", long_name};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(Fixture) fixture = fixture_new("", NULL);
        xmlNode *name = vp_xml_find(xmlDocGetRootElement(fixture->machine->domain), "name");
        vp_xml_set_text(name, names[i]);
        g_autoptr(GError) error = NULL;
        g_autoptr(VpPlan) refused = fixture_plan(fixture, &error);
        g_assert_error(error, VP_ERROR, VP_ERROR_UNSAFE);
        g_assert_cmpstr(vp_error_get_fix(error)[0], ==, "--name NAME");
        fixture->options.name = "web2";
        g_autoptr(VpPlan) plan = fixture_plan(fixture, NULL);
        g_assert_cmpstr(plan->name, ==, "web2");
    }
}

/* The default path is made of the target: it must not lead out of the folder. */
static void
test_target_unsafe(void)
{
    static const char *const targets[] = {"../../etc/x", "a/b", "..", "vd a", "", "vd\xc3\xa4"};
    for (gsize i = 0; i < G_N_ELEMENTS(targets); i++) {
        g_autofree char *disk = g_strdup_printf("<disk type='file'><source file='/x'/>"
                                                "<target dev='%s'/></disk>",
                                                targets[i]);
        g_autoptr(Fixture) fixture = fixture_new(disk, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(VpPlan) plan = fixture_plan(fixture, &error);
        g_assert_null(plan);
        g_assert_error(error, VP_ERROR, VP_ERROR_UNSAFE);
    }
}

static void
test_raw_refused(void)
{
    g_autoptr(Fixture) fixture = fixture_new(LUKS, NULL);
    fixture->options.disk = fixture_list(fixture, "vda=/x,format=qcow2");
    g_autoptr(GError) error = NULL;
    g_autoptr(VpPlan) plan = fixture_plan(fixture, &error);
    g_assert_error(error, VP_ERROR, VP_ERROR_USAGE);
    g_assert_nonnull(strstr(error->message, "encrypted"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/name-unsafe", test_name_unsafe);
    g_test_add_func("/plan/disks", test_disks);
    g_test_add_func("/plan/disks-not-held", test_disks_not_held);
    g_test_add_func("/plan/disks-raw", test_disks_raw);
    g_test_add_func("/plan/nics", test_nics);
    g_test_add_func("/plan/nics-restore", test_nics_restore);
    g_test_add_func("/plan/macs", test_macs);
    g_test_add_func("/plan/identity", test_identity);
    g_test_add_func("/plan/uuid-kept", test_uuid_kept);
    g_test_add_func("/plan/virt-type", test_virt_type);
    g_test_add_func("/plan/state", test_state);
    g_test_add_func("/plan/autostart", test_autostart);
    g_test_add_func("/plan/powers", test_powers);
    g_test_add_func("/plan/target-unsafe", test_target_unsafe);
    g_test_add_func("/plan/raw-refused", test_raw_refused);
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_autofree char *path = g_strdup_printf("/plan/refused/%s", refusals[i].name);
        g_test_add_data_func(path, &refusals[i], test_refusal);
    }
    return g_test_run();
}
