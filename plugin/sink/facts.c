/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "host/devices.h"
#include "host/files.h"
#include "host/firmware.h"
#include "host/paths.h"
#include "host/trust.h"
#include "image/device.h"
#include "model/claims.h"
#include "model/domain.h"
#include "sink/grants.h"
#include "virt/domain.h"
#include "virt/pool.h"
#include "virt/storage.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static GStrv
list_claims(xmlDoc *doc, const char *name)
{
    g_autoptr(GPtrArray) claims = vp_claims_find(doc, name);
    GPtrArray *list = g_ptr_array_new();
    for (guint i = 0; i < claims->len; i++)
        g_ptr_array_add(list, g_strdup(((const VpClaim *)claims->pdata[i])->what));
    return vp_strv_take(list);
}

/* A link leads where it leads. */
static void
add_path(GPtrArray *paths, char *path)
{
    char *real = path ? realpath(path, NULL) : NULL;
    if (path)
        g_ptr_array_add(paths, path);
    if (real && strcmp(real, path) != 0)
        g_ptr_array_add(paths, g_strdup(real));
    free(real);
}

/* What the disks lie on, all the way down as the definition says it. */
static GStrv
disk_paths(xmlDoc *doc)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(doc);
    GPtrArray *paths = g_ptr_array_new();
    for (guint i = 0; i < disks->len; i++) {
        const VpDomainDisk *disk = disks->pdata[i];
        if (disk->kind == VP_SOURCE_NETWORK)
            g_ptr_array_add(paths, vp_domain_source_get_key(disk->source));
        add_path(paths, g_strdup(disk->path));
        for (const xmlNode *below = vp_xml_find(disk->node, "backingStore"); below;
             below = vp_xml_find(below, "backingStore")) {
            const xmlNode *source = vp_xml_find(below, "source");
            add_path(paths, vp_xml_get(source, "file"));
            add_path(paths, vp_xml_get(source, "dev"));
        }
    }
    return vp_strv_take(paths);
}

static VpDomainFact *
domain_fact(const VpVirtDomainEntry *entry)
{
    VpDomainFact *fact = g_new0(VpDomainFact, 1);
    fact->name = g_strdup(entry->name);
    fact->uuid = g_strdup(entry->uuid);
    g_autoptr(xmlDoc) doc =
        entry->xml ? vp_xml_parse(entry->xml, strlen(entry->xml), entry->name, NULL) : NULL;
    if (!doc)
        return fact;
    g_autoptr(GPtrArray) nics = vp_domain_nics(doc);
    GPtrArray *macs = g_ptr_array_new();
    GPtrArray *links = g_ptr_array_new();
    for (guint i = 0; i < nics->len; i++) {
        const VpDomainNic *nic = nics->pdata[i];
        if (!nic->mac)
            continue;
        g_ptr_array_add(macs, g_strdup(nic->mac));
        g_ptr_array_add(links, g_strdup_printf("%s %s", nic->type, nic->source ? nic->source : ""));
    }
    fact->macs = vp_strv_take(macs);
    fact->links = vp_strv_take(links);
    fact->paths = disk_paths(doc);
    fact->claims = list_claims(doc, entry->name);
    return fact;
}

static gboolean
gather_domains(VpConnection *connection, VpHostFacts *facts, GError **error)
{
    g_autoptr(GPtrArray) entries = vp_virt_list_domains(connection, error);
    if (!entries)
        return FALSE;
    facts->domains = g_ptr_array_new_with_free_func((GDestroyNotify)vp_domain_fact_free);
    for (guint i = 0; i < entries->len; i++)
        g_ptr_array_add(facts->domains, domain_fact(entries->pdata[i]));
    return TRUE;
}

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
gather_capabilities(VpConnection *connection, const VpManifest *about, VpHostFacts *facts)
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
gather_domain_capabilities(VpConnection *connection, const VpManifest *about, VpHostFacts *facts)
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

/* The folder of the pool "default" if it is one, else libvirt's own. */
static char *
images_folder(VpConnection *connection, gboolean session)
{
    char *folder = vp_pool_find_folder(connection, "default");
    return folder ? folder : vp_path_images(session ? VP_SCOPE_SESSION : VP_SCOPE_SYSTEM);
}

static void
gather_pools(VpConnection *connection, VpHostFacts *facts)
{
    g_autoptr(GPtrArray) pools = vp_pool_list(connection, NULL);
    if (!pools)
        return;
    facts->pools = g_ptr_array_new_with_free_func((GDestroyNotify)vp_pool_fact_free);
    for (guint i = 0; i < pools->len; i++) {
        const VpVirtPool *pool = pools->pdata[i];
        xmlDoc *doc = vp_xml_parse(pool->xml, strlen(pool->xml), "pool", NULL);
        if (!doc)
            continue;
        VpPoolFact *fact = vp_pool_fact_new(doc);
        fact->active = pool->active;
        fact->free = pool->free;
        g_ptr_array_add(facts->pools, fact);
    }
}

VpHostFacts *
vp_facts_gather(VpConnection *connection, const VpMachine *machine, GError **error)
{
    g_autoptr(VpHostFacts) facts = vp_host_facts_new();
    facts->session = vp_connection_is_session(connection);
    facts->local = vp_connection_is_local(connection);
    facts->caller = geteuid();
    facts->privileged = facts->caller == 0;
    facts->grants.available = facts->local && !facts->session &&
                              g_str_equal(vp_connection_get_driver(connection), "QEMU");
    facts->has_qemu_user =
        vp_connection_get_qemu_user(connection, &facts->qemu_uid, &facts->qemu_gid);
    facts->libvirt_version = vp_connection_get_libvirt_version(connection);
    if (g_strcmp0(machine->about->hypervisor, vp_connection_get_driver(connection)) == 0)
        facts->hypervisor_version = vp_connection_get_version(connection);
    facts->images = images_folder(connection, facts->session);
    facts->firmware = vp_firmware_list();
    if (!gather_domains(connection, facts, error))
        return NULL;
    gather_pools(connection, facts);
    facts->networks = vp_network_list(connection, NULL);
    vp_facts_gather_networks(connection, facts);
    gather_capabilities(connection, machine->about, facts);
    gather_domain_capabilities(connection, machine->about, facts);
    vp_facts_gather_cpus(connection, machine, facts);
    return g_steal_pointer(&facts);
}

/* The nearest folder above @path that there is; the others are made. */
static char *
existing_folder(const char *path)
{
    char *folder = g_path_get_dirname(path);
    while (!g_file_test(folder, G_FILE_TEST_EXISTS)) {
        char *above = g_path_get_dirname(folder);
        g_free(folder);
        folder = above;
    }
    return folder;
}

/* As the kernel sees both: a link leads where it leads. */
static gboolean
is_below(const char *folder, const char *top)
{
    g_autofree char *real = realpath(folder, NULL);
    g_autofree char *real_top = top ? realpath(top, NULL) : NULL;
    gsize length = real_top ? strlen(real_top) : 0;
    return real && real_top && strncmp(real, real_top, length) == 0 &&
           (real[length] == '/' || real[length] == '\0');
}

/* @make: the folders above @path are libvirt's own and are made where missing. */
static void
look_at_path(VpHostFacts *facts, const char *path, gboolean make)
{
    if (!path)
        return;
    VpPathFact *fact = g_new0(VpPathFact, 1);
    g_autofree char *folder = make ? existing_folder(path) : g_path_get_dirname(path);
    fact->exists = g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK);
    fact->readable = access(path, R_OK) == 0;
    fact->folder_exists = g_file_test(folder, G_FILE_TEST_IS_DIR);
    fact->folder_writable = vp_folder_is_writable(folder);
    fact->in_package = is_below(folder, facts->package);
    if (!vp_space_free(folder, &fact->free, &fact->filesystem, NULL))
        fact->free = G_MAXUINT64;
    g_hash_table_insert(facts->paths, g_strdup(path), fact);
}

/* What the image of a disk is: a device, or a file that QEMU's user has to reach. */
static void
look_at_image(VpHostFacts *facts, const char *path, gboolean read)
{
    VpPathFact *fact = path ? g_hash_table_lookup(facts->paths, path) : NULL;
    VpDeviceState state;
    if (!fact)
        return;
    fact->read_only = fact->exists && access(path, W_OK) < 0;
    if (vp_device_look(path, &state)) {
        fact->is_block = TRUE;
        fact->busy = state.busy;
        fact->read_only |= state.read_only;
        fact->size = state.size;
    } else if (!facts->session && facts->has_qemu_user && fact->folder_exists) {
        fact->barrier = vp_find_barrier(path, read, facts->qemu_uid, facts->qemu_gid);
    }
}

/* What of the package a disk lies on. */
static void
look_at_package_image(VpHostFacts *facts, const VpPlanDisk *disk)
{
    gboolean link = disk->fate == VP_FATE_LINK;
    if (!link && disk->fate != VP_FATE_TAKE)
        return;
    const char *path = link ? ((const VpPlanLayer *)disk->chain->pdata[0])->path : disk->path;
    look_at_path(facts, path, FALSE);
    look_at_image(facts, path, link);
    if (!facts->package_writer)
        facts->package_writer = vp_find_writer(path, facts->caller);
}

static void
look_at_disks(VpHostFacts *facts, const VpPlan *plan)
{
    for (guint i = 0; i < plan->disks->len; i++) {
        const VpPlanDisk *disk = plan->disks->pdata[i];
        gboolean own = disk->path && facts->images && g_str_has_prefix(disk->path, facts->images);
        look_at_path(facts, disk->path, facts->session && own && !disk->asked);
        look_at_image(facts, disk->path, FALSE);
        look_at_package_image(facts, disk);
    }
}

/* The bridge or device that @nic is to be connected to, NULL where it is not here. One that
 * is kept may be a bridge of Open vSwitch, which is no bridge of the kernel. */
static const char *
find_device(const VpPlanNic *nic)
{
    const char *name = nic->target->name;
    switch (nic->target->kind) {
    case VP_NIC_BRIDGE:
        return vp_bridge_exists(name) ? name : NULL;
    case VP_NIC_DIRECT:
        return vp_interface_exists(name) ? name : NULL;
    case VP_NIC_OVS:
        return vp_interface_exists(name) && !vp_bridge_exists(name) ? name : NULL;
    case VP_NIC_KEEP:
        return nic->source && vp_interface_exists(nic->source) ? nic->source : NULL;
    default:
        return NULL;
    }
}

static void
look_at_files(VpHostFacts *facts, GPtrArray *files)
{
    for (guint i = 0; i < files->len; i++)
        look_at_path(facts, ((const VpPlanFile *)files->pdata[i])->path, facts->session);
}

static void
look_at_bridges(VpHostFacts *facts, const VpPlan *plan)
{
    GPtrArray *there = g_ptr_array_new();
    for (guint i = 0; i < plan->nics->len; i++) {
        const char *name = find_device(plan->nics->pdata[i]);
        if (name)
            g_ptr_array_add(there, g_strdup(name));
    }
    facts->bridges = vp_strv_take(there);
    facts->all_bridges = vp_bridge_list();
}

/* The user of a label is whom the QEMU of this domain runs as. */
static gboolean
look_at_label(VpHostFacts *facts, const VpPlan *plan, GError **error)
{
    const VpSeclabel *dac = vp_seclabels_find(plan->seclabels, VP_LABEL_DAC);
    VpOwner user;
    if (!dac || !dac->label || !facts->has_qemu_user)
        return TRUE;
    if (!vp_owner_parse(dac->label, dac->where, &user, &facts->unknown_label, error))
        return FALSE;
    facts->qemu_uid = user.uid;
    facts->qemu_gid = user.gid;
    return TRUE;
}

/* As asked; else the caller's, or QEMU's where libvirt would not hand the files over. */
static gboolean
look_at_owner(VpHostFacts *facts, const VpPlan *plan, GError **error)
{
    VpScope scope = facts->session ? VP_SCOPE_SESSION : VP_SCOPE_SYSTEM;
    facts->hands_over = vp_path_dynamic_ownership(scope, NULL);
    if (!look_at_label(facts, plan, error))
        return FALSE;
    if (plan->owner) {
        VpOwner owner;
        const char *where = plan->settings[VP_CHOICE_OWNER].where;
        if (!vp_owner_parse(plan->owner, where, &owner, &facts->unknown_owner, error))
            return FALSE;
        facts->owner_uid = owner.uid;
        facts->owner_gid = owner.gid;
        return TRUE;
    }
    if (facts->privileged && facts->has_qemu_user && !facts->hands_over) {
        facts->owner_uid = facts->qemu_uid;
        facts->owner_gid = facts->qemu_gid;
    }
    return TRUE;
}

static void
look_at_volumes(VpHostFacts *facts, VpConnection *connection, const VpPlan *plan)
{
    for (guint i = 0; i < plan->disks->len; i++) {
        const VpPlanDisk *disk = plan->disks->pdata[i];
        if (!disk->pool)
            continue;
        if (vp_volume_exists(connection, disk->pool, disk->volume))
            g_hash_table_add(facts->volumes, g_strdup_printf("%s/%s", disk->pool, disk->volume));
        VpPoolFact *pool = (VpPoolFact *)vp_host_facts_find_pool(facts, disk->pool);
        if (pool && pool->active) /* the look has refreshed it */
            pool->free = vp_pool_get_free(connection, disk->pool);
    }
}

gboolean
vp_facts_look_at(VpHostFacts *facts, VpConnection *connection, const VpPlan *plan, xmlDoc *domain,
                 GError **error)
{
    if (!look_at_owner(facts, plan, error))
        return FALSE;
    vp_facts_look_at_grants(facts, plan);
    look_at_volumes(facts, connection, plan);
    if (!facts->local)
        return TRUE;
    g_autofree char *loader =
        vp_xml_get_text(vp_xml_find_path(xmlDocGetRootElement(domain), "os/loader"));
    look_at_path(facts, loader, FALSE);
    look_at_disks(facts, plan);
    look_at_files(facts, plan->images);
    look_at_files(facts, plan->saves);
    look_at_path(facts, plan->nvram_path, TRUE);
    look_at_path(facts, plan->tpm_path, TRUE);
    look_at_path(facts, plan->ram_path, TRUE);
    look_at_path(facts, plan->save_path, TRUE);
    look_at_bridges(facts, plan);
    return TRUE;
}
