/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/origin.h"
#include "model/domain.h"

#include <string.h>

void
vp_origin_free(VpOrigin *origin)
{
    if (!origin)
        return;
    g_free(origin->name);
    g_free(origin->uuid);
    g_free(origin->package);
    g_free(origin->identity);
    g_free(origin->user);
    g_free(origin->moment);
    g_free(origin->origin_host);
    g_free(origin->origin_domain);
    g_strfreev(origin->grants);
    g_free(origin);
}

void
vp_origin_remove(xmlDoc *domain)
{
    vp_domain_remove_metadata(domain, VP_ORIGIN_NAMESPACE);
}

void
vp_origin_write(const VpOrigin *origin, xmlDoc *domain)
{
    vp_origin_remove(domain);
    xmlNode *metadata = vp_xml_ensure(xmlDocGetRootElement(domain), "metadata");
    xmlNode *node = vp_xml_add(metadata, "origin");
    xmlSetNs(node, xmlNewNs(node, (const xmlChar *)VP_ORIGIN_NAMESPACE, (const xmlChar *)"vp"));

    g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(origin->time);
    g_autofree char *time = g_date_time_format(when, "%Y-%m-%dT%H:%M:%SZ");
    const char *const attributes[][2] = {
        {"package", origin->package},
        {"sha256", origin->identity},
        {"time", time},
        {"user", origin->user},
        {"moment", origin->moment},
        {"host", origin->origin_host},
        {"domain", origin->origin_domain},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(attributes); i++) {
        if (attributes[i][1])
            vp_xml_set(node, attributes[i][0], attributes[i][1]);
    }
}

static xmlNode *
find_node(xmlDoc *domain)
{
    xmlNode *metadata = vp_xml_find(xmlDocGetRootElement(domain), "metadata");
    for (xmlNode *node = metadata ? metadata->children : NULL; node; node = node->next) {
        if (node->type == XML_ELEMENT_NODE && node->ns &&
            strcmp((const char *)node->ns->href, VP_ORIGIN_NAMESPACE) == 0)
            return node;
    }
    return NULL;
}

VpOrigin *
vp_origin_find(xmlDoc *domain)
{
    xmlNode *node = find_node(domain);
    if (!node)
        return NULL;
    VpOrigin *origin = g_new0(VpOrigin, 1);
    origin->name = vp_domain_get_name(domain);
    origin->uuid = vp_domain_get_uuid(domain);
    origin->package = vp_xml_get(node, "package");
    origin->identity = vp_xml_get(node, "sha256");
    origin->user = vp_xml_get(node, "user");
    origin->moment = vp_xml_get(node, "moment");
    origin->origin_host = vp_xml_get(node, "host");
    origin->origin_domain = vp_xml_get(node, "domain");
    g_autofree char *time = vp_xml_get(node, "time");
    g_autoptr(GDateTime) when = time ? g_date_time_new_from_iso8601(time, NULL) : NULL;
    origin->time = when ? g_date_time_to_unix(when) : 0;
    return origin;
}
