/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether the host can give a guest its processor: libvirt is asked. */
#include "base/xml.h"
#include "model/tree.h"
#include "sink/facts-parts.h"
#include "virt/restore.h"

#include <string.h>

/* @cpu, XML, in the domain @root, run as @virt_type; *@ret_why is set but where it fits. */
static VpCpuFit
ask(VpConnection *connection, const xmlNode *root, const char *virt_type, const char *cpu,
    char **ret_why)
{
    const xmlNode *os_type = vp_xml_find_path(root, "os/type");
    g_autofree char *arch = vp_xml_get(os_type, "arch");
    g_autofree char *machine = vp_xml_get(os_type, "machine");
    VpCpuQuestion question = {arch, machine, virt_type, cpu};
    g_autoptr(GError) local = NULL;
    if (vp_virt_check_cpu(connection, &question, &local))
        return VP_CPU_FITS;
    *ret_why = g_strdup(local->message);
    return g_error_matches(local, VP_ERROR, VP_ERROR_FINDINGS) ? VP_CPU_LACKS : VP_CPU_UNKNOWN;
}

/* Whether the host can give the CPU that RAM was made with: as QEMU really gave it, which
 * libvirt notes in @cookie (may be NULL), else as the definition @domain has it. */
static VpCpuFit
ask_for_ram(VpConnection *connection, const xmlNode *domain, const xmlNode *cookie, char **ret_why)
{
    g_autofree char *virt_type = vp_xml_get(domain, "type");
    xmlNode *node = vp_xml_find(cookie, "cpu");
    if (!node)
        node = vp_xml_find(domain, "cpu");
    g_autofree char *cpu = node ? vp_xml_format_node(node) : NULL;
    return cpu ? ask(connection, domain, virt_type, cpu, ret_why) : VP_CPU_FITS;
}

static void
gather_ram_cpu(VpConnection *connection, const VpRam *ram, VpHostFacts *facts)
{
    const char *text = ram->cookie;
    g_autoptr(xmlDoc) cookie = text ? vp_xml_parse(text, strlen(text), "cookie", NULL) : NULL;
    facts->ram_cpu = ask_for_ram(connection, xmlDocGetRootElement(ram->domain),
                                 xmlDocGetRootElement(cookie), &facts->ram_cpu_why);
}

static void
gather_snapshot_cpus(VpConnection *connection, const VpTree *tree, VpHostFacts *facts)
{
    for (guint i = 0; tree && i < tree->moments->len; i++) {
        const VpTreeMoment *moment = tree->moments->pdata[i];
        const xmlNode *cookie = vp_xml_find(xmlDocGetRootElement(moment->xml), "cookie");
        g_autofree char *why = NULL;
        if (moment->entry->consistency == VP_CONSISTENCY_RAM &&
            ask_for_ram(connection, xmlDocGetRootElement(moment->definitions[0]), cookie, &why) ==
                VP_CPU_LACKS)
            g_hash_table_insert(facts->lacks_cpu, g_strdup(moment->entry->id),
                                g_steal_pointer(&why));
    }
}

/* The CPU of a definition that names one, which libvirt looks at before it starts the domain. */
static char *
find_named_cpu(const xmlNode *root)
{
    xmlNode *cpu = vp_xml_find(root, "cpu");
    g_autofree char *mode = vp_xml_get(cpu, "mode");
    if (!vp_xml_find(cpu, "model") || (mode && strcmp(mode, "custom") != 0) ||
        vp_xml_has(cpu, "check", "none"))
        return NULL;
    return vp_xml_format_node(cpu);
}

void
vp_facts_gather_cpus(VpConnection *connection, const VpMachine *machine, VpHostFacts *facts)
{
    if (machine->ram)
        gather_ram_cpu(connection, machine->ram->description, facts);
    gather_snapshot_cpus(connection, machine->tree, facts);
    const xmlNode *root = xmlDocGetRootElement(machine->domain);
    g_autofree char *cpu = find_named_cpu(root);
    g_autofree char *why = NULL;
    if (cpu && vp_xml_has(root, "type", "kvm") && !vp_strv_has(facts->virt_types, "kvm"))
        facts->tcg_cpu = ask(connection, root, "qemu", cpu, &why);
}

void
vp_facts_look_at_cpu(VpConnection *connection, xmlDoc *domain, VpHostFacts *facts)
{
    const xmlNode *root = xmlDocGetRootElement(domain);
    g_autofree char *virt_type = vp_xml_get(root, "type");
    g_autofree char *cpu = find_named_cpu(root);
    if (cpu && vp_strv_has(facts->virt_types, virt_type))
        facts->cpu = ask(connection, root, virt_type, cpu, &facts->cpu_why);
}
