/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/nic.h"

#include <string.h>

VpNicTarget *
vp_nic_target_new(VpNicKind kind, const char *name)
{
    VpNicTarget *target = g_new0(VpNicTarget, 1);
    target->kind = kind;
    target->name = g_strdup(name);
    return target;
}

VpNicTarget *
vp_nic_target_copy(const VpNicTarget *target)
{
    VpNicTarget *copy = vp_nic_target_new(target->kind, target->name);
    copy->mode = g_strdup(target->mode);
    copy->vlan = target->vlan;
    return copy;
}

void
vp_nic_target_free(VpNicTarget *target)
{
    if (!target)
        return;
    g_free(target->name);
    g_free(target->mode);
    g_free(target);
}

static const struct {
    const char *word;
    VpNicKind kind;
    gboolean named;  /* NAME follows a colon */
    gboolean detail; /* and another word may follow it */
} words[] = {
    {"network", VP_NIC_NETWORK, TRUE, FALSE}, {"bridge", VP_NIC_BRIDGE, TRUE, FALSE},
    {"direct", VP_NIC_DIRECT, TRUE, TRUE},    {"ovs", VP_NIC_OVS, TRUE, TRUE},
    {"user", VP_NIC_USER, FALSE, FALSE},      {"none", VP_NIC_NONE, FALSE, FALSE},
    {"drop", VP_NIC_DROP, FALSE, FALSE},      {"keep", VP_NIC_KEEP, FALSE, FALSE},
};

static gboolean
parse_detail(VpNicTarget *target, const char *detail)
{
    static const char *const modes[] = {"vepa", "bridge", "private", "passthrough", NULL};
    guint64 vlan;
    if (target->kind == VP_NIC_DIRECT) {
        target->mode = g_strdup(detail);
        return g_strv_contains(modes, detail);
    }
    gboolean valid = g_ascii_string_to_unsigned(detail, 10, 1, 4094, &vlan, NULL);
    target->vlan = valid ? (guint)vlan : 0;
    return valid;
}

/* NULL when @text does not fit the form of row @index. */
static VpNicTarget *
parse_form(gsize index, const char *text)
{
    g_auto(GStrv) fields = g_strsplit(text, ":", 3);
    guint count = g_strv_length(fields);
    guint most = words[index].named ? words[index].detail ? 3 : 2 : 1;
    guint least = words[index].named ? 2 : 1;
    if (words[index].named && !words[index].detail) {
        /* A network's name may have a colon. */
        const char *name = strchr(text, ':');
        return name && name[1] ? vp_nic_target_new(words[index].kind, name + 1) : NULL;
    }
    if (count < least || count > most || (count > 1 && !*fields[1]))
        return NULL;
    g_autoptr(VpNicTarget) target =
        vp_nic_target_new(words[index].kind, count > 1 ? fields[1] : NULL);
    if (count == 3 && !parse_detail(target, fields[2]))
        return NULL;
    return g_steal_pointer(&target);
}

VpNicTarget *
vp_nic_target_parse(const char *text, const char *option, GError **error)
{
    gsize word = strcspn(text, ":");
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strlen(words[i].word) != word || strncmp(words[i].word, text, word) != 0)
            continue;
        VpNicTarget *target = parse_form(i, text);
        if (target)
            return target;
        vp_error_set(error, VP_ERROR_USAGE,
                     "%s: “%s” is malformed: network:N, bridge:B, direct:DEV[:MODE], ovs:B[:VLAN], "
                     "user, none, drop or keep",
                     option, text);
        return NULL;
    }
    if (*text && !strchr(text, ':'))
        return vp_nic_target_new(VP_NIC_NETWORK, text);
    vp_error_set(error, VP_ERROR_USAGE,
                 "%s: “%s” is no connection: network:N, bridge:B, direct:DEV[:MODE], "
                 "ovs:B[:VLAN], user, none, drop or keep",
                 option, text);
    return NULL;
}

char *
vp_nic_target_format(const VpNicTarget *target)
{
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (words[i].kind == target->kind)
            g_string_append(text, words[i].word);
    }
    if (target->name)
        g_string_append_printf(text, ":%s", target->name);
    if (target->mode)
        g_string_append_printf(text, ":%s", target->mode);
    if (target->vlan > 0)
        g_string_append_printf(text, ":%u", target->vlan);
    return g_string_free(text, FALSE);
}

gboolean
vp_nic_source_matches(const char *source, const VpDomainNic *nic)
{
    if (strcmp(source, "*") == 0)
        return TRUE;
    gboolean network = strcmp(nic->type, "network") == 0;
    gboolean bridge = strcmp(nic->type, "bridge") == 0;
    if (!nic->source || (!network && !bridge))
        return FALSE;
    if (g_str_has_prefix(source, "network:"))
        return network && g_pattern_match_simple(source + strlen("network:"), nic->source);
    if (g_str_has_prefix(source, "bridge:"))
        return bridge && g_pattern_match_simple(source + strlen("bridge:"), nic->source);
    return g_pattern_match_simple(source, nic->source);
}

#define BIT(kind) (1u << VP_NIC_##kind)
#define TAPS      (BIT(NETWORK) | BIT(BRIDGE) | BIT(OVS))

/* Children of <interface> that mean something with some kinds of connection only.
 * Tried on libvirt 9.0: type user refuses virtualport, mtu, coalesce and port at
 * define, vlan and queues at start, and drops filterref in silence; type ethernet
 * refuses virtualport, coalesce, vlan and filterref but takes mtu and queues; type
 * direct refuses mtu, coalesce and port. A target device would connect what is to be
 * connected to nothing. */
static const struct {
    const char *name;
    guint kept_by; /* bits of VpNicKind */
} particular[] = {
    {"virtualport", BIT(OVS)},
    {"vlan", BIT(NETWORK)},
    {"port", BIT(NETWORK) | BIT(BRIDGE)},
    {"filterref", BIT(NETWORK) | BIT(BRIDGE)},
    {"mtu", TAPS | BIT(NONE)},
    {"bandwidth", TAPS | BIT(DIRECT)},
    {"coalesce", TAPS},
    {"teaming", TAPS | BIT(DIRECT)},
    {"tune", TAPS | BIT(DIRECT)},
    {"target", TAPS | BIT(DIRECT)},
    {"ip", BIT(USER)},
    {"route", 0},
    {"portForward", 0},
    {"backend", 0},
    {"guest", 0},
    {"script", 0},
    {"downscript", 0},
    {"backenddomain", 0},
};

static void
add_name(GString *names, const char *name)
{
    if (names->len > 0)
        g_string_append(names, ", ");
    g_string_append(names, name);
}

static void
remove_child(xmlNode *interface, const char *name, GString *removed)
{
    if (!vp_xml_find(interface, name))
        return;
    add_name(removed, name);
    vp_xml_remove_all(interface, name);
}

static void
remove_attribute(xmlNode *node, const char *name, GString *removed)
{
    if (!node || !xmlHasProp(node, (const xmlChar *)name))
        return;
    if (removed)
        add_name(removed, name);
    vp_xml_set(node, name, NULL);
}

/* What a host device or a vhost-user peer alone can do; a host device also was the
 * one half of a team. */
static void
remove_of_device(const VpDomainNic *nic, GString *removed)
{
    xmlNode *driver = vp_xml_find(nic->node, "driver");
    if (vp_xml_has(vp_xml_find(nic->node, "teaming"), "type", "transient"))
        remove_child(nic->node, "teaming", removed);
    if (strcmp(nic->type, "hostdev") == 0)
        remove_attribute(driver, "name", NULL);
    remove_attribute(driver, "tx_queue_size", removed);
    remove_attribute(nic->node, "managed", NULL);
}

/* A guaranteed rate is the promise of a network, not of the device. */
static void
remove_floor(xmlNode *interface, GString *removed)
{
    xmlNode *inbound = vp_xml_find_path(interface, "bandwidth/inbound");
    remove_attribute(inbound, "floor", removed);
    if (inbound && !xmlHasProp(inbound, (const xmlChar *)"average"))
        vp_xml_remove(inbound);
}

static void
remove_particular(const VpDomainNic *nic, VpNicKind kind, gboolean user, GString *removed)
{
    VpNicKind as = user ? VP_NIC_USER : kind;
    xmlNode *driver = vp_xml_find(nic->node, "driver");
    gboolean network = strcmp(nic->type, "network") == 0;
    for (gsize i = 0; i < G_N_ELEMENTS(particular); i++) {
        if (!(particular[i].kept_by & 1u << as))
            remove_child(nic->node, particular[i].name, removed);
    }
    remove_attribute(vp_xml_find(nic->node, "source"), "portgroup", removed);
    if (!network)
        remove_child(nic->node, "vlan", removed);
    if (!network && strcmp(nic->type, "bridge") != 0)
        remove_of_device(nic, removed);
    if (as != VP_NIC_NETWORK)
        remove_floor(nic->node, removed);
    if (user) {
        remove_attribute(driver, "queues", removed);
        remove_attribute(driver, "name", NULL); /* vhost */
    }
    if (user || kind == VP_NIC_NONE)
        remove_attribute(nic->node, "trustGuestRxFilters", removed);
    remove_attribute(vp_xml_find(nic->node, "target"), "managed", NULL);
    if (driver && !driver->properties && xmlChildElementCount(driver) == 0)
        vp_xml_remove(driver);
}

/* A portgroup belongs to one network: it goes with it. */
static void
set_source(xmlNode *interface, const char *attribute, const char *name, const char *mode)
{
    xmlNode *source = vp_xml_find(interface, "source");
    xmlNode *mac = vp_xml_find(interface, "mac");
    if (!source)
        source = mac ? vp_xml_add_after(mac, "source") : vp_xml_add(interface, "source");
    while (source->properties)
        xmlRemoveProp(source->properties);
    xmlNodeSetContent(source, NULL);
    vp_xml_set(source, attribute, name);
    vp_xml_set(source, "mode", mode);
}

/* The parameters of a port name it on the switch that it leaves. */
static void
set_openvswitch(xmlNode *interface, guint vlan)
{
    xmlNode *port = vp_xml_find(interface, "virtualport");
    if (!port)
        port = vp_xml_add_after(vp_xml_find(interface, "source"), "virtualport");
    while (port->properties)
        xmlRemoveProp(port->properties);
    xmlNodeSetContent(port, NULL);
    vp_xml_set(port, "type", "openvswitch");
    if (vlan == 0)
        return;
    xmlNode *tag = vp_xml_add(vp_xml_add_before(port, "vlan"), "tag");
    g_autofree char *id = g_strdup_printf("%u", vlan);
    vp_xml_set(tag, "id", id);
}

static void
set_unconnected(xmlNode *interface, gboolean session)
{
    vp_xml_set_own(interface, "type", session ? "user" : "ethernet");
    vp_xml_remove_all(interface, "source");
    vp_xml_set(vp_xml_ensure(interface, "link"), "state", "down");
}

void
vp_nic_forget_port(xmlNode *interface)
{
    xmlNode *port = vp_xml_find(interface, "virtualport");
    xmlNode *parameters = vp_xml_find(port, "parameters");
    if (!parameters || !vp_xml_has(port, "type", "openvswitch"))
        return;
    vp_xml_set(parameters, "interfaceid", NULL);
    if (!parameters->properties)
        vp_xml_remove(parameters);
    vp_xml_trim(port);
}

void
vp_nic_connect(VpDomainNic *nic, const VpNicTarget *target, gboolean session, char **ret_removed)
{
    g_autoptr(GString) removed = g_string_new(NULL);
    gboolean user = target->kind == VP_NIC_USER || (target->kind == VP_NIC_NONE && session);
    if (target->vlan > 0)
        vp_xml_remove_all(nic->node, "vlan"); /* replaced, not lost */
    if (target->kind != VP_NIC_KEEP && target->kind != VP_NIC_DROP)
        remove_particular(nic, target->kind, user, removed);

    switch (target->kind) {
    case VP_NIC_KEEP:
        break;
    case VP_NIC_NETWORK:
        vp_xml_set_own(nic->node, "type", "network");
        set_source(nic->node, "network", target->name, NULL);
        break;
    case VP_NIC_BRIDGE:
    case VP_NIC_OVS:
        vp_xml_set_own(nic->node, "type", "bridge");
        set_source(nic->node, "bridge", target->name, NULL);
        if (target->kind == VP_NIC_OVS)
            set_openvswitch(nic->node, target->vlan);
        break;
    case VP_NIC_DIRECT:
        vp_xml_set_own(nic->node, "type", "direct");
        set_source(nic->node, "dev", target->name, target->mode ? target->mode : "bridge");
        break;
    case VP_NIC_USER:
        vp_xml_set_own(nic->node, "type", "user");
        vp_xml_remove_all(nic->node, "source");
        break;
    case VP_NIC_NONE:
        set_unconnected(nic->node, session);
        break;
    case VP_NIC_DROP:
        vp_xml_remove(nic->node);
        nic->node = NULL;
        break;
    }
    if (nic->node && target->kind != VP_NIC_KEEP)
        vp_xml_mark_own(nic->node);
    *ret_removed = removed->len > 0 ? g_strdup(removed->str) : NULL;
}
