/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/tree.h"

#include <string.h>

static void
disk_free(VpMachineDisk *disk)
{
    g_free(disk->target);
    g_free(disk->source);
    vp_machine_disk_close(disk);
    if (disk->data_free)
        disk->data_free(disk->data);
    g_free(disk->digest);
    g_free(disk);
}

static void
file_free(VpMachineFile *file)
{
    g_free(file->name);
    g_bytes_unref(file->data);
    g_free(file);
}

static void
ram_free(VpMachineRam *ram)
{
    if (ram->data_free)
        ram->data_free(ram->data);
    vp_ram_free(ram->description);
    g_free(ram);
}

typedef struct {
    VpProve prove;
    gpointer data;
    GDestroyNotify free;
} Proof;

static void
proof_free(Proof *proof)
{
    proof->free(proof->data);
    g_free(proof);
}

VpMachine *
vp_machine_new(void)
{
    VpMachine *machine = g_new0(VpMachine, 1);
    machine->disks = g_ptr_array_new_with_free_func((GDestroyNotify)disk_free);
    machine->tpm = g_ptr_array_new_with_free_func((GDestroyNotify)file_free);
    machine->proofs = g_ptr_array_new_with_free_func((GDestroyNotify)proof_free);
    return machine;
}

void
vp_machine_free(VpMachine *machine)
{
    if (!machine)
        return;
    g_clear_pointer(&machine->domain, xmlFreeDoc);
    vp_manifest_free(machine->about);
    g_free(machine->moment);
    g_ptr_array_unref(machine->disks);
    g_clear_pointer(&machine->ram, ram_free);
    g_clear_pointer(&machine->nvram, g_bytes_unref);
    g_ptr_array_unref(machine->tpm);
    if (machine->live_free)
        machine->live_free(machine->live);
    vp_tree_free(machine->tree);
    g_ptr_array_unref(machine->proofs);
    g_free(machine);
}

void
vp_machine_describe(VpMachine *machine)
{
    VpManifest *about = machine->about;
    xmlNode *root = xmlDocGetRootElement(machine->domain);
    const xmlNode *type = vp_xml_find_path(root, "os/type");
    const xmlNode *cpu = vp_xml_find(root, "cpu");
    about->virt_type = vp_xml_get(root, "type");
    about->arch = vp_xml_get(type, "arch");
    about->machine_type = vp_xml_get(type, "machine");
    about->cpu_mode = vp_xml_get(cpu, "mode");
    about->cpu_model = vp_xml_get_text(vp_xml_find(cpu, "model"));
}

VpMachineDisk *
vp_machine_add_disk(VpMachine *machine, const char *target, const char *source)
{
    VpMachineDisk *disk = g_new0(VpMachineDisk, 1);
    disk->target = g_strdup(target);
    disk->source = g_strdup(source);
    g_ptr_array_add(machine->disks, disk);
    return disk;
}

VpDiskReader *
vp_machine_disk_open(VpMachineDisk *disk, GError **error)
{
    if (!disk->reader)
        disk->reader = disk->open(disk, disk->data, error);
    return disk->reader;
}

void
vp_machine_disk_close(VpMachineDisk *disk)
{
    g_clear_pointer(&disk->reader, vp_disk_reader_close);
}

VpMachineRam *
vp_machine_set_ram(VpMachine *machine, VpRam *description)
{
    g_clear_pointer(&machine->ram, ram_free);
    machine->ram = g_new0(VpMachineRam, 1);
    machine->ram->description = description;
    return machine->ram;
}

void
vp_machine_add_tpm(VpMachine *machine, const char *name, GBytes *data)
{
    VpMachineFile *file = g_new0(VpMachineFile, 1);
    file->name = g_strdup(name);
    file->data = g_bytes_ref(data);
    g_ptr_array_add(machine->tpm, file);
}

void
vp_machine_add_proof(VpMachine *machine, VpProve prove, gpointer data, GDestroyNotify free)
{
    Proof *proof = g_new0(Proof, 1);
    *proof = (Proof){prove, data, free};
    g_ptr_array_add(machine->proofs, proof);
}

gboolean
vp_machine_prove(const VpMachine *machine, GError **error)
{
    for (guint i = 0; i < machine->proofs->len; i++) {
        const Proof *proof = machine->proofs->pdata[i];
        if (!proof->prove(proof->data, error))
            return FALSE;
    }
    return TRUE;
}

void
vp_machine_leave_out(VpMachine *machine, const char *resource, const char *reason)
{
    g_ptr_array_add(machine->about->left_out, vp_left_out_new(resource, reason));
}

VpMachineDisk *
vp_machine_find_disk(const VpMachine *machine, const char *target)
{
    for (guint i = 0; i < machine->disks->len; i++) {
        VpMachineDisk *disk = machine->disks->pdata[i];
        if (strcmp(disk->target, target) == 0)
            return disk;
    }
    return NULL;
}

guint64
vp_machine_bytes(const VpMachine *machine)
{
    guint64 bytes = machine->ram ? machine->ram->size : 0;
    for (guint i = 0; i < machine->disks->len; i++) {
        const VpMachineDisk *disk = machine->disks->pdata[i];
        if (!machine->tree || !vp_tree_find_now(machine->tree, disk->target))
            bytes += disk->bytes;
    }
    return machine->tree ? bytes + vp_tree_bytes(machine->tree) : bytes;
}

static guint64
disk_bytes(const VpMachine *machine)
{
    guint64 bytes = 0;
    for (guint i = 0; i < machine->disks->len; i++)
        bytes += ((const VpMachineDisk *)machine->disks->pdata[i])->bytes;
    return bytes;
}

guint64
vp_machine_proof_bytes(const VpMachine *machine)
{
    if (!machine->tree)
        return 0;
    guint64 bytes = disk_bytes(machine);
    for (guint i = 0; i < machine->tree->moments->len; i++)
        bytes += disk_bytes(((const VpTreeMoment *)machine->tree->moments->pdata[i])->machine);
    return bytes;
}

GPtrArray *
vp_machine_list_definitions(const VpMachine *machine, gboolean ram)
{
    GPtrArray *list = g_ptr_array_new();
    if (ram)
        g_ptr_array_add(list, machine->ram->description->domain);
    for (guint i = 0; machine->tree && i < machine->tree->moments->len; i++) {
        const VpTreeMoment *moment = machine->tree->moments->pdata[i];
        for (gsize j = 0; j < G_N_ELEMENTS(moment->definitions); j++) {
            if (moment->definitions[j])
                g_ptr_array_add(list, moment->definitions[j]);
        }
        if (moment->machine->ram)
            g_ptr_array_add(list, moment->machine->ram->description->domain);
    }
    return list;
}

gboolean
vp_machine_has_ram_then(const VpMachine *machine)
{
    for (guint i = 0; machine->tree && i < machine->tree->moments->len; i++) {
        const VpTreeMoment *moment = machine->tree->moments->pdata[i];
        if (moment->entry->consistency == VP_CONSISTENCY_RAM)
            return TRUE;
    }
    return FALSE;
}
