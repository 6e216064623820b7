/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/strings.h"
#include "model/hardware.h"
#include "model/plan-file.h"

#include <string.h>

typedef struct {
    const VpPlan *plan;
    const VpMachine *machine;
    const VpHostFacts *facts;
    GHashTable *said;   /* resource to GString: what the report says of it */
    GPtrArray *refused; /* of char *: powers that it refuses */
    GString *out;
} Writer;

/* For a comment, in which two hyphens cannot stand. */
static char *
tame(const char *text)
{
    g_autofree char *escaped = vp_escape(text);
    g_auto(GStrv) halves = g_strsplit(escaped, "--", -1);
    return g_strjoinv("‑‑", halves);
}

static void comment(const Writer *writer, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
comment(const Writer *writer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *shown = tame(text);
    g_string_append_printf(writer->out, "  <!-- %s -->\n", shown);
}

/* As text of an element or an attribute: what a parser would take for a blank is spelled out. */
static char *
escape(const char *text)
{
    g_autofree char *markup = g_markup_escape_text(text, -1);
    g_auto(GStrv) lines = g_strsplit(markup, "\n", -1);
    g_autofree char *joined = g_strjoinv("&#10;", lines);
    g_auto(GStrv) cells = g_strsplit(joined, "\t", -1);
    return g_strjoinv("&#9;", cells);
}

static void
attribute(const Writer *writer, const char *name, const char *value)
{
    g_autofree char *escaped = value ? escape(value) : NULL;
    if (value)
        g_string_append_printf(writer->out, " %s=\"%s\"", name, escaped);
}

static void
element(const Writer *writer, const char *name, const char *text, const char *from)
{
    g_autofree char *escaped = escape(text);
    g_string_append_printf(writer->out, "  <%s", name);
    attribute(writer, "from", from);
    g_string_append_printf(writer->out, ">%s</%s>\n", escaped, name);
}

/* An element that is not chosen, to be uncommented. */
static void
example(const Writer *writer, const char *name, const char *text)
{
    g_autofree char *escaped = escape(text);
    comment(writer, "<%s>%s</%s>", name, escaped, name);
}

/* What the report says of @resource, above what can settle it. */
static void
tell(const Writer *writer, const char *resource)
{
    const GString *said = g_hash_table_lookup(writer->said, resource);
    if (said)
        g_string_append(writer->out, said->str);
    g_hash_table_remove(writer->said, resource);
}

/* What @id is in the package, or NULL. */
static char *
packaged(const Writer *writer, VpChoiceId id)
{
    xmlDoc *domain = writer->machine->domain;
    const xmlNode *root = xmlDocGetRootElement(domain);
    switch (id) {
    case VP_CHOICE_NAME:
        return vp_domain_get_name(domain);
    case VP_CHOICE_UUID:
        return vp_domain_get_uuid(domain);
    case VP_CHOICE_MACHINE:
        return vp_xml_get(vp_xml_find_path(root, "os/type"), "machine");
    case VP_CHOICE_MEMORY:
        return vp_hardware_dup_memory(root);
    case VP_CHOICE_VCPUS:
        return vp_xml_get_text(vp_xml_find(root, "vcpu"));
    default:
        return NULL;
    }
}

/* "in the package: x", what else there is to say of one value; NULL for nothing. */
static char *
remark(const Writer *writer, VpChoiceId id)
{
    const VpPlan *plan = writer->plan;
    g_autofree char *old = packaged(writer, id);
    if (old)
        return g_strdup_printf("in the package: %s", old);
    if (id == VP_CHOICE_VIRT_TYPE)
        return g_strdup_printf("here: %s", plan->virt_type);
    if (id == VP_CHOICE_NVRAM && plan->nvram_path)
        return g_strdup_printf("they go to %s", plan->nvram_path);
    if (id == VP_CHOICE_POOL) {
        g_autofree char *pools = vp_host_facts_list_pools(writer->facts);
        return g_strdup_printf("here: %s", pools);
    }
    if (id == VP_CHOICE_OWNER)
        return g_strdup("default: who imports, or QEMU's user where libvirt gives no file away");
    return NULL;
}

/* What the package has nothing of is nothing to choose. */
static gboolean
applies(const Writer *writer, VpChoiceId id)
{
    if (writer->plan->settings[id].asked)
        return TRUE;
    switch (id) {
    case VP_CHOICE_NVRAM:
        return writer->plan->nvram_path != NULL;
    case VP_CHOICE_TPM:
        return vp_domain_has_tpm(writer->machine->domain);
    case VP_CHOICE_RAM:
        return writer->machine->ram != NULL;
    case VP_CHOICE_MAC:
    case VP_CHOICE_ON_MISSING_NETWORK:
        return writer->plan->nics->len > 0;
    default:
        return TRUE;
    }
}

static void
explain(const Writer *writer, VpChoiceId id)
{
    const VpChoice *choice = vp_choice_get(id);
    g_autofree char *more = remark(writer, id);
    g_auto(GStrv) words =
        g_strsplit(choice->form == VP_FORM_FLAG ? "yes|no" : choice->syntax, "|", -1);
    g_autofree char *list = g_strjoinv(", ", words);
    comment(writer, "%s: %s. %s%s%s", choice->name, choice->help, list, more ? "; " : "",
            more ? more : "");
}

static void
write_value(const Writer *writer, VpChoiceId id)
{
    const VpChoice *choice = vp_choice_get(id);
    const VpSetting *setting = &writer->plan->settings[id];
    explain(writer, id);
    if (id == VP_CHOICE_NVRAM || id == VP_CHOICE_TPM || id == VP_CHOICE_RAM)
        tell(writer, choice->name);
    if (setting->text)
        element(writer, choice->name, setting->text, setting->from);
    else
        example(writer, choice->name, choice->form == VP_FORM_FLAG ? "yes" : choice->syntax);
}

static const char *
fate_remark(const VpPlanDisk *disk)
{
    switch (disk->fate) {
    case VP_FATE_COPY:
        return "copied from the package";
    case VP_FATE_LINK:
        return "a layer over the image of the package";
    case VP_FATE_TAKE:
        return "the image of the package itself";
    case VP_FATE_USE:
        return "used as it lies";
    case VP_FATE_SKIP:
        return "the device is left out";
    case VP_FATE_EJECT:
        return "the drive stays empty";
    case VP_FATE_KEEP:
        return "stays as it is";
    case VP_FATE_MISSING:
        return "not in the package: it must be an image PATH with its format, or skip";
    }
    return "";
}

static void
write_disks(const Writer *writer)
{
    const GPtrArray *disks = writer->plan->disks;
    if (disks->len > 0)
        explain(writer, VP_CHOICE_DISK);
    for (guint i = 0; i < disks->len; i++) {
        const VpPlanDisk *disk = disks->pdata[i];
        g_autofree char *resource = g_strdup_printf("disk:%s", disk->target);
        g_autofree char *place = vp_plan_disk_get_place(disk);
        comment(writer, "%s: %s", resource, fate_remark(disk));
        tell(writer, resource);
        g_string_append(writer->out, "  <disk");
        attribute(writer, "target", disk->target);
        attribute(writer, "to", place);
        attribute(writer, "format", disk->format);
        attribute(writer, "from", disk->from);
        attribute(writer, "was", disk->was);
        g_string_append(writer->out, "/>\n");
    }
}

static void
write_nic(const Writer *writer, const VpPlanNic *nic)
{
    const VpWish *mac = nic->mac_wish;
    const VpSetting *setting = &writer->plan->settings[VP_CHOICE_MAC];
    g_autofree char *id = g_strdup_printf("%u", nic->index);
    g_autofree char *resource = g_strdup_printf("nic:%u", nic->index);
    g_autofree char *target = vp_nic_target_format(nic->target);
    const char *mac_from = mac ? mac->from : setting->from;
    tell(writer, resource);
    g_string_append(writer->out, "  <nic");
    attribute(writer, "id", id);
    attribute(writer, "to", target);
    attribute(writer, "mac", vp_plan_nic_mac(writer->plan, nic));
    attribute(writer, "from", nic->from);
    if (strcmp(mac_from, nic->from) != 0)
        attribute(writer, "mac-from", mac_from);
    attribute(writer, "was", nic->was);
    attribute(writer, "was-mac", nic->old_mac);
    g_string_append(writer->out, "/>\n");
}

static void
list_there(const Writer *writer, const char *what, GStrv there)
{
    g_autofree char *list = there ? g_strjoinv(", ", there) : NULL;
    if (list)
        comment(writer, "%s of this host: %s", what, *list ? list : "none");
}

static void
write_nics(const Writer *writer)
{
    const GPtrArray *nics = writer->plan->nics;
    if (nics->len == 0)
        return;
    explain(writer, VP_CHOICE_NIC);
    list_there(writer, "networks", writer->facts->networks);
    list_there(writer, "bridges", writer->facts->all_bridges);
    for (guint i = 0; i < nics->len; i++)
        write_nic(writer, nics->pdata[i]);
}

static void
write_pairs(const Writer *writer, const VpChoice *choice, const VpWish *wish)
{
    g_string_append_printf(writer->out, "  <%s", choice->name);
    for (int i = 0; i < VP_CHOICE_FIELDS && choice->fields[i]; i++)
        attribute(writer, choice->fields[i], wish->fields[i]);
    attribute(writer, "from", wish->from);
    g_string_append(writer->out, "/>\n");
}

/* Those of which each counts, as they were said; powers that are refused, to be given. */
static void
write_list(const Writer *writer, VpChoiceId id)
{
    const VpChoice *choice = vp_choice_get(id);
    explain(writer, id);
    for (guint i = 0; i < writer->plan->order->len; i++) {
        const VpWishes *wishes = writer->plan->order->pdata[i];
        for (guint j = 0; j < wishes->list->len; j++) {
            const VpWish *wish = wishes->list->pdata[j];
            if (wish->id != id)
                continue;
            if (choice->form == VP_FORM_TEXTS)
                element(writer, choice->name, wish->text, wish->from);
            else
                write_pairs(writer, choice, wish);
        }
    }
    for (guint i = 0; id == VP_CHOICE_ALLOW && i < writer->refused->len; i++)
        example(writer, choice->name, writer->refused->pdata[i]);
}

/* What the rules for many decided stands with the disks and NICs that they named. */
static void
write_choice(const Writer *writer, VpChoiceId id)
{
    const VpChoice *choice = vp_choice_get(id);
    if (!applies(writer, id) || id == VP_CHOICE_DISKS || id == VP_CHOICE_NETWORK)
        return;
    if (choice->form == VP_FORM_TEXT || choice->form == VP_FORM_FLAG) {
        write_value(writer, id);
    } else if (id == VP_CHOICE_DISK) {
        write_disks(writer);
    } else if (id == VP_CHOICE_NIC) {
        write_nics(writer);
    } else {
        write_list(writer, id);
    }
}

static void
note_finding(const VpFinding *finding, gpointer data)
{
    static const char *const levels[] = {"note", "warning", "error"};
    Writer *writer = data;
    GString *said = g_hash_table_lookup(writer->said, finding->resource);
    if (!said) {
        said = g_string_new(NULL);
        g_hash_table_insert(writer->said, g_strdup(finding->resource), said);
    }
    g_autofree char *message = tame(finding->message);
    g_string_append_printf(said, "  <!-- %s: %s: %s -->\n", levels[finding->level], finding->code,
                           message);
    if (strcmp(finding->code, vp_finding_code_to_string(VP_FINDING_POWER_REFUSED)) != 0)
        return;
    const char *power = finding->fix[0] + strlen("--allow ");
    for (guint i = 0; i < writer->refused->len; i++) {
        if (strcmp(writer->refused->pdata[i], power) == 0)
            return;
    }
    g_ptr_array_add(writer->refused, g_strdup(power));
}

static void
string_free(gpointer string)
{
    g_string_free(string, TRUE);
}

/* What was found of things that no element stands for. */
static void
tell_rest(const Writer *writer)
{
    g_auto(GStrv) resources = vp_strv_from_keys(writer->said);
    for (char **resource = resources; *resource; resource++)
        g_string_append(writer->out,
                        ((GString *)g_hash_table_lookup(writer->said, *resource))->str);
}

char *
vp_plan_file_format(const VpPlan *plan, const VpMachine *machine, const VpHostFacts *facts,
                    const VpReport *report, const char *identity)
{
    g_autoptr(GHashTable) said =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, string_free);
    g_autoptr(GPtrArray) refused = g_ptr_array_new_with_free_func(g_free);
    Writer writer = {plan, machine, facts, said, refused, g_string_new(NULL)};
    VpObserver observer = {.finding = note_finding, .data = &writer};
    vp_report_tell(report, &observer);
    g_string_append_printf(
        writer.out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<!-- What becomes of one package on this host. Change what is to be otherwise, and give\n"
        "     the file to import as its plan: see virt-porter(1), PLAN. The attributes from, was,\n"
        "     mac-from and was-mac tell where a value comes from and what it was. -->\n"
        "<plan version=\"1.0\" package=\"%s\">\n",
        identity);
    tell(&writer, "domain");
    for (VpChoiceId id = 0; id < VP_CHOICE_LAST; id++)
        write_choice(&writer, id);
    tell_rest(&writer);
    g_string_append(writer.out, "</plan>\n");
    return g_string_free(writer.out, FALSE);
}
