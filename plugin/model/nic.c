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
    g_autoptr(VpNicTarget) target = vp_nic_target_new(words[index].kind, count > 1 ? fields[1] : NULL);
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
        return network && strcmp(source + strlen("network:"), nic->source) == 0;
    if (g_str_has_prefix(source, "bridge:"))
        return bridge && strcmp(source + strlen("bridge:"), nic->source) == 0;
    return strcmp(source, nic->source) == 0;
}

/* Children of <interface> that mean something with one kind of connection only.
 * Tried on libvirt 9.0: type user refuses virtualport, mtu and port at define, vlan
 * and queues at start, and drops filterref in silence; type ethernet refuses
 * virtualport, vlan and filterref but takes mtu and queues. */
static const struct {
    const char *name;
    guint kept_by; /* bits of VpNicKind */
} particular[] = {
    {"virtualport", 0},
    {"vlan", 1u << VP_NIC_NETWORK},
    {"port", 1u << VP_NIC_NETWORK | 1u << VP_NIC_BRIDGE},
    {"filterref", 1u << VP_NIC_NETWORK | 1u << VP_NIC_BRIDGE},
    {"mtu", 1u << VP_NIC_NETWORK | 1u << VP_NIC_BRIDGE | 1u << VP_NIC_DIRECT | 1u << VP_NIC_OVS |
                1u << VP_NIC_NONE},
    {"bandwidth", 1u << VP_NIC_NETWORK | 1u << VP_NIC_BRIDGE | 1u << VP_NIC_DIRECT |
                      1u << VP_NIC_OVS},
    {"coalesce", 1u << VP_NIC_NETWORK | 1u << VP_NIC_BRIDGE},
    {"teaming", 1u << VP_NIC_NETWORK | 1u << VP_NIC_BRIDGE | 1u << VP_NIC_DIRECT},
    {"ip", 1u << VP_NIC_USER},
    {"route", 0},
    {"portForward", 1u << VP_NIC_USER},
    {"backend", 0},
    {"guest", 0},
    {"tune", 1u << VP_NIC_NETWORK | 1u << VP_NIC_BRIDGE | 1u << VP_NIC_DIRECT | 1u << VP_NIC_OVS},
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
remove_particular(xmlNode *interface, VpNicKind kind, gboolean user, GString *removed)
{
    VpNicKind as = user ? VP_NIC_USER : kind;
    for (gsize i = 0; i < G_N_ELEMENTS(particular); i++) {
        xmlNode *child = vp_xml_find(interface, particular[i].name);
        if (!child || particular[i].kept_by & 1u << as)
            continue;
        add_name(removed, particular[i].name);
        vp_xml_remove_all(interface, particular[i].name);
    }
    xmlNode *driver = vp_xml_find(interface, "driver");
    if (driver && as == VP_NIC_USER) {
        if (xmlHasProp(driver, (const xmlChar *)"queues"))
            add_name(removed, "queues");
        vp_xml_set(driver, "queues", NULL);
        vp_xml_set(driver, "name", NULL); /* vhost */
        if (!driver->properties && xmlChildElementCount(driver) == 0)
            vp_xml_remove(driver);
    }
}

/* A portgroup belongs to one network: it goes with it. */
static void
set_source(xmlNode *interface, const char *attribute, const char *name, const char *mode)
{
    xmlNode *source = vp_xml_find(interface, "source");
    if (!source) {
        source = xmlNewDocNode(interface->doc, NULL, (const xmlChar *)"source", NULL);
        xmlNode *target = vp_xml_find(interface, "mac");
        if (target)
            xmlAddNextSibling(target, source);
        else
            xmlAddChild(interface, source);
    }
    while (source->properties)
        xmlRemoveProp(source->properties);
    xmlNodeSetContent(source, NULL);
    vp_xml_set(source, attribute, name);
    vp_xml_set(source, "mode", mode);
}

static void
set_openvswitch(xmlNode *interface, guint vlan)
{
    vp_xml_remove_all(interface, "virtualport");
    xmlNode *port = vp_xml_ensure(interface, "virtualport");
    vp_xml_set(port, "type", "openvswitch");
    if (vlan == 0)
        return;
    vp_xml_remove_all(interface, "vlan");
    g_autofree char *id = g_strdup_printf("%u", vlan);
    vp_xml_set(vp_xml_ensure_path(interface, "vlan/tag"), "id", id);
}

static void
set_unconnected(xmlNode *interface, gboolean session)
{
    vp_xml_set_own(interface, "type", session ? "user" : "ethernet");
    vp_xml_remove_all(interface, "source");
    vp_xml_set(vp_xml_ensure(interface, "link"), "state", "down");
}

void
vp_nic_connect(VpDomainNic *nic, const VpNicTarget *target, gboolean session, char **ret_removed)
{
    g_autoptr(GString) removed = g_string_new(NULL);
    gboolean user = target->kind == VP_NIC_USER || (target->kind == VP_NIC_NONE && session);
    if (target->kind != VP_NIC_KEEP && target->kind != VP_NIC_DROP)
        remove_particular(nic->node, target->kind, user, removed);

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
