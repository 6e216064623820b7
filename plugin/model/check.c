/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/check-parts.h"

#include <string.h>

typedef struct {
    const VpPlan *plan;
    const VpMachine *machine;
    xmlDoc *domain; /* retargeted */
    const VpHostFacts *facts;
    VpReport *report;
} Check;

static void
check_identity(const Check *check)
{
    const VpPlan *plan = check->plan;
    const VpDomainFact *named = vp_host_facts_find_name(check->facts, plan->name);
    if (named) {
        vp_report_add(check->report, VP_FINDING_NAME_TAKEN, VP_LEVEL_ERROR, "domain",
                      "a domain “%s” exists already and is never replaced: choose another name",
                      plan->name);
        vp_report_add_fix(check->report, "--name NAME");
    }
    const VpDomainFact *same = vp_host_facts_find_uuid(check->facts, plan->uuid);
    if (same) {
        vp_report_add(check->report, VP_FINDING_UUID_TAKEN, VP_LEVEL_ERROR, "domain",
                      "the UUID %s belongs to domain “%s”", plan->uuid, same->name);
        vp_report_add_fix(check->report, "--uuid new");
    }
}

/* Looks at the domain as it will be: an edit may have settled it. */
static void
check_hypervisor(const Check *check)
{
    const VpHostFacts *facts = check->facts;
    xmlNode *root = xmlDocGetRootElement(check->domain);
    g_autofree char *virt_type = vp_xml_get(root, "type");
    g_autofree char *arch = vp_xml_get(vp_xml_find_path(root, "os/type"), "arch");
    g_autofree char *machine = vp_xml_get(vp_xml_find_path(root, "os/type"), "machine");
    if (facts->archs && arch && !vp_strv_has(facts->archs, arch)) {
        vp_report_add(check->report, VP_FINDING_ARCH_UNSUPPORTED, VP_LEVEL_ERROR, "domain",
                      "this host has no emulator for %s: install its qemu-system package", arch);
    } else if (facts->virt_types && virt_type && !vp_strv_has(facts->virt_types, virt_type)) {
        vp_report_add(check->report, VP_FINDING_VIRT_TYPE_UNAVAILABLE, VP_LEVEL_ERROR, "domain",
                      "this host cannot run domains of type %s", virt_type);
        vp_report_add_fix(check->report, "--virt-type auto");
    } else if (facts->machines && machine && !vp_strv_has(facts->machines, machine)) {
        vp_report_add(check->report, VP_FINDING_MACHINE_UNSUPPORTED, VP_LEVEL_ERROR, "domain",
                      "this host's QEMU has no machine type %s", machine);
        vp_report_add_fix(check->report, "--xml ./os/type/@machine=TYPE");
    }
}

static void
check_firmware(const Check *check)
{
    xmlNode *loader = vp_xml_find_path(xmlDocGetRootElement(check->domain), "os/loader");
    g_autofree char *path = vp_xml_get_text(loader);
    const VpPathFact *fact = path && *path ? vp_host_facts_find(check->facts, path) : NULL;
    if (fact && !fact->exists) {
        vp_report_add(check->report, VP_FINDING_FIRMWARE_MISSING, VP_LEVEL_ERROR, "nvram",
                      "the firmware %s is not on this host: install it, or name another", path);
        vp_report_add_fix(check->report, "--xml ./os/loader=PATH");
    }
    if (check->plan->tpm_path && check->facts->tpm_known && !check->facts->tpm) {
        vp_report_add(check->report, VP_FINDING_TPM_UNAVAILABLE, VP_LEVEL_ERROR, "tpm",
                      "this host has no TPM emulator: install swtpm, or leave the TPM out");
        vp_report_add_fix(check->report, "--tpm drop");
    }
}

/* --dir has no say where --disk gave the disk a place; over a plan it has. */
static gboolean
goes_by_dir(const Check *check, const char *resource)
{
    const char *target = g_str_has_prefix(resource, "disk:") ? resource + strlen("disk:") : NULL;
    const VpPlanDisk *entry = target ? vp_plan_find_disk(check->plan, target) : NULL;
    return target && (!entry || strcmp(entry->from, "--disk") != 0);
}

/* A file that this import makes must not be there, and its folder must take it. */
static gboolean
check_new_file(const Check *check, const char *resource, const char *path, const char *fix)
{
    const VpPathFact *fact = vp_host_facts_find(check->facts, path);
    if (!fact)
        return TRUE;
    const VpDomainFact *user = vp_host_facts_find_path(check->facts, path);
    g_autofree char *folder = g_path_get_dirname(path);
    if (user) {
        vp_report_add(check->report, VP_FINDING_FILE_IN_USE, VP_LEVEL_ERROR, resource,
                      "%s belongs to domain “%s”: choose another path", path, user->name);
    } else if (fact->exists) {
        vp_report_add(check->report, VP_FINDING_FILE_EXISTS, VP_LEVEL_ERROR, resource,
                      "%s exists already: nothing is overwritten", path);
    } else if (fact->in_package) {
        vp_report_add(check->report, VP_FINDING_PATH_NOT_WRITABLE, VP_LEVEL_ERROR, resource,
                      "%s would lie in the package, which is never written", path);
    } else if (!fact->folder_exists) {
        vp_report_add(check->report, VP_FINDING_PATH_NOT_WRITABLE, VP_LEVEL_ERROR, resource,
                      "there is no folder %s: make it, or choose another", folder);
    } else if (!fact->folder_writable) {
        vp_report_add(check->report, VP_FINDING_PATH_NOT_WRITABLE, VP_LEVEL_ERROR, resource,
                      "you may not write to %s: choose another folder, or ask who may", folder);
    } else {
        return TRUE;
    }
    if (!user && !fact->exists && goes_by_dir(check, resource))
        vp_report_add_fix(check->report, "--dir DIR");
    if (fix)
        vp_report_add_fix(check->report, "%s", fix);
    return FALSE;
}

/* What none writes to may serve many, an installer's medium for one. */
static gboolean
is_read_only(const Check *check, const char *target)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(check->domain);
    const VpDomainDisk *disk = vp_domain_disks_find(disks, target);
    return disk && (disk->device == VP_DEVICE_CDROM || vp_xml_find(disk->node, "readonly"));
}

static gboolean
is_shareable(const Check *check, const char *target)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(check->domain);
    const VpDomainDisk *disk = vp_domain_disks_find(disks, target);
    return disk && disk->shareable;
}

static void
check_used_image(const Check *check, const VpPlanDisk *entry, const char *resource)
{
    const VpPathFact *fact = vp_host_facts_find(check->facts, entry->path);
    if (fact && !fact->exists) {
        vp_report_add(check->report, VP_FINDING_SOURCE_MISSING, VP_LEVEL_ERROR, resource,
                      "%s: the image %s does not exist", entry->target, entry->path);
        vp_report_add_fix(check->report, "--disk %s=PATH,format=F", entry->target);
        return;
    }
    if (fact && fact->in_package && !is_read_only(check, entry->target)) {
        vp_report_add(check->report, VP_FINDING_PATH_NOT_WRITABLE, VP_LEVEL_ERROR, resource,
                      "%s: the image %s lies in the package, which is never written: copy it first",
                      entry->target, entry->path);
        vp_report_add_fix(check->report, "--disk %s=PATH,format=F", entry->target);
        return;
    }
    const VpDomainFact *user = vp_host_facts_find_path(check->facts, entry->path);
    if (!user || is_read_only(check, entry->target))
        return;
    gboolean shareable = is_shareable(check, entry->target);
    vp_report_add(check->report, VP_FINDING_FILE_IN_USE,
                  shareable ? VP_LEVEL_WARNING : VP_LEVEL_ERROR, resource,
                  "%s: domain “%s” uses the image %s: two that write to it %s", entry->target,
                  user->name, entry->path, shareable ? "must agree" : "would destroy it");
    vp_report_add_fix(check->report, "--disk %s=PATH,format=F", entry->target);
}

static void
check_disk(const Check *check, const VpPlanDisk *entry)
{
    g_autofree char *resource = g_strdup_printf("disk:%s", entry->target);
    g_autofree char *fix = g_strdup_printf("--disk %s=PATH", entry->target);
    switch (entry->fate) {
    case VP_FATE_COPY:
        check_new_file(check, resource, entry->path, fix);
        break;
    case VP_FATE_USE:
        check_used_image(check, entry, resource);
        break;
    case VP_FATE_MISSING:
        vp_report_add(check->report, VP_FINDING_SOURCE_MISSING, VP_LEVEL_ERROR, resource,
                      "%s: the package does not hold this disk (it was %s): say which image to "
                      "use, or leave it out",
                      entry->target, entry->was);
        vp_report_add_fix(check->report, "--disk %s=PATH,format=F", entry->target);
        vp_report_add_fix(check->report, "--disk %s=skip", entry->target);
        break;
    case VP_FATE_SKIP:
    case VP_FATE_EJECT:
    case VP_FATE_KEEP:
        break;
    }
}

/* What lies beside the disks, of a machine with snapshots. */
static void
check_files(const Check *check, GPtrArray *files)
{
    for (guint i = 0; i < files->len; i++) {
        const VpPlanFile *file = files->pdata[i];
        if (!file->is_disk)
            check_new_file(check, file->resource, file->path, NULL);
    }
}

/* Two disks cannot share one file. */
static void
check_paths_differ(const Check *check)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < check->plan->disks->len; i++) {
        const VpPlanDisk *entry = check->plan->disks->pdata[i];
        if (!entry->path || g_hash_table_add(seen, entry->path) ||
            (entry->fate == VP_FATE_USE && is_read_only(check, entry->target)))
            continue;
        g_autofree char *resource = g_strdup_printf("disk:%s", entry->target);
        vp_report_add(check->report, VP_FINDING_FILE_EXISTS, VP_LEVEL_ERROR, resource,
                      "%s: another disk of this import goes to %s too", entry->target, entry->path);
        vp_report_add_fix(check->report, "--disk %s=PATH", entry->target);
    }
    for (guint i = 0; i < check->plan->images->len; i++) {
        const VpPlanFile *file = check->plan->images->pdata[i];
        if (!file->is_disk && !g_hash_table_add(seen, file->path))
            vp_report_add(check->report, VP_FINDING_FILE_EXISTS, VP_LEVEL_ERROR, file->resource,
                          "another disk of this import goes to %s too", file->path);
    }
}

/* Returns what is needed there now. */
static guint64
add_need(GHashTable *needs, guint64 filesystem, guint64 bytes)
{
    guint64 *need = g_hash_table_lookup(needs, &filesystem);
    if (!need) {
        guint64 *key = g_memdup2(&filesystem, sizeof(filesystem));
        need = g_new0(guint64, 1);
        g_hash_table_insert(needs, key, need);
    }
    *need += bytes;
    return *need;
}

static void
tell_no_space(const Check *check, const char *resource, const char *path, guint64 need,
              guint64 free)
{
    g_autofree char *wanted = g_format_size_full(need, G_FORMAT_SIZE_IEC_UNITS);
    g_autofree char *there = g_format_size_full(free, G_FORMAT_SIZE_IEC_UNITS);
    vp_report_add(check->report, VP_FINDING_NO_SPACE, VP_LEVEL_ERROR, resource,
                  "%s are needed where %s goes, and %s are free", wanted, path, there);
}

/* The RAM lies beside the disks until it is resumed, and where libvirt saves it. */
static void
check_ram_space(const Check *check, GHashTable *needs)
{
    const char *const paths[] = {check->plan->ram_path, check->plan->save_path};
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        const VpPathFact *fact = paths[i] ? vp_host_facts_find(check->facts, paths[i]) : NULL;
        if (!fact)
            continue;
        guint64 need = add_need(needs, fact->filesystem, check->machine->ram->size);
        if (need <= fact->free)
            continue;
        tell_no_space(check, "ram", paths[i], need, fact->free);
        vp_report_add_fix(check->report, "--ram drop");
    }
}

static void
check_files_space(const Check *check, GPtrArray *files, GHashTable *needs)
{
    for (guint i = 0; i < files->len; i++) {
        const VpPlanFile *file = files->pdata[i];
        const VpPathFact *fact =
            file->is_disk ? NULL : vp_host_facts_find(check->facts, file->path);
        guint64 need = fact ? add_need(needs, fact->filesystem, file->bytes) : 0;
        if (!fact || need <= fact->free)
            continue;
        tell_no_space(check, file->resource, file->path, need, fact->free);
        vp_report_add_fix(check->report, "--dir DIR");
    }
}

/* Disks that go to one file system share its space. */
static void
check_space(const Check *check)
{
    g_autoptr(GHashTable) needs =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    for (guint i = 0; i < check->plan->disks->len; i++) {
        const VpPlanDisk *entry = check->plan->disks->pdata[i];
        const VpPathFact *fact =
            entry->fate == VP_FATE_COPY ? vp_host_facts_find(check->facts, entry->path) : NULL;
        const VpMachineDisk *part = vp_machine_find_disk(check->machine, entry->target);
        if (!fact || !part || !fact->folder_exists)
            continue;
        guint64 need = add_need(needs, fact->filesystem, part->bytes);
        if (need <= fact->free)
            continue;
        g_autofree char *resource = g_strdup_printf("disk:%s", entry->target);
        tell_no_space(check, resource, entry->path, need, fact->free);
        if (goes_by_dir(check, resource))
            vp_report_add_fix(check->report, "--dir DIR");
        vp_report_add_fix(check->report, "--disk %s=PATH", entry->target);
    }
    check_files_space(check, check->plan->images, needs);
    check_files_space(check, check->plan->saves, needs);
    check_ram_space(check, needs);
}

static void
check_owner(const Check *check)
{
    const VpHostFacts *facts = check->facts;
    if (facts->unknown_owner) {
        vp_report_add(check->report, VP_FINDING_OWNER_UNKNOWN, VP_LEVEL_ERROR, "domain",
                      "this host knows no user or group “%s”", facts->unknown_owner);
        vp_report_add_fix(check->report, "--owner USER[:GROUP]");
    } else if (facts->owner_uid != (uid_t)-1 && facts->owner_uid != facts->caller &&
               !facts->privileged) {
        vp_report_add(check->report, VP_FINDING_OWNER_DENIED, VP_LEVEL_ERROR, "domain",
                      "only root may give files to another user: leave --owner out, or import as "
                      "root");
    }
}

/* State that is not written, but lies there: the domain would take it up. */
static void
check_no_leftover(const Check *check, const char *resource, const char *path, const char *fix)
{
    const VpPathFact *fact = vp_host_facts_find(check->facts, path);
    if (!fact || !fact->exists)
        return;
    vp_report_add(check->report, VP_FINDING_FILE_EXISTS, VP_LEVEL_ERROR, resource,
                  "%s is there already, of another domain or left behind by one: the domain would "
                  "take it up",
                  path);
    vp_report_add_fix(check->report, "%s", fix);
}

/* Where it goes is libvirt's own folder: the caller has no other to choose. RAM takes none but
 * the state that it was made with. */
static void
check_new_state(const Check *check, const char *what, const char *path, const char *fix)
{
    const VpPathFact *fact = vp_host_facts_find(check->facts, path);
    gboolean resumes = check->machine->ram && check->plan->ram != VP_RAM_DROP;
    g_autofree char *folder = g_path_get_dirname(path);
    if (!fact || !fact->folder_exists || fact->folder_writable) {
        check_new_file(check, what, path, fix);
        return;
    }
    vp_report_add(check->report, VP_FINDING_PATH_NOT_WRITABLE, VP_LEVEL_ERROR, what,
                  "you may not write to %s, where libvirt looks for it: import as root, or let "
                  "libvirt make a new one",
                  folder);
    vp_report_add_fix(check->report, "--%s fresh%s", what, resumes ? " --ram drop" : "");
}

/* libvirt finds the variables by the domain's name, the TPM by its UUID. */
static void
check_state(const Check *check)
{
    const VpPlan *plan = check->plan;
    const VpMachine *machine = check->machine;
    if (plan->nvram_path && machine->nvram && plan->nvram == VP_STATE_KEEP)
        check_new_state(check, "nvram", plan->nvram_path, "--name NAME");
    else if (plan->nvram_path)
        check_no_leftover(check, "nvram", plan->nvram_path, "--name NAME");
    if (plan->tpm_path && machine->tpm->len > 0 && plan->tpm == VP_STATE_KEEP)
        check_new_state(check, "tpm", plan->tpm_path, "--uuid new");
    else if (plan->tpm_path)
        check_no_leftover(check, "tpm", plan->tpm_path, "--uuid new");
}

/* A network, bridge or device that is kept, though it is not here: the domain will not
 * start. */
static void
check_kept(const Check *check, const VpPlanNic *nic, const char *resource)
{
    gboolean network = strcmp(nic->type, "network") == 0;
    gboolean device = strcmp(nic->type, "bridge") == 0 || strcmp(nic->type, "direct") == 0;
    GStrv there = network ? check->facts->networks : device ? check->facts->bridges : NULL;
    if (nic->by_name) {
        vp_report_add(check->report, VP_FINDING_NETWORK_KEPT, VP_LEVEL_NOTE, resource,
                      "NIC %u: connected to this host's %s, for its name alone", nic->index,
                      nic->was);
        vp_report_add_fix(check->report, "--nic %u=DST", nic->index);
    } else if (there && nic->source && !vp_strv_has(there, nic->source)) {
        vp_report_add(
            check->report, network ? VP_FINDING_NETWORK_MISSING : VP_FINDING_BRIDGE_MISSING,
            check->plan->fail_on_missing_network ? VP_LEVEL_ERROR : VP_LEVEL_WARNING, resource,
            "NIC %u: this host has no %s “%s”: the domain will not start before it is "
            "here",
            nic->index, network ? "network" : "bridge or device", nic->source);
        vp_report_add_fix(check->report, "--nic %u=DST", nic->index);
    }
}

static void
check_target(const Check *check, const VpPlanNic *nic, const char *resource)
{
    const VpNicTarget *target = nic->target;
    gboolean network = target->kind == VP_NIC_NETWORK;
    gboolean device = target->kind == VP_NIC_BRIDGE || target->kind == VP_NIC_DIRECT ||
                      target->kind == VP_NIC_OVS;
    if (network && check->facts->networks && !vp_strv_has(check->facts->networks, target->name)) {
        g_autofree char *there = g_strjoinv(", ", check->facts->networks);
        vp_report_add(check->report, VP_FINDING_NETWORK_MISSING, VP_LEVEL_ERROR, resource,
                      "NIC %u: this host has no network “%s”; it has: %s", nic->index, target->name,
                      *there ? there : "none");
        vp_report_add_fix(check->report, "--nic %u=DST", nic->index);
    }
    if (device && check->facts->bridges && !vp_strv_has(check->facts->bridges, target->name)) {
        vp_report_add(check->report, VP_FINDING_BRIDGE_MISSING, VP_LEVEL_ERROR, resource,
                      "NIC %u: this host has no %s “%s”", nic->index,
                      target->kind == VP_NIC_DIRECT ? "network device" : "bridge", target->name);
        vp_report_add_fix(check->report, "--nic %u=DST", nic->index);
    }
}

static void
check_nic(const Check *check, const VpPlanNic *nic)
{
    if (nic->target->kind == VP_NIC_DROP)
        return;
    g_autofree char *resource = g_strdup_printf("nic:%u", nic->index);
    if (nic->missing) {
        gboolean network = strcmp(nic->type, "network") == 0;
        gboolean fail = check->plan->fail_on_missing_network;
        vp_report_add(check->report,
                      network ? VP_FINDING_NETWORK_MISSING : VP_FINDING_BRIDGE_MISSING,
                      fail ? VP_LEVEL_ERROR : VP_LEVEL_WARNING, resource,
                      network ? "NIC %u: %s is not on this host: the NIC is connected to nothing"
                              : "NIC %u: %s is not taken over by name: the NIC is connected to "
                                "nothing",
                      nic->index, nic->was);
        vp_report_add_fix(check->report, "--nic %u=DST", nic->index);
    } else if (nic->target->kind == VP_NIC_KEEP) {
        check_kept(check, nic, resource);
    } else {
        check_target(check, nic, resource);
    }
    const VpDomainFact *owner = nic->mac ? vp_host_facts_find_mac(check->facts, nic->mac) : NULL;
    if (owner) {
        vp_report_add(check->report, VP_FINDING_MAC_TAKEN, VP_LEVEL_WARNING, resource,
                      "NIC %u: domain “%s” has the MAC address %s too: not both can run on one "
                      "network",
                      nic->index, owner->name, nic->mac);
        if (check->plan->ram == VP_RAM_DROP)
            vp_report_add_fix(check->report, "--mac new");
        else
            vp_report_add_fix(check->report, "--nic %u=none", nic->index);
    }
}

void
vp_check_powers(const VpPlan *plan, xmlDoc *domain, const VpHostFacts *facts, const char *where,
                VpReport *report)
{
    g_autoptr(GPtrArray) uses = vp_powers_find(domain, (const char *const *)facts->firmware);
    for (guint i = 0; i < uses->len; i++) {
        const VpPowerUse *use = uses->pdata[i];
        if (plan->allow & 1u << use->power)
            continue;
        g_autofree char *place = g_strconcat(where, use->place, NULL);
        const char *power = vp_power_to_string(use->power);
        vp_report_add(report, VP_FINDING_POWER_REFUSED, VP_LEVEL_ERROR, "domain",
                      "%s asks for the power “%s”, which a package is not given unasked: %s", place,
                      power, use->what);
        vp_report_set_place(report, place);
        vp_report_add_fix(report, "--allow %s", power);
    }
}

void
vp_check_plan(const VpPlan *plan, const VpMachine *machine, xmlDoc *domain,
              const VpHostFacts *facts, VpReport *report)
{
    Check check = {plan, machine, domain, facts, report};
    check_identity(&check);
    check_hypervisor(&check);
    check_firmware(&check);
    for (guint i = 0; i < plan->disks->len; i++)
        check_disk(&check, plan->disks->pdata[i]);
    check_files(&check, plan->images);
    check_files(&check, plan->saves);
    check_paths_differ(&check);
    check_space(&check);
    check_owner(&check);
    check_state(&check);
    vp_check_grants(plan, &facts->grants, report);
    for (guint i = 0; i < plan->nics->len; i++)
        check_nic(&check, plan->nics->pdata[i]);
    vp_check_nics(plan, domain, facts, report);
    vp_check_claims(plan, domain, facts, report);
    vp_check_powers(plan, domain, facts, "", report);
}
