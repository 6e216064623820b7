/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* model/nic.h: the words of --nic and --network, and what a new connection leaves. */
#include "model/nic.h"

#include <string.h>

typedef struct {
    const char *text;
    gboolean valid;
    VpNicKind kind;
    const char *name;
    const char *mode;
    guint vlan;
} Word;

static const Word words[] = {
    {"network:lan", TRUE, VP_NIC_NETWORK, "lan", NULL, 0},
    {"network:a:b", TRUE, VP_NIC_NETWORK, "a:b", NULL, 0},
    {"network:", FALSE, 0, NULL, NULL, 0},
    {"network", FALSE, 0, NULL, NULL, 0},
    {"lan", TRUE, VP_NIC_NETWORK, "lan", NULL, 0},
    {"a network", TRUE, VP_NIC_NETWORK, "a network", NULL, 0},
    {"", FALSE, 0, NULL, NULL, 0},
    {"lan:7", FALSE, 0, NULL, NULL, 0},
    {"bridge:br0", TRUE, VP_NIC_BRIDGE, "br0", NULL, 0},
    {"bridge", FALSE, 0, NULL, NULL, 0},
    {"direct:eth0", TRUE, VP_NIC_DIRECT, "eth0", NULL, 0},
    {"direct:eth0:vepa", TRUE, VP_NIC_DIRECT, "eth0", "vepa", 0},
    {"direct:eth0:passthrough", TRUE, VP_NIC_DIRECT, "eth0", "passthrough", 0},
    {"direct:eth0:fast", FALSE, 0, NULL, NULL, 0},
    {"direct::vepa", FALSE, 0, NULL, NULL, 0},
    {"ovs:br0", TRUE, VP_NIC_OVS, "br0", NULL, 0},
    {"ovs:br0:1", TRUE, VP_NIC_OVS, "br0", NULL, 1},
    {"ovs:br0:4094", TRUE, VP_NIC_OVS, "br0", NULL, 4094},
    {"ovs:br0:4095", FALSE, 0, NULL, NULL, 0},
    {"ovs:br0:0", FALSE, 0, NULL, NULL, 0},
    {"ovs:br0:x", FALSE, 0, NULL, NULL, 0},
    {"ovs:br0:", FALSE, 0, NULL, NULL, 0},
    {"user", TRUE, VP_NIC_USER, NULL, NULL, 0},
    {"user:x", FALSE, 0, NULL, NULL, 0},
    {"none", TRUE, VP_NIC_NONE, NULL, NULL, 0},
    {"drop", TRUE, VP_NIC_DROP, NULL, NULL, 0},
    {"keep", TRUE, VP_NIC_KEEP, NULL, NULL, 0},
    {"keep:it", FALSE, 0, NULL, NULL, 0},
};

static void
test_parse(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        const Word *word = &words[i];
        g_autoptr(GError) error = NULL;
        g_autoptr(VpNicTarget) target = vp_nic_target_parse(word->text, "--nic", &error);
        g_test_message("%s", word->text);
        if (!word->valid) {
            g_assert_null(target);
            g_assert_error(error, VP_ERROR, VP_ERROR_USAGE);
            g_assert_true(g_str_has_prefix(error->message, "--nic: "));
            continue;
        }
        g_assert_no_error(error);
        g_autoptr(VpNicTarget) copy = vp_nic_target_copy(target);
        g_assert_cmpint(copy->kind, ==, word->kind);
        g_assert_cmpstr(copy->name, ==, word->name);
        g_assert_cmpstr(copy->mode, ==, word->mode);
        g_assert_cmpuint(copy->vlan, ==, word->vlan);
    }
}

static xmlDoc *
parse(const char *nic)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strdup_printf("<domain><devices>%s</devices></domain>", nic);
    xmlDoc *doc = vp_xml_parse(text, strlen(text), "test", &error);
    g_assert_no_error(error);
    return doc;
}

static const struct {
    const char *source;
    const char *nic;
    gboolean matches;
} sources[] = {
    {"*", "<interface type='user'/>", TRUE},
    {"*", "<interface type='vhostuser'><source path='/x'/></interface>", TRUE},
    {"lan", "<interface type='network'><source network='lan'/></interface>", TRUE},
    {"lan", "<interface type='bridge'><source bridge='lan'/></interface>", TRUE},
    {"lan", "<interface type='direct'><source dev='lan'/></interface>", FALSE},
    {"network:lan", "<interface type='network'><source network='lan'/></interface>", TRUE},
    {"network:lan", "<interface type='bridge'><source bridge='lan'/></interface>", FALSE},
    {"bridge:lan", "<interface type='bridge'><source bridge='lan'/></interface>", TRUE},
    {"bridge:lan", "<interface type='network'><source network='lan'/></interface>", FALSE},
    {"la", "<interface type='network'><source network='lan'/></interface>", FALSE},
    {"LAN", "<interface type='network'><source network='lan'/></interface>", FALSE},
    {"", "<interface type='network'/>", FALSE},
};

static void
test_source(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
        g_autoptr(xmlDoc) doc = parse(sources[i].nic);
        g_autoptr(GPtrArray) nics = vp_domain_nics(doc);
        g_test_message("%s in %s", sources[i].source, sources[i].nic);
        g_assert_cmpint(vp_nic_source_matches(sources[i].source, nics->pdata[0]), ==,
                        sources[i].matches);
    }
}

typedef struct {
    const char *name;
    const char *nic;
    const char *to;
    gboolean session;
    const char *expected;
    const char *removed;
} Row;

#define NIC(type, inside) "<interface type=\"" type "\">" inside "</interface>"
#define MAC               "<mac address=\"52:54:00:00:00:01\"/>"
#define ALL \
    "<vlan><tag id=\"7\"/></vlan><port isolated=\"yes\"/><filterref filter=\"f\"/>" \
    "<mtu size=\"9000\"/><bandwidth><inbound average=\"1\" floor=\"2\"/></bandwidth>" \
    "<coalesce><rx/></coalesce><teaming type=\"persistent\"/><tune><sndbuf>1</sndbuf></tune>" \
    "<target dev=\"tap\"/><driver name=\"vhost\" queues=\"4\"/><model type=\"virtio\"/>" \
    "<boot order=\"1\"/>"
#define KEPT_BY_ALL "<model type=\"virtio\"/><boot order=\"1\"/>"

static const Row rows[] = {
    {"keep", NIC("bridge", "<source bridge=\"b\"/>" ALL), "keep", FALSE,
     NIC("bridge", "<source bridge=\"b\"/>" ALL), NULL},
    {"drop", NIC("bridge", "<source bridge=\"b\"/>"), "drop", FALSE, "", NULL},
    {"network", NIC("network", MAC "<source network=\"n\" portgroup=\"g\"/>" ALL), "lan", FALSE,
     NIC("network", MAC "<source network=\"lan\"/>" ALL), "portgroup"},
    {"bridge-to-network", NIC("bridge", "<source bridge=\"b\"/><vlan/><port/>"), "lan", FALSE,
     NIC("network", "<source network=\"lan\"/><port/>"), "vlan"},
    {"bridge", NIC("bridge", MAC "<source bridge=\"b\"/>" ALL), "bridge:br0", FALSE,
     NIC("bridge", MAC "<source bridge=\"br0\"/><port isolated=\"yes\"/><filterref filter=\"f\"/>"
                       "<mtu size=\"9000\"/><bandwidth><inbound average=\"1\"/></bandwidth>"
                       "<coalesce><rx/></coalesce><teaming type=\"persistent\"/>"
                       "<tune><sndbuf>1</sndbuf></tune><target dev=\"tap\"/>"
                       "<driver name=\"vhost\" queues=\"4\"/>" KEPT_BY_ALL),
     "vlan, floor"},
    {"floor-alone", NIC("network", "<bandwidth><inbound floor=\"2\"/></bandwidth>"), "bridge:b",
     FALSE, NIC("bridge", "<bandwidth/><source bridge=\"b\"/>"), "floor"},
    {"ovs", NIC("bridge", MAC "<source bridge=\"b\"/><port/><filterref/><mtu/>"), "ovs:o", FALSE,
     NIC("bridge", MAC "<source bridge=\"o\"/><virtualport type=\"openvswitch\"/><mtu/>"),
     "port, filterref"},
    {"ovs-vlan",
     NIC("bridge", MAC "<source bridge=\"b\"/><vlan trunk=\"yes\"/>"
                       "<virtualport type=\"802.1Qbg\"><parameters/></virtualport>"),
     "ovs:o:12", FALSE,
     NIC("bridge", MAC "<source bridge=\"o\"/><vlan><tag id=\"12\"/></vlan>"
                       "<virtualport type=\"openvswitch\"/>"),
     NULL},
    {"direct", NIC("network", MAC "<source network=\"n\"/>" ALL), "direct:eth0", FALSE,
     NIC("direct", MAC "<source dev=\"eth0\" mode=\"bridge\"/>"
                       "<bandwidth><inbound average=\"1\"/></bandwidth>"
                       "<teaming type=\"persistent\"/><tune><sndbuf>1</sndbuf></tune>"
                       "<target dev=\"tap\"/><driver name=\"vhost\" queues=\"4\"/>" KEPT_BY_ALL),
     "vlan, port, filterref, mtu, coalesce, floor"},
    {"user", NIC("network", MAC "<source network=\"n\"/>" ALL), "user", FALSE,
     NIC("user", MAC KEPT_BY_ALL),
     "vlan, port, filterref, mtu, bandwidth, coalesce, teaming, tune, target, queues"},
    {"user-ip", NIC("user", "<ip address=\"a\"/><portForward/><backend type=\"passt\"/>"), "user",
     FALSE, NIC("user", "<ip address=\"a\"/>"), "portForward, backend"},
    {"user-to-bridge", NIC("user", "<ip address=\"a\"/>"), "bridge:b", FALSE,
     NIC("bridge", "<source bridge=\"b\"/>"), "ip"},
    {"none", NIC("network", MAC "<source network=\"n\"/>" ALL), "none", FALSE,
     NIC("ethernet", MAC "<mtu size=\"9000\"/><driver name=\"vhost\" queues=\"4\"/>" KEPT_BY_ALL
                         "<link state=\"down\"/>"),
     "vlan, port, filterref, bandwidth, coalesce, teaming, tune, target"},
    {"none-session", NIC("bridge", "<source bridge=\"b\"/><mtu/><link state=\"up\"/>"), "none",
     TRUE, NIC("user", "<link state=\"down\"/>"), "mtu"},
    {"ethernet", NIC("ethernet", "<target dev=\"t\" managed=\"no\"/><script path=\"/x\"/>"), "none",
     FALSE, NIC("ethernet", "<link state=\"down\"/>"), "target, script"},
    {"ethernet-to-bridge", NIC("ethernet", MAC "<target dev=\"t\" managed=\"no\"/>"), "bridge:b",
     FALSE, NIC("bridge", MAC "<source bridge=\"b\"/><target dev=\"t\"/>"), NULL},
    {"vhostuser",
     NIC("vhostuser", MAC "<source type=\"unix\" path=\"/s\"><reconnect/></source>"
                          "<driver queues=\"5\" tx_queue_size=\"1024\"/>"),
     "lan", FALSE, NIC("network", MAC "<source network=\"lan\"/><driver queues=\"5\"/>"),
     "tx_queue_size"},
    {"hostdev",
     "<interface type=\"hostdev\" managed=\"yes\"><driver name=\"vfio\"/>"
     "<source><address type=\"pci\"/></source><vlan/>"
     "<teaming type=\"transient\" persistent=\"ua-a\"/></interface>",
     "lan", FALSE, NIC("network", "<source network=\"lan\"/>"), "vlan, teaming"},
};

static void
test_connect(gconstpointer data)
{
    const Row *row = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(xmlDoc) doc = parse(row->nic);
    g_autoptr(GPtrArray) nics = vp_domain_nics(doc);
    g_autoptr(VpNicTarget) target = vp_nic_target_parse(row->to, "--nic", &error);
    g_assert_no_error(error);
    g_autofree char *removed = NULL;
    vp_nic_connect(nics->pdata[0], target, row->session, &removed);
    xmlNode *devices = vp_domain_devices(doc);
    g_autoptr(GString) found = g_string_new(NULL);
    for (xmlNode *node = devices->children; node; node = node->next) {
        g_autofree char *text = vp_xml_format_node(node);
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        for (char **line = lines; *line; line++)
            g_string_append(found, g_strstrip(*line));
    }
    g_assert_cmpstr(found->str, ==, row->expected);
    g_assert_cmpstr(removed, ==, row->removed);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nic/parse", test_parse);
    g_test_add_func("/nic/source", test_source);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *path = g_strdup_printf("/nic/connect/%s", rows[i].name);
        g_test_add_data_func(path, &rows[i], test_connect);
    }
    return g_test_run();
}
