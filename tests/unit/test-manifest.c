/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model/manifest.h: what is written is read; what contradicts itself is refused; nothing crashes.
 */
#include "model/manifest.h"

#include <string.h>

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char good[] =
    "<package version=\"1.0\">\n"
    "  <producer>virt-porter 0</producer>\n"
    "  <created>2026-01-02T03:04:05Z</created>\n"
    "  <content>full</content>\n"
    "  <origin host=\"h\" uri=\"qemu:///system\">\n"
    "    <domain name=\"m &amp; &lt;n&gt;\" uuid=\"u\"/>\n"
    "    <hypervisor type=\"QEMU\" version=\"7002022\"/>\n"
    "    <libvirt version=\"9000000\"/>\n"
    "  </origin>\n"
    "  <machine arch=\"x86_64\" virt-type=\"kvm\" type=\"pc-q35-7.2\" autostart=\"yes\">\n"
    "    <cpu mode=\"custom\" model=\"EPYC\"/>\n"
    "    <firmware path=\"/f\" features=\"secure-boot\" sha256=\"" SHA "\"/>\n"
    "  </machine>\n"
    "  <networks>\n"
    "    <network>\n"
    "      <name>default</name>\n"
    "    </network>\n"
    "  </networks>\n"
    "  <left-out>\n"
    "    <resource name=\"disk:sda\">removable &amp; so on</resource>\n"
    "  </left-out>\n"
    "  <images>\n"
    "    <image id=\"base\" member=\"disks/base.qcow2\" format=\"qcow2\" virtual-size=\"1048576\" "
    "file-size=\"196616\" allocated=\"65536\" file-digest=\"" SHA "\"/>\n"
    "    <image id=\"vda\" member=\"disks/vda.qcow2\" format=\"qcow2\" virtual-size=\"1048576\" "
    "file-size=\"262144\" allocated=\"0\" backing=\"base\" file-digest=\"" SHA "\"/>\n"
    "    <image id=\"vdb\" member=\"disks/vdb.raw\" format=\"raw\" virtual-size=\"512\" "
    "file-size=\"512\" allocated=\"512\"/>\n"
    "  </images>\n"
    "  <moments>\n"
    "    <moment id=\"0\" consistency=\"quiesced\">\n"
    "      <domain member=\"domain.xml\" size=\"10\" sha256=\"" SHA "\"/>\n"
    "      <nvram member=\"nvram.fd\" size=\"20\" sha256=\"" SHA "\"/>\n"
    "      <tpm member=\"tpm/tpm2/state\" size=\"30\" sha256=\"" SHA "\"/>\n"
    "      <disk target=\"vda\" image=\"vda\" digest=\"" SHA "\"/>\n"
    "      <disk target=\"vdb\" image=\"vdb\" digest=\"" SHA "\"/>\n"
    "    </moment>\n"
    "    <moment id=\"1\" name=\"s 1\" consistency=\"off\">\n"
    "      <snapshot member=\"snapshots/1.xml\" size=\"10\" sha256=\"" SHA "\" "
    "state=\"shutoff\" created=\"1700000000\">\n"
    "        <description>a &lt; b</description>\n"
    "      </snapshot>\n"
    "      <disk target=\"vda\" image=\"base\" snapshot=\"s 1\" digest=\"" SHA "\"/>\n"
    "      <disk target=\"vdb\" image=\"vda\"/>\n"
    "    </moment>\n"
    "    <moment id=\"2\" parent=\"1\" name=\"s 2\" consistency=\"crash-consistent\">\n"
    "      <snapshot member=\"snapshots/2.xml\" size=\"10\" sha256=\"" SHA "\" "
    "state=\"disk-snapshot\" created=\"1700000001\" current=\"yes\"/>\n"
    "      <disk target=\"vda\" image=\"base\" overlay=\"vda\" digest=\"" SHA "\"/>\n"
    "    </moment>\n"
    "  </moments>\n"
    "</package>\n";

static VpManifest *
parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    VpManifest *manifest = vp_manifest_parse(text, strlen(text), &error);
    g_assert_no_error(error);
    return manifest;
}

static void
test_round_trip(void)
{
    g_autoptr(VpManifest) manifest = parse(good);
    g_autofree char *text = vp_manifest_format(manifest);
    g_assert_cmpstr(text, ==, good);
}

static void
count_member(const char *name, guint64 size, gpointer data)
{
    guint64 *sum = data;
    *sum += size;
}

static void
test_parse(void)
{
    g_autoptr(VpManifest) manifest = parse(good);
    g_assert_cmpstr(manifest->domain_name, ==, "m & <n>");
    g_assert_cmpint(manifest->created, ==, 1767323045);
    g_assert_cmpuint(manifest->hypervisor_version, ==, 7002022);
    g_assert_true(manifest->autostart);
    g_assert_cmpstr(vp_manifest_find_image(manifest, "vda")->backing, ==, "base");
    g_assert_null(vp_manifest_find_image(manifest, "vdz"));
    g_assert_null(vp_moment_find_disk(vp_manifest_get_moment(manifest), "vda")->snapshot);
    const VpMoment *first = manifest->moments->pdata[1];
    g_assert_cmpstr(vp_moment_find_disk(first, "vda")->snapshot, ==, "s 1");
    g_assert_null(vp_moment_find_disk(first, "vdb")->digest);
    g_assert_null(vp_moment_find_disk(first, "vdc"));
    g_assert_cmpstr(first->snapshot->description, ==, "a < b");
    g_assert_true(vp_manifest_is_tree(manifest));
    g_autoptr(GPtrArray) names = vp_manifest_find_snapshots(manifest, "base");
    g_assert_cmpuint(names->len, ==, 1);
    g_assert_cmpstr(names->pdata[0], ==, "s 1");
    guint64 sum = 0;
    vp_manifest_foreach_member(manifest, count_member, &sum);
    g_assert_cmpuint(sum, ==, 196616 + 262144 + 512 + 10 + 20 + 30 + 10 + 10);
}

/* Replaces the first @from of the good manifest. */
static char *
edit(const char *from, const char *to)
{
    const char *at = strstr(good, from);
    g_assert_nonnull(at);
    return g_strdup_printf("%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
}

/* Newer minor versions and strangers' marks mean nothing to us. */
static void
test_foreign(void)
{
    static const char *const edits[][2] = {
        {"version=\"1.0\"", "version=\"1.99\""},
        {"version=\"1.0\"", "version=\"1.0\" xmlns:z=\"urn:z\" z:version=\"2.0\""},
        {"<images>", "<z:images xmlns:z=\"urn:z\"><image id=\"vda\"/></z:images><images>"},
        {"<images>", "<images><image xmlns=\"urn:z\" member=\"/etc/passwd\"/>"},
        {"<images>", "<images xml:lang=\"en\"><!-- a comment --><?and a command?>"},
        {"format=\"qcow2\"", "xmlns:z=\"urn:z\" z:member=\"../x\" format=\"qcow2\""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(edits); i++) {
        g_autofree char *text = edit(edits[i][0], edits[i][1]);
        g_test_message("%s", edits[i][1]);
        g_autoptr(VpManifest) manifest = parse(text);
        g_assert_cmpuint(manifest->images->len, ==, 3);
    }
}

typedef struct {
    const char *from, *to;
    VpErrorCode code;
    const char *word;
} Row;

#define DAMAGED(from, to, word) \
    { \
        from, to, VP_ERROR_DAMAGED, word \
    }
#define UNSAFE(from, to, word) \
    { \
        from, to, VP_ERROR_UNSAFE, word \
    }
#define NEWER(to) \
    { \
        "version=\"1.0\"", "version=\"" to "\"", VP_ERROR_VERSION, "newer" \
    }
#define VERSIONED(to) DAMAGED("version=\"1.0\"", "version=\"" to "\"", "package.xml: not")
#define NAME(to)      UNSAFE("disks/vdb.raw", to, "is unsafe")
#define NUMBER(to)    DAMAGED("size=\"20\"", "size=\"" to "\"", "not valid")

static const Row rows[] = {
    NEWER("2.0"),
    NEWER("2.7"),
    NEWER("4294967297.0"),
    NEWER("99999999999999999999.0"),
    VERSIONED(""),
    VERSIONED("1"),
    VERSIONED("1."),
    VERSIONED(".0"),
    VERSIONED("1.0.0"),
    VERSIONED("1.0 "),
    VERSIONED(" 1.0"),
    VERSIONED("+1.0"),
    VERSIONED("-1.0"),
    VERSIONED("0.9"),
    VERSIONED("1.999999"),
    VERSIONED("0x1.0"),
    DAMAGED("<package version=\"1.0\"", "<package", "not a manifest"),
    DAMAGED("<package ", "<package xmlns=\"urn:z\" ", "not a manifest"),
    DAMAGED("<producer>virt-porter 0</producer>", "", "not valid"),
    DAMAGED("2026-01-02T03:04:05Z", "yesterday", "not valid"),
    DAMAGED(">full<", ">half<", "not valid"),
    DAMAGED("<images>", "<extra/><images>", "not valid"),
    DAMAGED("format=\"raw\"", "format=\"vmdk\"", "not valid"),
    DAMAGED("format=\"raw\"", "format=\"raw\" run=\"x\"", "not valid"),
    DAMAGED("id=\"vdb\"", "id=\"\"", "not valid"),
    DAMAGED("\"quiesced\"", "\"perfect\"", "not valid"),
    DAMAGED(SHA, "0123", "not valid"),
    DAMAGED(SHA, "G123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "not valid"),
    NUMBER(""),
    NUMBER("-1"),
    NUMBER("+1"),
    NUMBER("0x10"),
    NUMBER("1e3"),
    NUMBER("1 "),
    NUMBER("18446744073709551616"),
    NUMBER("99999999999999999999999999"),
    NAME(""),
    NAME(" "),
    NAME("."),
    NAME(".."),
    NAME("../x"),
    NAME("/etc/passwd"),
    NAME("disks/../../x"),
    NAME("disks/"),
    NAME("disks//x"),
    NAME("./x"),
    NAME(".hidden"),
    NAME("disks/.hidden"),
    NAME("a b"),
    NAME("a\\b"),
    NAME("a&#10;b"),
    NAME("a&#x202e;b"),
    NAME("é"),
    NAME("a/b/c/d/e"),
    NAME("package.xml"),
    UNSAFE("domain.xml", "../domain.xml", "is unsafe"),
    UNSAFE("nvram.fd", "/nvram.fd", "is unsafe"),
    UNSAFE("tpm/tpm2/state", "tpm/../state", "is unsafe"),
    DAMAGED("disks/vdb.raw", "disks/vda.qcow2", "two members are called “disks/vda.qcow2”"),
    DAMAGED("nvram.fd", "domain.xml", "two members are called “domain.xml”"),
    DAMAGED("id=\"vdb\"", "id=\"vda\"", "two images have the id “vda”"),
    DAMAGED("id=\"vdb\"", "id=\"vdc\"", "names image “vdb”, which is not listed"),
    DAMAGED("target=\"vdb\"", "target=\"vda\"", "disk “vda” is listed twice"),
    DAMAGED("image=\"vdb\"", "image=\"base\"", "no disk needs the image “vdb”"),
    DAMAGED("backing=\"base\"", "backing=\"none\"", "is missing"),
    DAMAGED("backing=\"base\"", "backing=\"vda\"", "or on itself"),
    DAMAGED("allocated=\"65536\"", "allocated=\"65536\" backing=\"vda\"", "or on itself"),
    DAMAGED("allocated=\"512\"", "allocated=\"513\"", "more allocated"),
    DAMAGED("id=\"1\"", "id=\"0\"", "two moments have the id “0”"),
    DAMAGED("id=\"1\"", "id=\"1\" parent=\"1\"", "parent of moment “1”"),
    DAMAGED("id=\"1\"", "id=\"1\" parent=\"2\"", "parent of moment “1”"),
    DAMAGED("parent=\"1\"", "parent=\"3\"", "parent of moment “2”"),
    DAMAGED("parent=\"1\"", "parent=\"0\"", "parent of the snapshot “2” is none"),
    DAMAGED("<domain member=", "<snapshot state=\"shutoff\" created=\"0\" member=",
            "first moment has no definition"),
    DAMAGED("<snapshot member=\"snapshots/1.xml\" size=\"10\" sha256=\"" SHA "\" "
            "state=\"shutoff\" created=\"1700000000\">\n"
            "        <description>a &lt; b</description>\n"
            "      </snapshot>",
            "<domain member=\"snapshots/1.xml\" size=\"10\" sha256=\"" SHA "\"/>",
            "moment “1” is no snapshot"),
    DAMAGED("name=\"s 2\"", "", "has no name"),
    DAMAGED("name=\"s 2\"", "name=\"s 1\"", "two snapshots are called “s 1”"),
    DAMAGED("name=\"s 1\"", "name=\"s 3\"", "has the bytes of another"),
    DAMAGED("created=\"1700000000\"", "created=\"1\" current=\"yes\"", "are the current one"),
    DAMAGED("state=\"shutoff\"", "state=\"asleep\"", "not valid"),
    DAMAGED("state=\"shutoff\"", "state=\"running\"", "“s 1” is running, and without RAM"),
    DAMAGED("state=\"shutoff\"", "state=\"paused\"", "“s 1” is paused, and without RAM"),
    DAMAGED("name=\"s 1\" consistency=\"off\"", "name=\"s 1\" consistency=\"with-ram\"",
            "“s 1” is shutoff, and with RAM"),
    DAMAGED("<disk target=\"vda\" image=\"vda\" digest",
            "<disk target=\"vda\" image=\"vda\" "
            "snapshot=\"s 1\" digest",
            "of the first moment"),
    DAMAGED("<disk target=\"vdb\" image=\"vdb\" digest=\"" SHA "\"/>",
            "<disk target=\"vdb\" image=\"vdb\"/>", "of the first moment"),
    DAMAGED("overlay=\"vda\"", "overlay=\"vdb\"", "does not lie on its image"),
    DAMAGED("overlay=\"vda\"", "overlay=\"none\"", "does not lie on its image"),
    DAMAGED("overlay=\"vda\"", "overlay=\"vda\" snapshot=\"s 2\"", "not valid"),
    DAMAGED("image=\"base\" snapshot", "image=\"vdb\" snapshot", "cannot have snapshots"),
    DAMAGED("backing=\"base\" file-digest=\"" SHA "\"", "backing=\"base\"", "lie on another"),
    DAMAGED("allocated=\"65536\"", "allocated=\"196617\"", "than its file-size"),
    UNSAFE("member=\"snapshots/1.xml\" size=\"10\"", "member=\"snapshots/1.xml\" size=\"67108864\"",
           "more than 1000 snapshots"),
    UNSAFE("name=\"s 2\"", "name=\"\"", "no name of a snapshot"),
    UNSAFE("name=\"s 2\"", "name=\".s\"", "no name of a snapshot"),
    UNSAFE("name=\"s 2\"", "name=\"..\"", "no name of a snapshot"),
    UNSAFE("name=\"s 2\"", "name=\"a/../b\"", "no name of a snapshot"),
    UNSAFE("name=\"s 2\"", "name=\"a&#10;b\"", "no name of a snapshot"),
    UNSAFE("name=\"s 2\"", "name=\"a&#x85;b\"", "no name of a snapshot"),
    DAMAGED(">full<", ">config<", "configuration only"),
    UNSAFE("virtual-size=\"512\"", "virtual-size=\"1125899906842625\"", "virtual-size"),
    UNSAFE("virtual-size=\"512\"", "virtual-size=\"9999999999999999999\"", "virtual-size"),
};

static void
test_refused(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = edit(rows[i].from, rows[i].to);
        g_test_message("%s -> %s", rows[i].from, rows[i].to);
        g_assert_null(vp_manifest_parse(text, strlen(text), &error));
        g_assert_error(error, VP_ERROR, (int)rows[i].code);
        g_assert_nonnull(strstr(error->message, rows[i].word));
    }
}

static void
test_names(void)
{
    g_autofree char *longest = g_strnfill(100, 'x');
    g_autofree char *too_long = g_strnfill(101, 'x');
    g_assert_true(vp_member_name_is_safe(longest));
    g_assert_false(vp_member_name_is_safe(too_long));
    g_assert_true(vp_member_name_is_safe("a/b/c/d"));
    g_assert_true(vp_member_name_is_safe("tpm/tpm2/tpm2-00.permall"));
    g_assert_true(vp_member_name_is_safe("-rf"));
}

/* A hostile list costs its length, not a power of it: each of these took minutes. */
static void
test_many(void)
{
    g_autoptr(GString) list = g_string_new("<images>");
    for (guint i = 0; i < 5000; i++)
        g_string_append_printf(
            list,
            "<image id=\"i%u\" member=\"d/%u\" format=\"raw\" virtual-size=\"0\" "
            "file-size=\"0\" allocated=\"0\" backing=\"i%u\"/>",
            i, i, i + 1);
    g_autofree char *text = edit("<images>", list->str);
    gint64 start = g_get_monotonic_time();
    g_autoptr(GError) error = NULL;
    g_assert_null(vp_manifest_parse(text, strlen(text), &error));
    g_assert_error(error, VP_ERROR, VP_ERROR_DAMAGED);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 20 * G_USEC_PER_SEC);
}

/* One small change of a kind that breaks readers. */
static void
mutate(GString *text, GRand *random)
{
    static const char *const pieces[] = {
        "<",    ">",    "\"",        "&",
        "&#0;", "\xff", "-",         "9999999999999999999",
        "../",  "<a>",  "</moment>", "xmlns=\"urn:z\"",
        "<!--", "]]>",  "<?",        "<!DOCTYPE a>",
        "vda",  "\n",
    };
    gsize at = (gsize)g_rand_int_range(random, 0, (gint32)text->len);
    gsize length = (gsize)g_rand_int_range(random, 1, 60);
    length = MIN(length, text->len - at);
    switch (g_rand_int_range(random, 0, 5)) {
    case 0:
        text->str[at] ^= (char)(1 << g_rand_int_range(random, 0, 8));
        break;
    case 1:
        g_string_erase(text, (gssize)at, (gssize)length);
        break;
    case 2:
        g_string_insert(text, (gssize)at,
                        pieces[g_rand_int_range(random, 0, G_N_ELEMENTS(pieces))]);
        break;
    case 3: {
        g_autofree char *piece = g_strndup(text->str + at, length);
        gsize to = (gsize)g_rand_int_range(random, 0, (gint32)text->len);
        g_string_insert(text, (gssize)to, piece);
        break;
    }
    default:
        text->str[at] = (char)('0' + g_rand_int_range(random, 0, 10));
    }
}

/* What is read can be written, and is read again as the same. */
static void
check_again(const VpManifest *manifest)
{
    g_autofree char *text = vp_manifest_format(manifest);
    g_autoptr(VpManifest) again = parse(text);
    g_autofree char *same = vp_manifest_format(again);
    g_assert_cmpstr(same, ==, text);
}

static void
test_mutations(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(20260102);
    guint read = 0;
    for (guint i = 0; i < 20000; i++) {
        g_autoptr(GString) text = g_string_new(good);
        g_autoptr(GError) error = NULL;
        for (gint32 j = g_rand_int_range(random, 1, 4); j > 0; j--)
            mutate(text, random);
        g_autoptr(VpManifest) manifest = vp_manifest_parse(text->str, text->len, &error);
        g_assert_true((manifest == NULL) == (error != NULL));
        if (manifest && read++ % 16 == 0)
            check_again(manifest);
    }
    g_test_message("%u of 20000 were read", read);
    g_assert_cmpuint(read, >, 200);
    g_assert_cmpuint(read, <, 10000);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/manifest/round-trip", test_round_trip);
    g_test_add_func("/manifest/parse", test_parse);
    g_test_add_func("/manifest/foreign", test_foreign);
    g_test_add_func("/manifest/refused", test_refused);
    g_test_add_func("/manifest/names", test_names);
    g_test_add_func("/manifest/many", test_many);
    g_test_add_func("/manifest/mutations", test_mutations);
    return g_test_run();
}
