/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libvirt says that the host can run. */
#include "base/xml.h"
#include "sink/facts-parts.h"

#include <string.h>

/* Machine types of one <arch> for @virt_type: those of its <domain> where it lists
 * some, else those of the <arch>. */
static GStrv
machine_types(const xmlNode *arch, const char *virt_type)
{
    const xmlNode *from = arch;
    for (xmlNode *domain = vp_xml_find(arch, "domain"); domain;
         domain = vp_xml_find_next(domain, "domain")) {
        if (vp_xml_has(domain, "type", virt_type) && vp_xml_find(domain, "machine"))
            from = domain;
    }
    GPtrArray *types = g_ptr_array_new();
    for (xmlNode *machine = vp_xml_find(from, "machine"); machine;
         machine = vp_xml_find_next(machine, "machine")) {
        g_ptr_array_add(types, vp_xml_get_text(machine));
        char *canonical = vp_xml_get(machine, "canonical");
        if (canonical)
            g_ptr_array_add(types, canonical);
    }
    return vp_strv_take(types);
}

static GStrv
virt_types(const xmlNode *arch)
{
    GPtrArray *types = g_ptr_array_new();
    for (xmlNode *domain = vp_xml_find(arch, "domain"); domain;
         domain = vp_xml_find_next(domain, "domain")) {
        char *type = vp_xml_get(domain, "type");
        if (type)
            g_ptr_array_add(types, type);
    }
    return vp_strv_take(types);
}

static GStrv
label_models(const xmlNode *host)
{
    GPtrArray *models = g_ptr_array_new();
    for (xmlNode *model = vp_xml_find(host, "secmodel"); model;
         model = vp_xml_find_next(model, "secmodel"))
        g_ptr_array_add(models, vp_xml_get_text(vp_xml_find(model, "model")));
    return vp_strv_take(models);
}

static void
gather_host(VpConnection *connection, const VpManifest *about, VpHostFacts *facts)
{
    g_autofree char *xml = vp_connection_get_capabilities(connection, NULL);
    g_autoptr(xmlDoc) doc = xml ? vp_xml_parse(xml, strlen(xml), "capabilities", NULL) : NULL;
    if (!doc)
        return;
    facts->label_models = label_models(vp_xml_find(xmlDocGetRootElement(doc), "host"));
    GPtrArray *archs = g_ptr_array_new();
    for (xmlNode *guest = vp_xml_find(xmlDocGetRootElement(doc), "guest"); guest;
         guest = vp_xml_find_next(guest, "guest")) {
        const xmlNode *arch = vp_xml_find(guest, "arch");
        char *name = vp_xml_get(arch, "name");
        if (!name)
            continue;
        g_ptr_array_add(archs, name);
        if (g_strcmp0(name, about->arch) != 0)
            continue;
        g_strfreev(facts->virt_types);
        g_strfreev(facts->machines);
        facts->virt_types = virt_types(arch);
        facts->machines = machine_types(arch, about->virt_type);
    }
    facts->archs = vp_strv_take(archs);
}

/* The domain capabilities of the type that this host can run. */
static void
gather_domain(VpConnection *connection, const VpManifest *about, VpHostFacts *facts)
{
    const char *virt_type =
        vp_strv_has(facts->virt_types, about->virt_type) ? about->virt_type : NULL;
    const char *machine =
        vp_strv_has(facts->machines, about->machine_type) ? about->machine_type : NULL;
    g_autofree char *xml =
        vp_connection_get_domain_capabilities(connection, about->arch, machine, virt_type, NULL);
    g_autoptr(xmlDoc) doc =
        xml ? vp_xml_parse(xml, strlen(xml), "domain capabilities", NULL) : NULL;
    if (!doc)
        return;
    xmlNode *root = xmlDocGetRootElement(doc);
    facts->emulator = vp_xml_get_text(vp_xml_find(root, "path"));
    const xmlNode *tpm = vp_xml_find_path(root, "devices/tpm");
    facts->tpm_known = tpm != NULL;
    for (xmlNode *list = vp_xml_find(tpm, "enum"); list; list = vp_xml_find_next(list, "enum")) {
        if (!vp_xml_has(list, "name", "backendModel"))
            continue;
        for (xmlNode *value = vp_xml_find(list, "value"); value;
             value = vp_xml_find_next(value, "value")) {
            g_autofree char *text = vp_xml_get_text(value);
            facts->tpm |= strcmp(text, "emulator") == 0;
        }
    }
}

void
vp_facts_gather_capabilities(VpConnection *connection, const VpManifest *about, VpHostFacts *facts)
{
    gather_host(connection, about, facts);
    gather_domain(connection, about, facts);
}
