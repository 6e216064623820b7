/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/parts.h"
#include "virt/native.h"
#include "virt/storage.h"

#include <string.h>

static void
describe_origin(const VpOpening *opening, VpManifest *about)
{
    VpConnection *connection = opening->connection;
    about->producer = g_strdup(PACKAGE_STRING);
    about->created = g_get_real_time() / G_USEC_PER_SEC;
    about->config_only = opening->options->config_only;
    about->host = g_strdup(vp_connection_get_hostname(connection));
    about->uri = g_strdup(vp_connection_get_uri(connection));
    about->domain_name = g_strdup(vp_virt_domain_get_name(opening->domain));
    about->domain_uuid = g_strdup(vp_virt_domain_get_uuid(opening->domain));
    about->hypervisor = g_strdup(vp_connection_get_driver(connection));
    about->hypervisor_version = vp_connection_get_version(connection);
    about->libvirt_version = vp_connection_get_libvirt_version(connection);
    if (!vp_virt_domain_get_autostart(opening->domain, &about->autostart, NULL))
        about->autostart = FALSE;
}

/* "secure-boot enrolled-keys": the features that are asked for. */
static char *
firmware_features(const xmlNode *os)
{
    g_autoptr(GString) features = g_string_new(NULL);
    const xmlNode *firmware = vp_xml_find(os, "firmware");
    for (xmlNode *node = vp_xml_find(firmware, "feature"); node;
         node = vp_xml_find_next(node, "feature")) {
        g_autofree char *name = vp_xml_get(node, "name");
        if (name && vp_xml_has(node, "enabled", "yes"))
            g_string_append_printf(features, "%s%s", features->len > 0 ? " " : "", name);
    }
    if (vp_xml_has(vp_xml_find(os, "loader"), "secure", "yes") &&
        !strstr(features->str, "secure-boot"))
        g_string_append_printf(features, "%ssecure-boot", features->len > 0 ? " " : "");
    return features->len > 0 ? g_strdup(features->str) : NULL;
}

static void
describe_firmware(const VpOpening *opening, VpManifest *about)
{
    xmlDoc *domain = opening->machine->domain;
    const xmlNode *os = vp_xml_find(xmlDocGetRootElement(domain), "os");
    about->firmware_path = vp_xml_get_text(vp_xml_find(os, "loader"));
    if (!about->firmware_path && vp_xml_has(os, "firmware", "efi")) {
        g_autofree char *xml = vp_xml_format(domain);
        about->firmware_path = vp_virt_find_firmware(opening->connection, xml);
    }
    about->firmware_features = firmware_features(os);
    g_autofree char *bytes = NULL;
    gsize length;
    if (about->firmware_path && g_file_get_contents(about->firmware_path, &bytes, &length, NULL))
        about->firmware_digest =
            g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);
}

static void
describe_networks(const VpOpening *opening, VpManifest *about)
{
    g_autoptr(GPtrArray) nics = vp_domain_nics(opening->machine->domain);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < nics->len; i++) {
        const VpDomainNic *nic = nics->pdata[i];
        if (strcmp(nic->type, "network") != 0 || !nic->source ||
            !g_hash_table_add(seen, nic->source))
            continue;
        g_autofree char *xml = vp_network_find_xml(opening->connection, nic->source);
        if (xml)
            g_ptr_array_add(about->networks, vp_network_advice_new(nic->source, xml));
    }
}

void
vp_source_describe(const VpOpening *opening)
{
    VpManifest *about = vp_manifest_new();
    opening->machine->about = about;
    describe_origin(opening, about);
    vp_machine_describe(opening->machine);
    describe_firmware(opening, about);
    describe_networks(opening, about);
}
