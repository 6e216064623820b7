/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/plan.h"
#include "model/hardware.h"
#include "model/identity.h"
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
    g_free(disk->pool);
    g_free(disk->volume);
    g_clear_pointer(&disk->source, xmlFreeDoc);
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
    plan->seclabels = g_ptr_array_new_with_free_func((GDestroyNotify)vp_seclabel_free);
    plan->grants = g_ptr_array_new_with_free_func((GDestroyNotify)vp_grant_free);
    return plan;
}

static void
setting_clear(VpSetting *setting)
{
    g_free(setting->text);
    g_free(setting->where);
    g_free(setting->from);
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
    for (VpChoiceId id = 0; id < VP_CHOICE_LAST; id++)
        setting_clear(&plan->settings[id]);
    g_clear_pointer(&plan->order, g_ptr_array_unref);
    g_ptr_array_unref(plan->images);
    g_ptr_array_unref(plan->saves);
    g_free(plan->owner);
    g_free(plan->virt_type);
    g_free(plan->emulator);
    g_free(plan->machine);
    g_free(plan->nvram_path);
    g_free(plan->tpm_path);
    g_free(plan->ram_path);
    g_free(plan->save_path);
    g_ptr_array_unref(plan->edits);
    g_ptr_array_unref(plan->grants);
    g_ptr_array_unref(plan->seclabels);
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
plan_uuid(VpPlan *plan, const VpMachine *machine, GError **error)
{
    const char *restored = vp_plan_restored_from(plan);
    const VpSetting *wish =
        vp_plan_settle(plan, VP_CHOICE_UUID, restored ? "keep" : "new", restored);
    if (strcmp(wish->text, "new") == 0) {
        plan->uuid = vp_uuid_new();
        return TRUE;
    }
    if (strcmp(wish->text, "keep") != 0) {
        if (vp_uuid_parse(wish->text, &plan->uuid))
            return TRUE;
        vp_error_set(error, VP_ERROR_USAGE, "%s: “%s” is no UUID: give one, new or keep",
                     wish->where, wish->text);
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
plan_identity(VpPlan *plan, const VpMachine *machine, GError **error)
{
    g_autofree char *own = vp_domain_get_name(machine->domain);
    const VpSetting *name = vp_plan_settle(plan, VP_CHOICE_NAME, own, NULL);
    if (name->asked ? !vp_name_check(name->text, name->where, error)
                    : !check_own_name(name->text, error))
        return FALSE;
    plan->name = g_strdup(name->text);
    int genid = vp_plan_settle_word(plan, VP_CHOICE_GENID, 0, error);
    if (genid < 0 || !plan_uuid(plan, machine, error))
        return FALSE;
    plan->genid = genid == 0 ? vp_uuid_new() : NULL;
    plan->title = g_strdup(vp_plan_settle(plan, VP_CHOICE_TITLE, NULL, NULL)->text);
    plan->description = g_strdup(vp_plan_settle(plan, VP_CHOICE_DESCRIPTION, NULL, NULL)->text);
    return TRUE;
}

static gboolean
plan_mode(VpPlan *plan, GError **error)
{
    plan->owner = g_strdup(vp_plan_settle(plan, VP_CHOICE_OWNER, NULL, NULL)->text);
    const VpSetting *wish = vp_plan_settle(plan, VP_CHOICE_FILE_MODE, "0600", NULL);
    guint64 mode;
    if (strspn(wish->text, "01234567") == strlen(wish->text) &&
        g_ascii_string_to_unsigned(wish->text, 8, 0, 0777, &mode, NULL)) {
        plan->file_mode = (mode_t)mode;
        return TRUE;
    }
    vp_error_set(error, VP_ERROR_USAGE, "%s: “%s” is no mode: octal digits, 0 to 0777", wish->where,
                 wish->text);
    return FALSE;
}

/* As the package says, unless asked; "auto" takes KVM where the host has it. */
static gboolean
plan_virt_type(VpPlan *plan, const VpMachine *machine, const VpHostFacts *facts, GError **error)
{
    g_autofree char *own = vp_xml_get(xmlDocGetRootElement(machine->domain), "type");
    const VpSetting *wish = vp_plan_settle(plan, VP_CHOICE_VIRT_TYPE, own, NULL);
    if (strcmp(wish->text, own) != 0 &&
        vp_choice_parse_word(VP_CHOICE_VIRT_TYPE, wish->text, wish->where, error) < 0)
        return FALSE;
    gboolean kvm = vp_strv_has(facts->virt_types, "kvm");
    plan->virt_type = g_strdup(strcmp(wish->text, "auto") != 0 ? wish->text : kvm ? "kvm" : "qemu");
    plan->cpu_unfit = strcmp(plan->virt_type, own) != 0 && facts->tcg_cpu == VP_CPU_LACKS;
    plan->emulator = g_strdup(facts->emulator);
    return TRUE;
}

static gboolean
plan_state(VpPlan *plan, const VpMachine *machine, const VpPlanPaths *paths, GError **error)
{
    int tpm = vp_plan_settle_word(plan, VP_CHOICE_TPM, VP_STATE_KEEP, error);
    if (tpm < 0)
        return FALSE;
    int nvram = vp_plan_settle_word(plan, VP_CHOICE_NVRAM, VP_STATE_KEEP, error);
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
plan_ram(VpPlan *plan, const VpMachine *machine, GError **error)
{
    int word = vp_plan_settle_word(plan, VP_CHOICE_RAM, VP_RAM_SAVED, error);
    if (word < 0)
        return FALSE;
    const VpSetting *wish = &plan->settings[VP_CHOICE_RAM];
    plan->ram = machine->ram ? (VpRamFate)word : VP_RAM_DROP;
    if (wish->asked && !wish->is_rule && word != VP_RAM_DROP && !machine->ram) {
        vp_error_set(error, VP_ERROR_USAGE, "%s %s: the package has no RAM: leave the option out",
                     wish->where, wish->text);
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
        disk = vp_plan_disk_is_made(entry) && !entry->is_block ? entry->path : NULL;
    }
    g_autofree char *folder = disk ? g_path_get_dirname(disk) : g_strdup(facts->images);
    g_autofree char *name = g_strdup_printf("%s.ram", plan->name);
    plan->ram_path = g_build_filename(folder ? folder : "/", name, NULL);
    if (plan->ram == VP_RAM_SAVED)
        plan->save_path = paths->save(plan->name, plan->session);
}

static gboolean
allow_one(VpPlan *plan, const char *word, const char *where, GError **error)
{
    VpPower power;
    if (vp_power_parse(word, &power)) {
        plan->allow |= 1u << power;
        return TRUE;
    }
    g_autoptr(GString) all = g_string_new(NULL);
    for (int i = 0; i < VP_POWER_LAST; i++)
        g_string_append_printf(all, "%s%s", i > 0 ? ", " : "", vp_power_to_string((VpPower)i));
    vp_error_set(error, VP_ERROR_USAGE, "%s: “%s” is no power; there are: %s", where, word,
                 all->str);
    return FALSE;
}

static gboolean
allow(VpPlan *plan, const VpWish *wish, GError **error)
{
    if (!*wish->text)
        return allow_one(plan, wish->text, wish->where, error);
    g_auto(GStrv) words = g_strsplit(wish->text, ",", -1);
    for (char **word = words; *word; word++) {
        if (!allow_one(plan, *word, wish->where, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
add_edit(VpPlan *plan, const VpWish *wish, GError **error)
{
    g_autoptr(GError) local = NULL;
    VpXmlEdit *edit = vp_xml_edit_parse(wish->text, &local);
    if (edit)
        g_ptr_array_add(plan->edits, edit);
    else if (g_str_has_prefix(local->message, wish->where))
        g_propagate_error(error, g_steal_pointer(&local));
    else
        vp_error_set(error, VP_ERROR_USAGE, "%s: %s", wish->where, local->message);
    return edit != NULL;
}

/* Those of which each counts, wherever it is said: a later one does not unsay it. */
static gboolean
plan_sums(VpPlan *plan, GError **error)
{
    for (guint i = 0; i < plan->order->len; i++) {
        const VpWishes *wishes = plan->order->pdata[i];
        for (guint j = 0; j < wishes->list->len; j++) {
            const VpWish *wish = wishes->list->pdata[j];
            if (wish->id == VP_CHOICE_XML && !add_edit(plan, wish, error))
                return FALSE;
            if (wish->id == VP_CHOICE_ALLOW && !allow(plan, wish, error))
                return FALSE;
            if (wish->id == VP_CHOICE_SECLABEL &&
                !vp_seclabels_add(plan->seclabels, wish->text, wish->where, error))
                return FALSE;
            if (wish->id == VP_CHOICE_GRANT &&
                !vp_grants_add(plan->grants, wish->text, wish->where, error))
                return FALSE;
        }
    }
    return TRUE;
}

VpPlan *
vp_plan_new(GPtrArray *order, const VpMachine *machine, const VpHostFacts *facts,
            const VpPlanPaths *paths, GError **error)
{
    g_autoptr(VpPlan) plan = plan_alloc();
    plan->order = g_ptr_array_ref(order);
    plan->session = facts->session;
    vp_plan_settle_flag(plan, VP_CHOICE_RESTORE, FALSE, NULL);
    plan->start = vp_plan_settle_flag(plan, VP_CHOICE_START, FALSE, NULL);
    const char *restored = machine->about->autostart ? vp_plan_restored_from(plan) : NULL;
    plan->autostart = vp_plan_settle_flag(plan, VP_CHOICE_AUTOSTART, restored != NULL, restored);
    if (!plan_identity(plan, machine, error) || !plan_mode(plan, error) ||
        !plan_virt_type(plan, machine, facts, error) || !vp_hardware_plan(plan, error) ||
        !plan_state(plan, machine, paths, error) || !plan_sums(plan, error) ||
        !plan_ram(plan, machine, error) || !vp_plan_disks(plan, machine, facts, error) ||
        !vp_plan_nics(plan, machine, facts, error))
        return NULL;
    plan_ram_places(plan, facts, paths);
    return g_steal_pointer(&plan);
}
