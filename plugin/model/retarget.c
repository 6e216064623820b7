/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/retarget.h"
#include "model/origin.h"

#include <string.h>

static void
set_identity(xmlNode *root, const VpPlan *plan)
{
    vp_xml_set(root, "id", NULL);
    vp_xml_set_text(vp_xml_ensure(root, "name"), plan->name);
    vp_xml_set_text(vp_xml_ensure(root, "uuid"), plan->uuid);
    xmlNode *genid = vp_xml_find(root, "genid");
    if (genid && plan->genid)
        vp_xml_set_text(genid, plan->genid);
    if (plan->title)
        vp_xml_set_text(vp_xml_ensure(root, "title"), plan->title);
    if (plan->description)
        vp_xml_set_text(vp_xml_ensure(root, "description"), plan->description);
}

/* libvirt refuses a domain whose SMBIOS UUID is not its own. */
static void
set_smbios_uuid(xmlNode *root, const VpPlan *plan)
{
    for (xmlNode *info = vp_xml_find(root, "sysinfo"); info;
         info = vp_xml_find_next(info, "sysinfo")) {
        xmlNode *system = vp_xml_find(info, "system");
        for (xmlNode *entry = vp_xml_find(system, "entry"); entry;
             entry = vp_xml_find_next(entry, "entry")) {
            if (vp_xml_has(entry, "name", "uuid"))
                vp_xml_set_text(entry, plan->uuid);
        }
    }
}

/* TRUE for the TCG accelerator where the host's own processor was asked for. */
static gboolean
cpu_needs_kvm(const VpPlan *plan, const xmlNode *cpu)
{
    return strcmp(plan->virt_type, "qemu") == 0 &&
           (vp_xml_has(cpu, "mode", "host-passthrough") || vp_xml_has(cpu, "mode", "host-model"));
}

static void
set_hypervisor(xmlDoc *domain, const VpPlan *plan, VpReport *report)
{
    xmlNode *root = xmlDocGetRootElement(domain);
    gboolean changed = !vp_xml_has(root, "type", plan->virt_type);
    vp_xml_set(root, "type", plan->virt_type);
    xmlNode *cpu = vp_xml_find(root, "cpu");
    if (changed && cpu && cpu_needs_kvm(plan, cpu)) {
        vp_xml_set(cpu, "mode", "maximum");
        vp_xml_set(cpu, "check", NULL);
        vp_xml_remove_all(cpu, "model");
        vp_xml_remove_all(cpu, "feature");
        vp_report_add(report, VP_FINDING_UNCHECKED, VP_LEVEL_NOTE, "domain",
                      "the host's processor cannot be passed on without KVM: the CPU mode becomes "
                      "maximum");
    }
    xmlNode *emulator = vp_xml_find_path(root, "devices/emulator");
    if (emulator && plan->emulator && !(plan->allow & 1u << VP_POWER_EMULATOR)) {
        vp_xml_set_text(emulator, plan->emulator);
        vp_xml_mark_own(emulator);
    }
}

/* Written out and ended: libvirt then never looks into the image for a chain. */
static void
end_chain(xmlNode *disk)
{
    vp_xml_remove_all(disk, "backingStore");
    xmlNode *source = vp_xml_find(disk, "source");
    xmlNode *end = xmlNewDocNode(disk->doc, NULL, (const xmlChar *)"backingStore", NULL);
    xmlNode *space = source->prev && xmlIsBlankNode(source->prev)
                         ? xmlDocCopyNode(source->prev, disk->doc, 0)
                         : NULL;
    xmlAddNextSibling(source, end);
    if (space)
        xmlAddPrevSibling(end, space);
}

/* A <source> that is the importer's choice; of the old one only the encryption of
 * the bytes stays. */
static void
set_source(const VpDomainDisk *disk, const VpPlanDisk *entry)
{
    xmlNode *source = disk->source;
    if (!source) {
        source = xmlNewDocNode(disk->node->doc, NULL, (const xmlChar *)"source", NULL);
        xmlAddPrevSibling(vp_xml_find(disk->node, "target"), source);
    }
    while (source->properties)
        xmlRemoveProp(source->properties);
    for (xmlNode *child = source->children, *next; child; child = next) {
        next = child->next;
        if (child->type == XML_ELEMENT_NODE && !vp_xml_is(child, "encryption"))
            vp_xml_remove(child);
    }
    if (xmlChildElementCount(source) == 0)
        xmlNodeSetContent(source, NULL);
    vp_xml_set(disk->node, "type", entry->is_block ? "block" : "file");
    vp_xml_set_own(source, entry->is_block ? "dev" : "file", entry->path);
    vp_xml_mark_own(source);
}

static void
set_driver(const VpDomainDisk *disk, const VpPlanDisk *entry)
{
    xmlNode *driver = vp_xml_find(disk->node, "driver");
    if (!driver) {
        driver = xmlNewDocNode(disk->node->doc, NULL, (const xmlChar *)"driver", NULL);
        xmlAddPrevSibling(vp_xml_find(disk->node, "source"), driver);
        vp_xml_set(driver, "name", "qemu");
    }
    vp_xml_set(driver, "type", entry->format);
}

static void
place_disk(const VpDomainDisk *disk, const VpPlanDisk *entry)
{
    set_source(disk, entry);
    set_driver(disk, entry);
    end_chain(disk->node);
    vp_xml_remove_all(disk->node, "mirror");
    vp_xml_remove_all(disk->node, "auth");
    if (disk->device == VP_DEVICE_LUN && !entry->is_block) {
        vp_xml_set(disk->node, "device", "disk");
        vp_xml_set(disk->node, "rawio", NULL);
        vp_xml_set(disk->node, "sgio", NULL);
    }
}

static void
eject(const VpDomainDisk *disk, const VpPlanDisk *entry, VpReport *report)
{
    if (disk->kind == VP_SOURCE_NONE)
        return;
    vp_xml_set(disk->node, "type", "file");
    vp_xml_remove(disk->source);
    vp_xml_remove_all(disk->node, "backingStore");
    if (entry->asked)
        return;
    g_autofree char *resource = g_strdup_printf("disk:%s", disk->target);
    vp_report_add(report, VP_FINDING_MEDIA_EJECTED, VP_LEVEL_WARNING, resource,
                  "%s: the medium %s is not in the package: the drive stays empty", disk->target,
                  entry->was);
    vp_report_add_fix(report, "--disk %s=PATH,format=raw", disk->target);
}

static void
set_disks(xmlDoc *domain, const VpPlan *plan, VpReport *report)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(domain);
    for (guint i = 0; i < disks->len; i++) {
        const VpDomainDisk *disk = disks->pdata[i];
        const VpPlanDisk *entry = vp_plan_find_disk(plan, disk->target);
        switch (entry->fate) {
        case VP_FATE_COPY:
        case VP_FATE_USE:
            place_disk(disk, entry);
            break;
        case VP_FATE_SKIP:
            vp_xml_remove(disk->node);
            break;
        case VP_FATE_EJECT:
            eject(disk, entry, report);
            break;
        case VP_FATE_KEEP:
        case VP_FATE_MISSING:
            break;
        }
    }
}

static void
tell_removed(const VpPlanNic *entry, const char *removed, VpReport *report)
{
    g_autofree char *resource = g_strdup_printf("nic:%u", entry->index);
    vp_report_add(report, VP_FINDING_UNCHECKED, VP_LEVEL_WARNING, resource,
                  "NIC %u: %s cannot stay with its new connection and goes", entry->index, removed);
}

static void
set_nics(xmlDoc *domain, const VpPlan *plan, VpReport *report)
{
    g_autoptr(GPtrArray) nics = vp_domain_nics(domain);
    for (guint i = 0; i < nics->len; i++) {
        VpDomainNic *nic = nics->pdata[i];
        const VpPlanNic *entry = plan->nics->pdata[i];
        g_autofree char *removed = NULL;
        xmlNode *mac = vp_xml_find(nic->node, "mac");
        if (entry->target->kind != VP_NIC_DROP) {
            if (!mac) {
                mac = xmlNewDocNode(domain, NULL, (const xmlChar *)"mac", NULL);
                xmlAddPrevSibling(nic->node->children, mac);
            }
            vp_xml_set(mac, "address", entry->mac);
        }
        vp_nic_connect(nic, entry->target, plan->session, &removed);
        if (removed)
            tell_removed(entry, removed, report);
    }
}

static void
set_state_devices(xmlDoc *domain, const VpPlan *plan)
{
    xmlNode *root = xmlDocGetRootElement(domain);
    if (plan->tpm == VP_STATE_DROP)
        vp_xml_remove_all(vp_xml_find(root, "devices"), "tpm");
    xmlNode *nvram = vp_xml_find_path(root, "os/nvram");
    g_autofree char *written = NULL;
    if (!nvram || !vp_domain_has_nvram(domain, &written) || !written)
        return;
    xmlNode *source = vp_xml_find(nvram, "source");
    if (source)
        vp_xml_set_own(source, "file", plan->nvram_path);
    else
        vp_xml_set_text(nvram, plan->nvram_path);
    vp_xml_mark_own(source ? source : nvram);
}

/* Names that libvirt gives by itself; a user's own alias begins with "ua-". */
static void
drop_generated(xmlNode *device)
{
    xmlNode *alias = vp_xml_find(device, "alias");
    g_autofree char *name = vp_xml_get(alias, "name");
    if (name && !g_str_has_prefix(name, "ua-"))
        vp_xml_remove(alias);

    if (vp_xml_is(device, "interface")) {
        xmlNode *target = vp_xml_find(device, "target");
        g_autofree char *dev = vp_xml_get(target, "dev");
        if (dev && (g_str_has_prefix(dev, "vnet") || g_str_has_prefix(dev, "macvtap") ||
                    g_str_has_prefix(dev, "macvlan")))
            vp_xml_remove(target);
    }
    if (vp_xml_is(device, "graphics") && vp_xml_has(device, "autoport", "yes")) {
        if (xmlHasProp(device, (const xmlChar *)"port"))
            vp_xml_set(device, "port", "-1");
        vp_xml_set(device, "tlsPort", NULL);
    }
    if (vp_xml_has(device, "type", "pty")) {
        vp_xml_set(device, "tty", NULL);
        vp_xml_remove_all(device, "source");
    }
}

static void
drop_all_generated(xmlNode *root)
{
    xmlNode *devices = vp_xml_find(root, "devices");
    for (xmlNode *node = devices ? devices->children : NULL; node; node = node->next) {
        if (node->type == XML_ELEMENT_NODE)
            drop_generated(node);
    }
}

gboolean
vp_retarget(xmlDoc *domain, const VpPlan *plan, VpReport *report, GError **error)
{
    xmlNode *root = xmlDocGetRootElement(domain);
    vp_origin_remove(domain);
    set_identity(root, plan);
    set_smbios_uuid(root, plan);
    set_hypervisor(domain, plan, report);
    set_disks(domain, plan, report);
    set_nics(domain, plan, report);
    set_state_devices(domain, plan);
    drop_all_generated(root);
    for (guint i = 0; i < plan->edits->len; i++) {
        if (!vp_xml_edit_apply(plan->edits->pdata[i], domain, error))
            return FALSE;
    }
    return TRUE;
}
