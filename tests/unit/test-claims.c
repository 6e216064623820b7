/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model/claims.h: what a domain has of its host for itself. */
#include "model-fixture.h"
#include "model/claims.h"

#include <string.h>

static const struct {
    const char *devices;
    const char *what; /* NULL: nothing is claimed */
    const char *edit;
} rows[] = {
    {"<serial type='file'><source path='/l/a.log'/></serial>", "file /l/a.log",
     "/domain/devices/serial/source/@path=/l/web-a.log"},
    {"<channel type='unix'><source mode='bind' path='/s/a'/></channel>", "file /s/a",
     "/domain/devices/channel/source/@path=/s/web-a"},
    {"<channel type='unix'><source mode='connect' path='/s/a'/></channel>", NULL, NULL},
    {"<channel type='unix'><target type='virtio'/></channel>", NULL, NULL},
    {"<serial type='pty'><log file='/l/b'/></serial>", "file /l/b",
     "/domain/devices/serial/log/@file=/l/web-b"},
    {"<serial type='pty'/>", NULL, NULL},
    {"<serial type='tcp'><source mode='bind' host='::1' service='4555'/></serial>", "port ::1:4555",
     "/domain/devices/serial/source/@service=PORT"},
    {"<serial type='tcp'><source mode='connect' host='::1' service='4555'/></serial>", NULL, NULL},
    {"<serial type='pty'/><console type='file'><source path='/l/a'/></console>", NULL, NULL},
    {"<serial type='pty'/><console type='file'><source path='/l/a'/>"
     "<target type='virtio'/></console>",
     "file /l/a", "/domain/devices/console/source/@path=/l/web-a"},
    {"<graphics type='vnc' port='5901' autoport='no'/>", "port 5901",
     "/domain/devices/graphics/@autoport=yes"},
    {"<graphics type='vnc' port='5901' autoport='yes'/>", NULL, NULL},
    {"<graphics type='vnc' port='-1'/>", NULL, NULL},
    {"<graphics type='vnc' autoport='yes' websocket='5701'/>", "port 5701",
     "/domain/devices/graphics/@websocket=-1"},
    {"<graphics type='vnc' autoport='yes' websocket='-1'/>", NULL, NULL},
    {"<interface type='user'><target dev='web0'/></interface>", "device web0",
     "xpath.delete=/domain/devices/interface/target"},
    {"<vsock><cid auto='no' address='4'/></vsock>", "vsock 4",
     "xpath.delete=/domain/devices/vsock/cid"},
    {"<vsock><cid auto='yes' address='4'/></vsock>", NULL, NULL},
};

static void
test_claims(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Fixture) fixture = fixture_new(rows[i].devices, NULL);
        g_autoptr(GPtrArray) claims = vp_claims_find(fixture->machine->domain, "web", FALSE);
        g_test_message("%s", rows[i].devices);
        g_assert_cmpuint(claims->len, ==, rows[i].what ? 1 : 0);
        if (!rows[i].what)
            continue;
        const VpClaim *claim = claims->pdata[0];
        g_assert_cmpstr(claim->what, ==, rows[i].what);
        g_assert_cmpstr(claim->edit, ==, rows[i].edit);
        g_autoptr(VpXmlEdit) edit = vp_xml_edit_parse(claim->edit, NULL);
        g_assert_nonnull(edit);
        g_assert_true(vp_xml_edit_apply(edit, fixture->machine->domain, NULL));
    }
}

/* What libvirt found for a domain that runs is its own too. */
static void
test_found_by_libvirt(void)
{
    g_autoptr(Fixture) fixture =
        fixture_new("<graphics type='vnc' port='5901' autoport='yes'/>", NULL);
    g_autoptr(GPtrArray) claims = vp_claims_find(fixture->machine->domain, "web", TRUE);
    g_assert_cmpuint(claims->len, ==, 1);
    g_assert_cmpstr(((VpClaim *)claims->pdata[0])->what, ==, "port 5901");
}

/* Another domain's: a warning, an error where one has it now and this is to be started at once,
 * and none once it is edited. */
static void
test_shared(void)
{
    g_autoptr(Fixture) fixture = fixture_new("<serial type='file'><source path='/l/a'/></serial>"
                                             "<console type='file'><source path='/l/a'/></console>",
                                             NULL);
    fixture_add_domain(fixture, "first", "y", "", "");
    fixture_add_domain(fixture, "other", "x", "", "");
    VpDomainFact *first = fixture->facts->domains->pdata[0];
    VpDomainFact *other = fixture->facts->domains->pdata[1];
    first->claims = g_strsplit("file /l/a", "|", -1);
    other->claims = g_strsplit("file /l/z|file /l/a", "|", -1);
    other->holds = g_strdupv(other->claims);
    fixture->options.allow = fixture_list(fixture, "chardev");
    g_autofree char *warned = fixture_check(fixture);
    g_assert_cmpstr(warned, ==, "warning path-shared domain\n");
    fixture->options.start = TRUE;
    g_autofree char *refused = fixture_check(fixture);
    g_assert_cmpstr(refused, ==, "error path-shared domain\n");
    g_clear_pointer(&other->holds, g_strfreev);
    other->holds = g_strsplit("file /l/z", "|", -1);
    g_autofree char *otherwise = fixture_check(fixture);
    g_assert_cmpstr(otherwise, ==, "warning path-shared domain\n");
    other->holds[0][strlen("file /l/")] = 'a';
    fixture->options.xml = fixture_list(fixture, "/domain/devices/serial/source/@path=/l/b");
    g_autofree char *settled = fixture_check(fixture);
    g_assert_cmpstr(settled, ==, "");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/claims/found", test_claims);
    g_test_add_func("/claims/found-by-libvirt", test_found_by_libvirt);
    g_test_add_func("/claims/shared", test_shared);
    return g_test_run();
}
