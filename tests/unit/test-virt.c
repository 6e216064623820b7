/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* virt/ against libvirt's own test driver: real libvirt, no daemon. */
#include "virt/define.h"
#include "virt/native.h"
#include "virt/snapshot.h"
#include "virt/storage.h"

#include <glib/gstdio.h>
#include <string.h>

#define WEB_UUID   "6695eb01-f6a4-8304-79aa-97f2502e1930"
#define LIVE_UUID  "6695eb01-f6a4-8304-79aa-97f2502e1931"
#define SAVED_UUID "6695eb01-f6a4-8304-79aa-97f2502e1932"
#define ODD_UUID   "6695eb01-f6a4-8304-79aa-97f2502e1933"
#define FREE_UUID  "6695eb01-f6a4-8304-79aa-97f2502e1939"

#define DOMAIN(name, uuid, more) \
    "<domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>" \
    "<name>" name "</name><uuid>" uuid "</uuid><memory>8192</memory>" \
    "<os><type>hvm</type></os>" more "</domain>"
#define SNAPSHOT(name, active) \
    "<test:domainsnapshot><name>" name "</name><state>shutoff</state>" \
    "<creationTime>1</creationTime><active>" active \
    "</active>" DOMAIN("web1", WEB_UUID, "") "</test:domainsnapshot>"
#define SHUT_OFF "<test:runstate>5</test:runstate>"

#define WEB \
    "<devices><graphics type='vnc' passwd='geheim'/></devices>" SHUT_OFF SNAPSHOT("s2", "1") \
        SNAPSHOT("s1", "0")

static const char networks[] = "<network><name>net2</name><bridge name='virbr8'/></network>"
                               "<network><name>net1</name><bridge name='virbr7'/></network>";
static const char pools[] = "<pool type='dir'><name>files</name>"
                            "<target><path>/srv/files</path></target>"
                            "<volume><name>one.img</name><capacity>1000</capacity></volume></pool>"
                            "<pool type='logical'><name>lvm</name><source><name>vg</name></source>"
                            "<target><path>/dev/vg</path></target></pool>";

typedef struct {
    char *folder;
    char *file;
    VpConnection *connection;
} Fixture;

/* Twelve domains in all, so that a list of ten is cut; one has a control character
 * in its name, as libvirt takes it. */
static char *
build_node(void)
{
    GString *text = g_string_new("<node>");

    g_string_append(text, DOMAIN("web1", WEB_UUID, WEB));
    g_string_append(text, DOMAIN("live", LIVE_UUID, ""));
    g_string_append(text, DOMAIN("saved", SAVED_UUID, SHUT_OFF "<test:hasmanagedsave/>"));
    g_string_append(text, DOMAIN("a\xc2\x85z", ODD_UUID, ""));
    for (int i = 0; i < 8; i++)
        g_string_append_printf(text,
                               "<domain type='test'><name>more%d</name><memory>8192</memory>"
                               "<os><type>hvm</type></os></domain>",
                               i);
    g_string_append(text, networks);
    g_string_append(text, pools);
    g_string_append(text, "</node>");
    return g_string_free(text, FALSE);
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *node = build_node();

    fixture->folder = g_dir_make_tmp("vp-test-XXXXXX", &error);
    g_assert_no_error(error);
    fixture->file = g_build_filename(fixture->folder, "node.xml", NULL);
    g_file_set_contents(fixture->file, node, -1, &error);
    g_assert_no_error(error);
    g_autofree char *uri = g_strconcat("test://", fixture->file, NULL);
    fixture->connection = vp_connection_open(uri, &error);
    g_assert_no_error(error);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
    vp_connection_close(fixture->connection);
    g_unlink(fixture->file);
    g_rmdir(fixture->folder);
    g_free(fixture->file);
    g_free(fixture->folder);
}

static void
assert_says(const GError *error, const char *text)
{
    g_assert_nonnull(error);
    if (strstr(error->message, text) == NULL)
        g_error("'%s' lacks '%s'", error->message, text);
}

static void
test_identity(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VpConnection) connection = vp_connection_open("test:///default", &error);
    uid_t uid = 7;
    gid_t gid = 7;

    g_assert_no_error(error);
    g_assert_cmpstr(vp_connection_get_uri(connection), ==, "test:///default");
    g_assert_cmpstr(vp_connection_get_driver(connection), ==, "TEST");
    g_assert_cmpstr(vp_connection_get_hostname(connection), !=, "");
    g_assert_cmpuint(vp_connection_get_libvirt_version(connection), >, 1000000);
    g_assert_true(vp_connection_is_local(connection));
    g_assert_false(vp_connection_is_session(connection));
    g_assert_false(vp_connection_get_qemu_user(connection, &uid, &gid));
    g_assert_cmpuint(uid, ==, 7);
    g_autofree char *capabilities = vp_connection_get_capabilities(connection, &error);
    g_assert_no_error(error);
    g_assert_nonnull(strstr(capabilities, "<capabilities>"));
}

static void
test_unreachable(void)
{
    g_autoptr(GError) error = NULL;
    const char *uri = "qemu+unix:///system?socket=/nonexistent/socket";

    g_assert_null(vp_connection_open(uri, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    assert_says(error, uri);
    assert_says(error, "start libvirtd");
    assert_says(error, "--connect");
}

/* libvirt prints each error by itself unless it is told not to. */
static void
test_silent(void)
{
    if (g_test_subprocess()) {
        test_unreachable();
        return;
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_passed();
    g_test_trap_assert_stderr_unmatched("*error :*");
}

static void
test_embedded(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(vp_connection_open("qemu:///embed?root=/nonexistent", &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_USAGE);
}

static void
test_lookup(Fixture *fixture, gconstpointer data)
{
    const char *const names[] = {"web1", WEB_UUID, "6695eb01f6a4830479aa97f2502e1930"};

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(VpVirtDomain) domain =
            vp_virt_domain_lookup(fixture->connection, names[i], &error);
        g_assert_no_error(error);
        g_assert_cmpstr(vp_virt_domain_get_name(domain), ==, "web1");
        g_assert_cmpstr(vp_virt_domain_get_uuid(domain), ==, WEB_UUID);
    }
}

static void
test_lookup_missing(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(vp_virt_domain_lookup(fixture->connection, "web\x1b[1m", &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_NOT_FOUND);
    assert_says(error, "web\\x1b[1m: no such domain");
    assert_says(error, "there are: a\\u{85}z, live, more0, ");
    assert_says(error, "more7 and 2 more");
    g_clear_error(&error);

    g_assert_null(vp_virt_domain_lookup(fixture->connection, FREE_UUID, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_NOT_FOUND);
}

static void
test_state(Fixture *fixture, gconstpointer data)
{
    static const struct {
        const char *name;
        gboolean active, saved;
    } rows[] = {{"web1", FALSE, FALSE}, {"live", TRUE, FALSE}, {"saved", FALSE, TRUE}};

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(VpVirtDomain) domain =
            vp_virt_domain_lookup(fixture->connection, rows[i].name, &error);
        gboolean active, saved;
        g_assert_true(vp_virt_domain_is_active(domain, &active, &error));
        g_assert_true(vp_virt_domain_has_managed_save(domain, &saved, &error));
        g_assert_cmpint(active, ==, rows[i].active);
        g_assert_cmpint(saved, ==, rows[i].saved);
    }
}

static void
test_xml(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VpVirtDomain) domain = vp_virt_domain_lookup(fixture->connection, "web1", &error);
    g_autofree char *open = vp_virt_domain_get_xml(domain, FALSE, &error);
    g_autofree char *secret = vp_virt_domain_get_xml(domain, TRUE, &error);

    g_assert_no_error(error);
    g_assert_nonnull(strstr(open, "<name>web1</name>"));
    g_assert_null(strstr(open, "geheim"));
    g_assert_nonnull(strstr(secret, "geheim"));
}

static void
test_snapshots(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VpVirtDomain) domain = vp_virt_domain_lookup(fixture->connection, "web1", &error);
    g_auto(GStrv) names = vp_virt_domain_list_snapshots(domain, &error);

    g_assert_no_error(error);
    g_autofree char *joined = g_strjoinv(",", names);
    g_assert_cmpstr(joined, ==, "s1,s2");
    g_autofree char *xml = vp_virt_domain_get_snapshot_xml(domain, "s2", TRUE, &error);
    g_assert_no_error(error);
    g_assert_nonnull(strstr(xml, "<name>s2</name>"));

    g_assert_null(vp_virt_domain_get_snapshot_xml(domain, "s3", FALSE, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_NOT_FOUND);
    assert_says(error, "s3: no such snapshot of domain web1: there are: s1, s2");
}

static void
test_no_snapshots(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(VpVirtDomain) domain = vp_virt_domain_lookup(fixture->connection, "saved", &error);
    g_auto(GStrv) names = vp_virt_domain_list_snapshots(domain, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(g_strv_length(names), ==, 0);
    g_assert_null(vp_virt_domain_get_snapshot_xml(domain, "s1", FALSE, &error));
    assert_says(error, "there are none");
}

static void
test_list(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) list = vp_virt_list_domains(fixture->connection, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(list->len, ==, 12);
    const VpVirtDomainEntry *second = g_ptr_array_index(list, 1);
    const VpVirtDomainEntry *last = g_ptr_array_index(list, 11);
    g_assert_cmpstr(second->name, ==, "live");
    g_assert_cmpstr(last->name, ==, "web1");
    g_assert_cmpstr(last->uuid, ==, WEB_UUID);
    g_assert_nonnull(strstr(last->xml, WEB_UUID));
    g_assert_null(strstr(last->xml, "geheim"));
}

static void
test_define(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(vp_virt_define(fixture->connection, DOMAIN("new", FREE_UUID, ""), "new",
                                 FREE_UUID, &error));
    g_assert_no_error(error);
    g_autoptr(VpVirtDomain) domain = vp_virt_domain_lookup(fixture->connection, "new", &error);
    g_assert_cmpstr(vp_virt_domain_get_uuid(domain), ==, FREE_UUID);
    g_assert_true(vp_virt_set_autostart(fixture->connection, FREE_UUID, &error));
    g_assert_true(vp_virt_start(fixture->connection, FREE_UUID, &error));
    gboolean active = FALSE;
    g_assert_true(vp_virt_domain_is_active(domain, &active, &error));
    g_assert_true(active);
}

/* The test driver, as QEMU's, would overwrite either without a word. */
static void
test_define_taken(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(vp_virt_define(fixture->connection, DOMAIN("web1", FREE_UUID, ""), "web1",
                                  FREE_UUID, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FINDINGS);
    assert_says(error, "--name");
    g_clear_error(&error);

    g_assert_false(
        vp_virt_define(fixture->connection, DOMAIN("new", WEB_UUID, ""), "new", WEB_UUID, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FINDINGS);
    assert_says(error, "UUID " WEB_UUID ": the domain web1 has it already");
    g_clear_error(&error);

    /* Both at once is the case that libvirt would carry out. */
    g_assert_false(vp_virt_define(fixture->connection, DOMAIN("web1", WEB_UUID, ""), "web1",
                                  WEB_UUID, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FINDINGS);
    g_autoptr(VpVirtDomain) domain = vp_virt_domain_lookup(fixture->connection, "web1", NULL);
    g_autofree char *xml = vp_virt_domain_get_xml(domain, TRUE, NULL);
    g_assert_nonnull(strstr(xml, "geheim"));
}

static void
test_define_not_valid(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(vp_virt_define(fixture->connection, DOMAIN("new", FREE_UUID, "<nonsense/>"),
                                  "new", FREE_UUID, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    assert_says(error, "new: cannot define the domain: ");
}

static void
test_undefine(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(vp_virt_undefine(fixture->connection, WEB_UUID, &error));
    g_assert_true(vp_virt_undefine(fixture->connection, SAVED_UUID, &error));
    g_assert_no_error(error);
    g_assert_null(vp_virt_domain_lookup(fixture->connection, "web1", NULL));
    g_assert_null(vp_virt_domain_lookup(fixture->connection, "saved", NULL));
    g_assert_true(vp_virt_undefine(fixture->connection, WEB_UUID, &error));
    g_assert_no_error(error);
}

static void
test_undefine_running(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(vp_virt_undefine(fixture->connection, LIVE_UUID, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    assert_says(error, "live: the domain runs");
    g_clear_error(&error);
    g_autoptr(VpVirtDomain) domain = vp_virt_domain_lookup(fixture->connection, "live", &error);
    g_assert_no_error(error);
    g_assert_nonnull(domain);
}

static void
test_start_missing(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_false(vp_virt_start(fixture->connection, FREE_UUID, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_false(vp_virt_start(fixture->connection, LIVE_UUID, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_FAILED);
    assert_says(error, "is already running");
}

static void
test_native(Fixture *fixture, gconstpointer data)
{
    static const char uefi[] =
        "<domain><os><loader type='pflash'>/fw/CODE.fd</loader><nvram>/fw/VARS.fd</nvram></os>"
        "</domain>";
    g_autoptr(GError) error = NULL;
    gboolean unsupported = FALSE;

    g_assert_true(vp_virt_check_xml(fixture->connection, "<domain/>", &unsupported, &error));
    g_assert_true(unsupported);
    g_autofree char *firmware = vp_virt_find_firmware(fixture->connection, uefi);
    g_autofree char *nvram = vp_virt_find_nvram(fixture->connection, uefi);
    g_assert_cmpstr(firmware, ==, "/fw/CODE.fd");
    g_assert_cmpstr(nvram, ==, "/fw/VARS.fd");
    g_assert_null(vp_virt_find_firmware(fixture->connection, "<domain><os/></domain>"));
    g_assert_null(vp_virt_find_nvram(fixture->connection, "<domain"));
}

static void
test_volume(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    gboolean block = TRUE;
    g_autofree char *path =
        vp_volume_get_path(fixture->connection, "files", "one.img", &block, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(path, ==, "/srv/files/one.img");
    g_assert_false(block);
    g_assert_null(vp_volume_get_path(fixture->connection, "files", "two.img", &block, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_null(vp_volume_get_path(fixture->connection, "none", "one.img", &block, &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_NOT_FOUND);
}

static void
test_pool(Fixture *fixture, gconstpointer data)
{
    g_autofree char *folder = vp_pool_find_folder(fixture->connection, "files");

    g_assert_cmpstr(folder, ==, "/srv/files");
    g_assert_null(vp_pool_find_folder(fixture->connection, "lvm"));
    g_assert_null(vp_pool_find_folder(fixture->connection, "none"));
    vp_pool_refresh_folder(fixture->connection, "/srv/files");
    vp_pool_refresh_folder(fixture->connection, "/nonexistent");
}

static void
test_network(Fixture *fixture, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = vp_network_list(fixture->connection, &error);

    g_assert_no_error(error);
    g_autofree char *joined = g_strjoinv(",", names);
    g_assert_cmpstr(joined, ==, "net1,net2");
    g_autofree char *xml = vp_network_find_xml(fixture->connection, "net1");
    g_assert_nonnull(strstr(xml, "virbr7"));
    g_assert_null(vp_network_find_xml(fixture->connection, "net3"));
}

#define ADD(path, function) g_test_add(path, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/virt/connection/identity", test_identity);
    g_test_add_func("/virt/connection/unreachable", test_unreachable);
    g_test_add_func("/virt/connection/silent", test_silent);
    g_test_add_func("/virt/connection/embedded", test_embedded);
    ADD("/virt/domain/lookup", test_lookup);
    ADD("/virt/domain/lookup-missing", test_lookup_missing);
    ADD("/virt/domain/state", test_state);
    ADD("/virt/domain/xml", test_xml);
    ADD("/virt/domain/snapshots", test_snapshots);
    ADD("/virt/domain/no-snapshots", test_no_snapshots);
    ADD("/virt/domain/list", test_list);
    ADD("/virt/domain/define", test_define);
    ADD("/virt/domain/define-taken", test_define_taken);
    ADD("/virt/domain/define-not-valid", test_define_not_valid);
    ADD("/virt/domain/undefine", test_undefine);
    ADD("/virt/domain/undefine-running", test_undefine_running);
    ADD("/virt/domain/start-missing", test_start_missing);
    ADD("/virt/native", test_native);
    ADD("/virt/storage/volume", test_volume);
    ADD("/virt/storage/pool", test_pool);
    ADD("/virt/storage/network", test_network);
    return g_test_run();
}
