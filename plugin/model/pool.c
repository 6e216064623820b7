/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/pool.h"
#include "base/strings.h"

#include <string.h>

static const struct {
    const char *type;
    VpPoolKind kind;
} kinds[] = {
    {"dir", VP_POOL_FOLDER},    {"fs", VP_POOL_FOLDER},  {"netfs", VP_POOL_FOLDER},
    {"logical", VP_POOL_BLOCK}, {"disk", VP_POOL_BLOCK}, {"zfs", VP_POOL_BLOCK},
    {"rbd", VP_POOL_NETWORK},
};

static VpPoolKind
kind_of(const char *type)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (strcmp(kinds[i].type, type) == 0)
            return kinds[i].kind;
    }
    return VP_POOL_OTHER;
}

VpPoolFact *
vp_pool_fact_new(xmlDoc *xml)
{
    VpPoolFact *pool = g_new0(VpPoolFact, 1);
    const xmlNode *root = xmlDocGetRootElement(xml);
    g_autofree char *type = vp_xml_get(root, "type");
    pool->name = vp_xml_get_text(vp_xml_find(root, "name"));
    pool->type = g_strdup(type ? type : "");
    pool->kind = kind_of(pool->type);
    if (pool->kind == VP_POOL_FOLDER || pool->kind == VP_POOL_BLOCK)
        pool->folder = vp_xml_get_text(vp_xml_find_path(root, "target/path"));
    pool->free = G_MAXUINT64;
    pool->xml = xml;
    return pool;
}

void
vp_pool_fact_free(VpPoolFact *pool)
{
    g_free(pool->name);
    g_free(pool->type);
    g_free(pool->folder);
    xmlFreeDoc(pool->xml);
    g_free(pool);
}

char *
vp_pool_get_path(const VpPoolFact *pool, const char *volume)
{
    return pool->folder ? g_build_filename(pool->folder, volume, NULL) : NULL;
}

gboolean
vp_pool_has_partitions(const VpPoolFact *pool)
{
    return strcmp(pool->type, "disk") == 0;
}

/* In a GPT the next partition takes the first number that is free; a disk may be named by a link.
 */
char *
vp_pool_get_partition(const VpPoolFact *pool, guint number)
{
    const xmlNode *source = vp_xml_find(xmlDocGetRootElement(pool->xml), "source");
    g_autofree char *path = vp_xml_get(vp_xml_find(source, "device"), "path");
    gboolean plain =
        path && g_str_has_prefix(path, "/dev/") && !strchr(path + strlen("/dev/"), '/');
    if (!plain || !vp_xml_has(vp_xml_find(source, "format"), "type", "gpt"))
        return NULL;
    const char *name = path + strlen("/dev/");
    gboolean digit = *name && g_ascii_isdigit(name[strlen(name) - 1]);
    return g_strdup_printf("%s%s%u", name, digit ? "p" : "", number);
}

static void
add_auth(xmlNode *source, const xmlNode *auth)
{
    xmlNode *secret = vp_xml_find(auth, "secret");
    g_autofree char *user = vp_xml_get(auth, "username");
    if (!user || !secret)
        return;
    xmlNode *node = vp_xml_add(source, "auth");
    xmlNode *copy = vp_xml_add(node, "secret");
    g_autofree char *uuid = vp_xml_get(secret, "uuid");
    g_autofree char *usage = vp_xml_get(secret, "usage");
    vp_xml_set(node, "username", user);
    vp_xml_set(copy, "type", "ceph");
    vp_xml_set(copy, uuid ? "uuid" : "usage", uuid ? uuid : usage);
}

xmlDoc *
vp_pool_get_source(const VpPoolFact *pool, const char *volume)
{
    const xmlNode *from = vp_xml_find(xmlDocGetRootElement(pool->xml), "source");
    g_autofree char *set = vp_xml_get_text(vp_xml_find(from, "name"));
    g_autofree char *name = g_strdup_printf("%s/%s", set ? set : pool->name, volume);
    xmlDoc *doc = vp_xml_new("source");
    xmlNode *source = xmlDocGetRootElement(doc);
    vp_xml_set(source, "protocol", pool->type);
    vp_xml_set(source, "name", name);
    for (xmlNode *host = vp_xml_find(from, "host"); host; host = vp_xml_find_next(host, "host")) {
        xmlNode *copy = vp_xml_add(source, "host");
        g_autofree char *address = vp_xml_get(host, "name");
        g_autofree char *port = vp_xml_get(host, "port");
        vp_xml_set(copy, "name", address);
        if (port)
            vp_xml_set(copy, "port", port);
    }
    add_auth(source, vp_xml_find(from, "auth"));
    return doc;
}
