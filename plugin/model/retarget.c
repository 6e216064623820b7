/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/retarget.h"
#include "model/hardware.h"
#include "model/origin.h"

#include <string.h>

/* Sets the text of the element @name, added after @sibling where it is missing; NULL leaves it as
 * it is, "" takes it out. Returns the element that stands there then. */
static xmlNode *
set_text_after(xmlNode *sibling, const char *name, const char *text)
{
    xmlNode *node = vp_xml_find(sibling->parent, name);
    if (!node && text)
        node = vp_xml_add_after(sibling, name);
    if (text && *text)
        vp_xml_set_text(node, text);
    else if (text)
        g_clear_pointer(&node, vp_xml_remove);
    return node ? node : sibling;
}

static void
set_identity(xmlNode *root, const VpPlan *plan)
{
    vp_xml_set(root, "id", NULL);
    xmlNode *last = vp_xml_ensure(root, "name");
    vp_xml_set_text(last, plan->name);
    last = set_text_after(last, "uuid", plan->uuid);
    xmlNode *genid = vp_xml_find(root, "genid");
    if (genid && plan->genid)
        vp_xml_set_text(genid, plan->genid);
    last = set_text_after(genid ? genid : last, "title", plan->title);
    set_text_after(last, "description", plan->description);
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

/* What the host gives a guest without KVM, all of it. */
static void
set_cpu(xmlNode *cpu, const VpPlan *plan, VpReport *report)
{
    g_autofree char *model = vp_xml_get_text(vp_xml_find(cpu, "model"));
    g_autofree char *shown = vp_escape(model ? model : "");
    vp_report_add(
        report, VP_FINDING_CPU_CHANGED, VP_LEVEL_NOTE, "domain",
        cpu_needs_kvm(plan, cpu)
            ? "the host's processor cannot be passed on without KVM: the CPU mode becomes "
              "maximum%s"
            : "this host cannot give a guest its processor without KVM: the CPU mode "
              "becomes maximum, in the place of %s",
        cpu_needs_kvm(plan, cpu) ? "" : shown);
    vp_report_add_fix(report, "--xml ./cpu/@mode=MODE");
    vp_xml_set(cpu, "mode", "maximum");
    vp_xml_set(cpu, "check", NULL);
    vp_xml_set(cpu, "match", NULL);
    vp_xml_remove_all(cpu, "model");
    vp_xml_remove_all(cpu, "vendor");
    vp_xml_remove_all(cpu, "feature");
}

static void
set_virt_type(xmlNode *root, const VpPlan *plan, VpReport *report)
{
    const VpSetting *wish = &plan->settings[VP_CHOICE_VIRT_TYPE];
    gboolean changed = !vp_xml_has(root, "type", plan->virt_type);
    vp_xml_set(root, "type", plan->virt_type);
    if (!changed)
        return;
    if (strcmp(wish->text, "auto") == 0 && strcmp(plan->virt_type, "qemu") == 0) {
        vp_report_add(report, VP_FINDING_VIRT_TYPE_CHANGED, VP_LEVEL_NOTE, "domain",
                      "this host has no KVM: the domain is run by QEMU alone, many times slower");
        vp_report_add_fix(report, "--virt-type kvm");
    }
    xmlNode *cpu = vp_xml_find(root, "cpu");
    if (cpu && (cpu_needs_kvm(plan, cpu) || (plan->cpu_unfit && vp_xml_find(cpu, "model"))))
        set_cpu(cpu, plan, report);
}

static void
set_hypervisor(xmlDoc *domain, const VpPlan *plan, VpReport *report)
{
    xmlNode *root = xmlDocGetRootElement(domain);
    set_virt_type(root, plan, report);
    xmlNode *emulator = vp_xml_find_path(root, "devices/emulator");
    if (emulator && plan->emulator && !(plan->allow & 1u << VP_POWER_EMULATOR)) {
        vp_xml_set_text(emulator, plan->emulator);
        vp_xml_mark_own(emulator);
    }
}

/* One layer into the empty <backingStore> @node; the one below it, empty. */
static xmlNode *
write_layer(xmlNode *node, const VpPlanLayer *layer, gboolean session)
{
    vp_xml_set_own(node, "type", layer->is_block ? "block" : "file");
    vp_xml_set(vp_xml_add(node, "format"), "type", layer->format);
    xmlNode *source = vp_xml_add(node, "source");
    vp_xml_set_own(source, layer->is_block ? "dev" : "file", layer->path);
    vp_xml_mark_own(source);
    if (layer->of_package && !session) { /* a session's daemon changes no owner */
        xmlNode *label = vp_xml_add(source, "seclabel");
        vp_xml_set_own(label, "model", "dac");
        vp_xml_set_own(label, "relabel", "no");
        vp_xml_mark_own(label);
    }
    return vp_xml_add(node, "backingStore");
}

/* Written out and ended: libvirt then never looks into the image for a chain. */
static void
write_chain(xmlNode *disk, const VpPlanDisk *entry, gboolean session)
{
    vp_xml_remove_all(disk, "backingStore");
    xmlNode *node = vp_xml_add_after(vp_xml_find(disk, "source"), "backingStore");
    for (guint i = 0; entry->chain && i < entry->chain->len; i++)
        node = write_layer(node, entry->chain->pdata[i], session);
}

/* Takes out every element of @source but its encryption; a comment stays. */
static void
empty_source(xmlNode *source)
{
    for (xmlNode *child = source->children, *next; child; child = next) {
        next = child->next;
        if (child->type == XML_ELEMENT_NODE && !vp_xml_is(child, "encryption"))
            vp_xml_remove(child);
    }
    vp_xml_trim(source);
}

static void
mark_own(xmlNode *node)
{
    vp_xml_mark_own(node);
    for (xmlAttr *attribute = node->properties; attribute; attribute = attribute->next)
        vp_xml_mark_own((xmlNode *)attribute);
}

static void
copy_attributes(xmlNode *to, const xmlNode *from)
{
    for (xmlAttr *attribute = from->properties; attribute; attribute = attribute->next) {
        g_autofree char *value = vp_xml_get(from, (const char *)attribute->name);
        vp_xml_set(to, (const char *)attribute->name, value);
    }
    mark_own(to);
}

static void
copy_elements(xmlNode *to, xmlNode *from)
{
    for (xmlNode *child = xmlFirstElementChild(from); child; child = xmlNextElementSibling(child)) {
        xmlNode *copy = vp_xml_add(to, (const char *)child->name);
        copy_attributes(copy, child);
        copy_elements(copy, child);
    }
}

static void
write_place(const VpDomainDisk *disk, xmlNode *source, const VpPlanDisk *entry)
{
    if (entry->source) {
        vp_xml_set_own(disk->node, "type", "network");
        copy_attributes(source, xmlDocGetRootElement(entry->source));
        copy_elements(source, xmlDocGetRootElement(entry->source));
    } else if (entry->path) {
        vp_xml_set_own(disk->node, "type", entry->is_block ? "block" : "file");
        vp_xml_set(source, entry->is_block ? "dev" : "file", entry->path);
    } else {
        vp_xml_set_own(disk->node, "type", "volume");
        vp_xml_set(source, "pool", entry->pool);
        vp_xml_set(source, "volume", entry->volume);
    }
    mark_own(source);
}

/* A <source> that is the importer's choice; of the old one only the encryption of
 * the bytes stays, and what to do when the file is not there. */
static void
set_source(const VpDomainDisk *disk, const VpPlanDisk *entry)
{
    xmlNode *source = disk->source;
    if (!source)
        source = vp_xml_add_before(vp_xml_find(disk->node, "target"), "source");
    g_autofree char *policy = vp_xml_get(source, "startupPolicy");
    while (source->properties)
        xmlRemoveProp(source->properties);
    empty_source(source);
    write_place(disk, source, entry);
    if (policy && !entry->source)
        vp_xml_set_own(source, "startupPolicy", policy);
}

/* libvirt refuses to tune the qcow2 driver of another format. */
static void
set_driver(const VpDomainDisk *disk, const VpPlanDisk *entry)
{
    xmlNode *driver = vp_xml_find(disk->node, "driver");
    if (!driver) {
        driver = vp_xml_add_before(vp_xml_find(disk->node, "source"), "driver");
        vp_xml_set(driver, "name", "qemu");
    }
    vp_xml_set(driver, "type", entry->format);
    if (strcmp(entry->format, "qcow2") == 0)
        return;
    vp_xml_set(driver, "discard_no_unref", NULL);
    vp_xml_remove_all(driver, "metadata_cache");
    vp_xml_trim(driver);
}

static void
place_disk(const VpDomainDisk *disk, const VpPlanDisk *entry, gboolean session)
{
    set_source(disk, entry);
    set_driver(disk, entry);
    write_chain(disk->node, entry, session);
    vp_xml_remove_all(disk->node, "mirror");
    vp_xml_remove_all(disk->node, "auth");
    if (disk->device == VP_DEVICE_LUN && !entry->is_block) {
        vp_xml_set(disk->node, "device", "disk");
        vp_xml_set(disk->node, "rawio", NULL);
        vp_xml_set(disk->node, "sgio", NULL);
    }
}

/* Takes the medium out, and what libvirt refuses of an empty drive. */
static void
empty_drive(const VpDomainDisk *disk)
{
    static const char *const of_medium[] = {"backingStore", "mirror", "auth", "encryption",
                                            "transient"};
    vp_xml_set(disk->node, "type", "file");
    vp_xml_remove(disk->source);
    for (gsize i = 0; i < G_N_ELEMENTS(of_medium); i++)
        vp_xml_remove_all(disk->node, of_medium[i]);
    xmlNode *driver = vp_xml_find(disk->node, "driver");
    if (vp_xml_has(driver, "type", "fat")) /* of a folder only */
        vp_xml_set(driver, "type", "raw");
}

static void
eject(const VpDomainDisk *disk, const VpPlanDisk *entry, VpReport *report)
{
    if (disk->kind == VP_SOURCE_NONE)
        return;
    empty_drive(disk);
    if (entry->asked)
        return;
    g_autofree char *resource = g_strdup_printf("disk:%s", disk->target);
    vp_report_add(report, VP_FINDING_MEDIA_EJECTED, VP_LEVEL_WARNING, resource,
                  "%s: the medium %s is not in the package: the drive stays empty", disk->target,
                  entry->was);
    vp_report_add_fix(report, "--disk %s=PATH,format=raw", disk->target);
}

/* A source that is missing is an error of its own: no power is asked for what must be
 * another image in the end. */
static void
mark_source(const VpDomainDisk *disk)
{
    xmlAttr *type = xmlHasProp(disk->node, (const xmlChar *)"type");
    if (type)
        vp_xml_mark_own((xmlNode *)type);
    if (!disk->source)
        return;
    vp_xml_mark_own(disk->source);
    for (xmlAttr *a = disk->source->properties; a; a = a->next)
        vp_xml_mark_own((xmlNode *)a);
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
        case VP_FATE_LINK:
        case VP_FATE_TAKE:
        case VP_FATE_USE:
            place_disk(disk, entry, plan->session);
            break;
        case VP_FATE_SKIP:
            vp_xml_remove(disk->node);
            break;
        case VP_FATE_EJECT:
            eject(disk, entry, report);
            break;
        case VP_FATE_MISSING:
            mark_source(disk);
            break;
        case VP_FATE_KEEP:
            break;
        }
    }
}

static void
tell_removed(const VpPlanNic *entry, const char *removed, VpReport *report)
{
    g_autofree char *resource = g_strdup_printf("nic:%u", entry->index);
    vp_report_add(report, VP_FINDING_NIC_REDUCED, VP_LEVEL_WARNING, resource,
                  "NIC %u: left out is what its new connection cannot have: %s", entry->index,
                  removed);
}

static void
set_mac(xmlNode *interface, const char *address)
{
    xmlNode *mac = vp_xml_find(interface, "mac");
    if (!mac) {
        xmlNode *first = xmlFirstElementChild(interface);
        mac = first ? vp_xml_add_before(first, "mac") : vp_xml_add(interface, "mac");
    }
    vp_xml_set(mac, "address", address);
}

static void
set_nics(xmlDoc *domain, const VpPlan *plan, VpReport *report)
{
    g_autoptr(GPtrArray) nics = vp_domain_nics(domain);
    for (guint i = 0; i < nics->len; i++) {
        VpDomainNic *nic = nics->pdata[i];
        const VpPlanNic *entry = vp_plan_find_nic(plan, nics, i);
        g_autofree char *removed = NULL;
        gboolean same = nic->mac && entry->mac && g_ascii_strcasecmp(nic->mac, entry->mac) == 0;
        if (!same)
            vp_nic_forget_port(nic->node);
        if (entry->target->kind != VP_NIC_DROP)
            set_mac(nic->node, entry->mac);
        vp_nic_connect(nic, entry->target, plan->session, &removed);
        if (removed)
            tell_removed(entry, removed, report);
    }
}

/* Whatever kept the variables, a file keeps them now; libvirt names it by itself where
 * the package does not. */
static void
set_nvram(xmlDoc *domain, const VpPlan *plan)
{
    xmlNode *nvram = vp_xml_find_path(xmlDocGetRootElement(domain), "os/nvram");
    xmlNode *source = vp_xml_find(nvram, "source");
    g_autofree char *written = NULL;
    if (!nvram || !vp_domain_has_nvram(domain, &written) || (!written && !source) ||
        !plan->nvram_path)
        return;
    if (source) {
        while (source->properties)
            xmlRemoveProp(source->properties);
        xmlNodeSetContent(source, NULL);
        vp_xml_set_own(nvram, "type", "file");
        vp_xml_set_own(source, "file", plan->nvram_path);
        vp_xml_mark_own(source);
    } else {
        vp_xml_set_text(nvram, plan->nvram_path);
    }
    vp_xml_mark_own(nvram);
}

static void
set_state_devices(xmlDoc *domain, const VpPlan *plan)
{
    if (plan->tpm == VP_STATE_DROP)
        vp_xml_remove_all(vp_xml_find(xmlDocGetRootElement(domain), "devices"), "tpm");
    set_nvram(domain, plan);
}

/* "-1": libvirt finds a free one. */
static void
drop_port(xmlNode *graphics, const char *attribute)
{
    if (xmlHasProp(graphics, (const xmlChar *)attribute))
        vp_xml_set(graphics, attribute, "-1");
}

/* The terminal that it had; a label beside it stays. */
static void
drop_terminal(xmlNode *source)
{
    if (!source)
        return;
    vp_xml_set(source, "path", NULL);
    if (!source->properties && !xmlFirstElementChild(source))
        vp_xml_remove(source);
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
        drop_port(device, "port");
        drop_port(device, "tlsPort");
    }
    vp_xml_set(device, "tty", NULL);
    if (vp_xml_has(device, "type", "pty"))
        drop_terminal(vp_xml_find(device, "source"));
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

static void
retarget(xmlDoc *domain, const VpPlan *plan, VpReport *report)
{
    xmlNode *root = xmlDocGetRootElement(domain);
    vp_origin_remove(domain);
    set_identity(root, plan);
    set_smbios_uuid(root, plan);
    set_hypervisor(domain, plan, report);
    vp_hardware_set(domain, plan, report);
    vp_seclabels_set(plan->seclabels, domain);
    set_disks(domain, plan, report);
    set_nics(domain, plan, report);
    set_state_devices(domain, plan);
    drop_all_generated(root);
}

gboolean
vp_retarget(xmlDoc *domain, const VpPlan *plan, VpReport *report, GError **error)
{
    retarget(domain, plan, report);
    for (guint i = 0; i < plan->edits->len; i++) {
        if (!vp_xml_edit_apply(plan->edits->pdata[i], domain, error))
            return FALSE;
    }
    return TRUE;
}

/* libvirt writes its own into what runs. */
static void
drop_default_partition(xmlNode *root)
{
    xmlNode *resource = vp_xml_find(root, "resource");
    g_autofree char *partition = vp_xml_get_text(vp_xml_find(resource, "partition"));
    if (g_strcmp0(partition, "/machine") == 0)
        vp_xml_remove_all(resource, "partition");
    if (resource && !xmlFirstElementChild(resource))
        vp_xml_remove(resource);
}

void
vp_retarget_moment(xmlDoc *domain, const VpPlan *plan, const char *resource, VpReport *report)
{
    g_autoptr(VpReport) told_already = vp_report_new();
    retarget(domain, plan, told_already);
    drop_default_partition(xmlDocGetRootElement(domain));
    for (guint i = 0; i < plan->edits->len; i++) {
        const VpXmlEdit *edit = plan->edits->pdata[i];
        g_autoptr(GError) local = NULL;
        if (!vp_xml_edit_apply(edit, domain, &local))
            vp_report_add(report, VP_FINDING_UNCHECKED, VP_LEVEL_NOTE, resource,
                          "its definition stays without an edit: %s", local->message);
    }
}
