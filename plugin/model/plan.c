/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/plan.h"
#include "model/identity.h"
#include "model/option.h"
#include "model/plan-parts.h"

#include <string.h>

static void
plan_layer_free(VpPlanLayer *layer)
{
    g_free(layer->path);
    g_free(layer->format);
    g_free(layer);
}

void
vp_plan_disk_add_layer(VpPlanDisk *disk, const char *path, const char *format, gboolean is_block)
{
    if (!disk->chain)
        disk->chain = g_ptr_array_new_with_free_func((GDestroyNotify)plan_layer_free);
    VpPlanLayer *layer = g_new0(VpPlanLayer, 1);
    layer->path = g_strdup(path);
    layer->format = g_strdup(format);
    layer->is_block = is_block;
    g_ptr_array_add(disk->chain, layer);
}

void
vp_plan_disk_free(VpPlanDisk *disk)
{
    g_clear_pointer(&disk->chain, g_ptr_array_unref);
    g_free(disk->target);
    g_free(disk->path);
    g_free(disk->format);
    g_free(disk->was);
    g_free(disk);
}

static void
plan_nic_free(VpPlanNic *nic)
{
    vp_nic_target_free(nic->target);
    g_free(nic->type);
    g_free(nic->source);
    g_free(nic->was);
    g_free(nic->mac);
    g_free(nic->old_mac);
    g_free(nic);
}

static VpPlan *
plan_alloc(void)
{
    VpPlan *plan = g_new0(VpPlan, 1);
    plan->disks = g_ptr_array_new_with_free_func((GDestroyNotify)vp_plan_disk_free);
    plan->nics = g_ptr_array_new_with_free_func((GDestroyNotify)plan_nic_free);
    plan->images = g_ptr_array_new_with_free_func((GDestroyNotify)vp_plan_file_free);
    plan->saves = g_ptr_array_new_with_free_func((GDestroyNotify)vp_plan_file_free);
    plan->edits = g_ptr_array_new_with_free_func((GDestroyNotify)vp_xml_edit_free);
    plan->file_mode = 0600;
    return plan;
}

void
vp_plan_free(VpPlan *plan)
{
    if (!plan)
        return;
    g_free(plan->name);
    g_free(plan->uuid);
    g_free(plan->genid);
    g_free(plan->title);
    g_free(plan->description);
    g_ptr_array_unref(plan->disks);
    g_ptr_array_unref(plan->nics);
    g_ptr_array_unref(plan->images);
    g_ptr_array_unref(plan->saves);
    g_free(plan->owner);
    g_free(plan->virt_type);
    g_free(plan->emulator);
    g_free(plan->nvram_path);
    g_free(plan->tpm_path);
    g_free(plan->ram_path);
    g_free(plan->save_path);
    g_ptr_array_unref(plan->edits);
    g_free(plan);
}

VpPlanDisk *
vp_plan_find_disk(const VpPlan *plan, const char *target)
{
    for (guint i = 0; i < plan->disks->len; i++) {
        VpPlanDisk *disk = plan->disks->pdata[i];
        if (strcmp(disk->target, target) == 0)
            return disk;
    }
    return NULL;
}

static gboolean
plan_uuid(VpPlan *plan, const char *wish, const VpMachine *machine, GError **error)
{
    if (!wish || strcmp(wish, "new") == 0) {
        plan->uuid = vp_uuid_new();
        return TRUE;
    }
    if (strcmp(wish, "keep") != 0) {
        if (vp_uuid_parse(wish, &plan->uuid))
            return TRUE;
        vp_error_set(error, VP_ERROR_USAGE, "--uuid: “%s” is no UUID: give one, new or keep", wish);
        return FALSE;
    }
    g_autofree char *old = vp_domain_get_uuid(machine->domain);
    if (!old || !vp_uuid_parse(old, &plan->uuid))
        plan->uuid = vp_uuid_new();
    return TRUE;
}

/* The package is at fault, not an option. */
static gboolean
check_own_name(const char *name, GError **error)
{
    g_autoptr(GError) local = NULL;
    if (vp_name_check(name, "domain.xml", &local))
        return TRUE;
    vp_error_set(error, VP_ERROR_UNSAFE, "%s", local->message);
    vp_error_add_fix(error, "--name NAME");
    return FALSE;
}

static gboolean
plan_identity(VpPlan *plan, const VpImportOptions *options, const VpMachine *machine,
              GError **error)
{
    plan->name = options->name ? g_strdup(options->name) : vp_domain_get_name(machine->domain);
    if (options->name ? !vp_name_check(plan->name, "--name", error)
                      : !check_own_name(plan->name, error))
        return FALSE;
    if (!plan_uuid(plan,
                   options->uuid      ? options->uuid
                   : options->restore ? "keep"
                                      : NULL,
                   machine, error))
        return FALSE;

    static const char *const genids[] = {"new", "keep", NULL};
    int genid = vp_option_word(options->genid, genids, 0, "--genid", error);
    if (genid == 0)
        plan->genid = vp_uuid_new();
    plan->title = g_strdup(options->title);
    plan->description = g_strdup(options->description);
    return genid >= 0;
}

static gboolean
plan_mode(VpPlan *plan, const VpImportOptions *options, GError **error)
{
    plan->owner = g_strdup(options->owner);
    if (!options->file_mode)
        return TRUE;
    guint64 mode;
    if (strspn(options->file_mode, "01234567") == strlen(options->file_mode) &&
        g_ascii_string_to_unsigned(options->file_mode, 8, 0, 0777, &mode, NULL)) {
        plan->file_mode = (mode_t)mode;
        return TRUE;
    }
    vp_error_set(error, VP_ERROR_USAGE, "--file-mode: “%s” is no mode: octal digits, 0 to 0777",
                 options->file_mode);
    return FALSE;
}

/* As the package says, unless asked; "auto" takes KVM where the host has it. */
static gboolean
plan_virt_type(VpPlan *plan, const VpImportOptions *options, const VpMachine *machine,
               const VpHostFacts *facts, GError **error)
{
    static const char *const words[] = {"kvm", "qemu", "auto", NULL};
    int word = vp_option_word(options->virt_type, words, 3, "--virt-type", error);
    if (word < 0)
        return FALSE;
    if (word < 2)
        plan->virt_type = g_strdup(words[word]);
    else if (word == 2)
        plan->virt_type = g_strdup(vp_strv_has(facts->virt_types, "kvm") ? "kvm" : "qemu");
    else
        plan->virt_type = vp_xml_get(xmlDocGetRootElement(machine->domain), "type");
    plan->emulator = g_strdup(facts->emulator);
    return TRUE;
}

static gboolean
plan_state(VpPlan *plan, const VpImportOptions *options, const VpMachine *machine,
           const VpPlanPaths *paths, GError **error)
{
    static const char *const tpm_words[] = {"keep", "fresh", "drop", NULL};
    static const char *const nvram_words[] = {"keep", "fresh", NULL};
    int tpm = vp_option_word(options->tpm, tpm_words, VP_STATE_KEEP, "--tpm", error);
    if (tpm < 0)
        return FALSE;
    int nvram = vp_option_word(options->nvram, nvram_words, VP_STATE_KEEP, "--nvram", error);
    if (nvram < 0)
        return FALSE;
    plan->tpm = (VpStateFate)tpm;
    plan->nvram = (VpStateFate)nvram;

    g_autofree char *written = NULL;
    if (vp_domain_has_nvram(machine->domain, &written))
        plan->nvram_path = paths->nvram(plan->name, plan->session);
    if (vp_domain_has_tpm(machine->domain) && plan->tpm != VP_STATE_DROP)
        plan->tpm_path = paths->tpm(plan->uuid, plan->session);
    return TRUE;
}

static const char *const ram_fates[] = {
    [VP_RAM_SAVED] = "saved",
    [VP_RAM_START] = "started",
    [VP_RAM_PAUSED] = "paused",
    [VP_RAM_DROP] = "dropped",
};

const char *
vp_ram_fate_to_string(VpRamFate fate)
{
    return ram_fates[fate];
}

/* The save image that libvirt reads lies beside the disks for a while. */
static gboolean
plan_ram(VpPlan *plan, const VpImportOptions *options, const VpMachine *machine, GError **error)
{
    static const char *const words[] = {"saved", "start", "paused", "drop", NULL};
    int word = vp_option_word(options->ram, words, VP_RAM_SAVED, "--ram", error);
    if (word < 0)
        return FALSE;
    plan->ram = machine->ram ? (VpRamFate)word : VP_RAM_DROP;
    if (options->ram && word != VP_RAM_DROP && !machine->ram) {
        vp_error_set(error, VP_ERROR_USAGE,
                     "--ram %s: the package has no RAM: leave the option out", options->ram);
        return FALSE;
    }
    if (plan->start && plan->ram == VP_RAM_PAUSED) {
        vp_error_set(error, VP_ERROR_USAGE,
                     "--start and --ram paused contradict each other: leave one of them out");
        return FALSE;
    }
    return TRUE;
}

static void
plan_ram_places(VpPlan *plan, const VpHostFacts *facts, const VpPlanPaths *paths)
{
    if (plan->ram == VP_RAM_DROP)
        return;
    const char *disk = NULL;
    for (guint i = 0; !disk && i < plan->disks->len; i++) {
        const VpPlanDisk *entry = plan->disks->pdata[i];
        disk = entry->fate == VP_FATE_COPY ? entry->path : NULL;
    }
    g_autofree char *folder = disk ? g_path_get_dirname(disk) : g_strdup(facts->images);
    g_autofree char *name = g_strdup_printf("%s.ram", plan->name);
    plan->ram_path = g_build_filename(folder ? folder : "/", name, NULL);
    if (plan->ram == VP_RAM_SAVED)
        plan->save_path = paths->save(plan->name, plan->session);
}

static gboolean
plan_edits(VpPlan *plan, const VpImportOptions *options, GError **error)
{
    for (const char *const *text = options->xml; text && *text; text++) {
        VpXmlEdit *edit = vp_xml_edit_parse(*text, error);
        if (!edit)
            return FALSE;
        g_ptr_array_add(plan->edits, edit);
    }
    return TRUE;
}

static gboolean
allow_one(VpPlan *plan, const char *word, GError **error)
{
    VpPower power;
    if (vp_power_parse(word, &power)) {
        plan->allow |= 1u << power;
        return TRUE;
    }
    g_autoptr(GString) all = g_string_new(NULL);
    for (int i = 0; i < VP_POWER_LAST; i++)
        g_string_append_printf(all, "%s%s", i > 0 ? ", " : "", vp_power_to_string((VpPower)i));
    vp_error_set(error, VP_ERROR_USAGE, "--allow: “%s” is no power; there are: %s", word, all->str);
    return FALSE;
}

static gboolean
plan_powers(VpPlan *plan, const VpImportOptions *options, GError **error)
{
    for (const char *const *text = options->allow; text && *text; text++) {
        if (!**text)
            return allow_one(plan, *text, error);
        g_auto(GStrv) words = g_strsplit(*text, ",", -1);
        for (char **word = words; *word; word++) {
            if (!allow_one(plan, *word, error))
                return FALSE;
        }
    }
    return TRUE;
}

VpPlan *
vp_plan_new(const VpImportOptions *options, const VpMachine *machine, const VpHostFacts *facts,
            const VpPlanPaths *paths, GError **error)
{
    g_autoptr(VpPlan) plan = plan_alloc();
    plan->session = facts->session;
    plan->start = options->start;
    plan->autostart = options->autostart || (options->restore && machine->about->autostart);
    if (!plan_identity(plan, options, machine, error) || !plan_mode(plan, options, error) ||
        !plan_virt_type(plan, options, machine, facts, error) ||
        !plan_state(plan, options, machine, paths, error) || !plan_edits(plan, options, error) ||
        !plan_powers(plan, options, error) || !plan_ram(plan, options, machine, error) ||
        !vp_plan_disks(plan, options, machine, facts, error) ||
        !vp_plan_nics(plan, options, machine, facts, error))
        return NULL;
    plan_ram_places(plan, facts, paths);
    return g_steal_pointer(&plan);
}
