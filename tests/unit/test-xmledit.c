/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model/xmledit.h: --xml, in virt-install's syntax. */
#include "model/xmledit.h"

#include <string.h>

static const char domain[] = "<domain type='kvm'><name>m</name><memory unit='KiB'>1</memory>"
                             "<devices><disk a='1'><source f='x'/></disk><disk a='2'/></devices>"
                             "</domain>";

/* Takes the white space between elements out. */
static char *
squeeze(const char *text)
{
    g_autoptr(GRegex) space = g_regex_new(">\\s+<", 0, 0, NULL);
    return g_regex_replace_literal(space, text, -1, 0, "><", 0, NULL);
}

/* What @text makes of the domain. */
static char *
apply(const char *text, GError **error)
{
    g_autoptr(VpXmlEdit) edit = vp_xml_edit_parse(text, error);
    if (!edit)
        return NULL;
    g_autoptr(xmlDoc) doc = vp_xml_parse(domain, strlen(domain), "domain", NULL);
    if (!vp_xml_edit_apply(edit, doc, error))
        return NULL;
    g_autofree char *out = vp_xml_format_node(xmlDocGetRootElement(doc));
    return squeeze(out);
}

/* An edit, and a piece that is there afterwards. */
static const char *const good_rows[][2] = {
    {"./name=n", "<name>n</name>"},
    {"/domain/name=n", "<name>n</name>"},
    {"name=n", "<name>n</name>"},
    {"./name=", "<name/>"},
    {"./name=a<b>&\"c", "<name>a&lt;b&gt;&amp;\"c</name>"},
    {"./@type=qemu", "<domain type=\"qemu\">"},
    {"./@type=a<b>&\"c", "<domain type=\"a&lt;b&gt;&amp;&quot;c\">"},
    {"./memory/@unit=MiB", "<memory unit=\"MiB\">1</memory>"},
    {"./devices/disk[@a='2']/@a=3", "<disk a=\"3\"/>"},
    {"./devices/disk[2]/@b=new", "<disk a=\"2\" b=\"new\"/>"},
    {"//disk/@a=9", "<disk a=\"9\"/></devices>"},
    {"./os/boot/@dev=hd", "<boot dev=\"hd\"/>"},
    {"./title=t", "<title>t</title>"},
    {"./a[1]/b=x", "<a><b>x</b></a>"},
    {"./devices/disk[3]/@a=5", "<disk a=\"2\"/><disk a=\"5\"/></devices>"},
    {"./devices/disk[@a='9']/source/@f=/a/b",
     "<disk a=\"9\"><source f=\"/a/b\"/></disk></devices>"},
    {"./devices/disk[@a='/x/y']/@b=1", "<disk a=\"/x/y\" b=\"1\"/></devices>"},
    {"./devices/disk[source/@f='x']/target/@dev=vda", "<target dev=\"vda\"/></disk>"},
    {"./qemu:commandline/qemu:arg/@value=-S",
     "<qemu:commandline><qemu:arg value=\"-S\"/></qemu:commandline></domain>"},
    {"./qemu:commandline/qemu:env[@name='A']/@value=1",
     "<domain xmlns:qemu=\"http://libvirt.org/schemas/domain/qemu/1.0\" "},
    {"xpath.set=./name,xpath.value=a,,b", "<name>a,b</name>"},
    {"xpath.value=n,xpath.set=./name", "<name>n</name>"},
    {"xpath.set=./name,xpath.value=a=b", "<name>a=b</name>"},
    {"xpath.create=./features/acpi", "<acpi/>"},
    {"xpath.create=./devices/panic", "<panic/></devices>"},
    {"xpath.delete=./memory", "<name>m</name><devices>"},
    {"xpath.delete=./@type", "<domain><name>"},
    {"xpath.delete=//disk", "<devices/>"},
    {"xpath.delete=//disk|//source", "<devices/>"},
    {"xpath.delete=//disk|//disk/@a", "<devices/>"},
};

static void
test_good(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(good_rows); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", good_rows[i][0]);
        g_autofree char *out = apply(good_rows[i][0], &error);
        g_assert_no_error(error);
        g_test_message("%s", out);
        g_assert_nonnull(strstr(out, good_rows[i][1]));
    }
}

static void
test_bad(void)
{
    static const char *const texts[] = {
        "",
        "=",
        "=x",
        "name",
        "[[[=x",
        "./name/=x",
        "count(//disk)=2",
        "'text'=x",
        "//none[1]=x",
        "./name/text()=x",
        "./a b=x",
        "./a[2]/b=x",
        "./devices/disk[4]/@a=x",
        "./devices/disk[@a='9'][2]/@b=x",
        "./@qemu:a=x",
        "./other:a=x",
        "./none:x=y",
        "/=x",
        "xpath.set=./name",
        "xpath.value=x",
        "xpath.create=./a,xpath.value=x",
        "xpath.none=x",
        "xpath.delete=./none",
        "xpath.delete=.",
        "xpath.delete=/",
        "xpath.delete=/domain",
        "xpath.delete=./name,xpath.create=./b",
        "xpath.create=./@type",
        "xpath.create=",
        "xpath.",
        "xpath.delete=./name,",
        "xpath.delete=./name/text()",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", texts[i]);
        g_autofree char *out = apply(texts[i], &error);
        g_assert_null(out);
        g_assert_error(error, VP_ERROR, VP_ERROR_USAGE);
        g_assert_true(g_str_has_prefix(error->message, "--xml: "));
    }
}

/* An element that is set takes those away that lie inside, which were to be set too. */
static void
test_set_nested(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *out = apply("//*=x", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(out, ==, "<domain type=\"kvm\">x</domain>");
}

static void
test_own(void)
{
    g_autoptr(VpXmlEdit) edit = vp_xml_edit_parse("./devices/disk[1]/@a=5", NULL);
    g_autoptr(xmlDoc) doc = vp_xml_parse(domain, strlen(domain), "domain", NULL);
    g_assert_true(vp_xml_edit_apply(edit, doc, NULL));
    xmlNode *disk = vp_xml_find_path(xmlDocGetRootElement(doc), "devices/disk");
    g_assert_true(vp_xml_is_own((xmlNode *)xmlHasProp(disk, (const xmlChar *)"a")));
    g_assert_false(vp_xml_is_own(vp_xml_find(disk, "source")));
    g_assert_false(vp_xml_is_own(vp_xml_find_next(disk, "disk")));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/xmledit/good", test_good);
    g_test_add_func("/xmledit/bad", test_bad);
    g_test_add_func("/xmledit/set-nested", test_set_nested);
    g_test_add_func("/xmledit/own", test_own);
    return g_test_run();
}
