/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * retarget HOST.ini DOMAIN.xml [OPTION …]: the domain as `import` with these options
 * would define it on the host that the file describes; on stderr the findings. What is
 * drawn at random is the same in every run. Exit: 0, 2 for options that do not fit, 3 with
 * an error finding.
 */
#include "model/check.h"
#include "model/plan-file.h"
#include "model/retarget.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GIB (G_GUINT64_CONSTANT(1) << 30)

static VpImportOptions options;
static char **seclabel, **disk, **network, **nic, **xml, **allow, **held, **chain;
static gboolean config_only;

static const GOptionEntry entries[] = {
    {"name", 0, 0, G_OPTION_ARG_STRING, &options.name, NULL, NULL},
    {"uuid", 0, 0, G_OPTION_ARG_STRING, &options.uuid, NULL, NULL},
    {"mac", 0, 0, G_OPTION_ARG_STRING, &options.mac, NULL, NULL},
    {"genid", 0, 0, G_OPTION_ARG_STRING, &options.genid, NULL, NULL},
    {"restore", 0, 0, G_OPTION_ARG_NONE, &options.restore, NULL, NULL},
    {"dir", 0, 0, G_OPTION_ARG_FILENAME, &options.dir, NULL, NULL},
    {"pool", 0, 0, G_OPTION_ARG_STRING, &options.pool, NULL, NULL},
    {"disk", 0, 0, G_OPTION_ARG_STRING_ARRAY, &disk, NULL, NULL},
    {"mode", 0, 0, G_OPTION_ARG_STRING, &options.mode, NULL, NULL},
    {"overwrite-device", 0, 0, G_OPTION_ARG_NONE, &options.overwrite_device, NULL, NULL},
    {"verify", 0, 0, G_OPTION_ARG_NONE, &options.verify, NULL, NULL},
    {"no-verify", 0, 0, G_OPTION_ARG_NONE, &options.no_verify, NULL, NULL},
    {"network", 0, 0, G_OPTION_ARG_STRING_ARRAY, &network, NULL, NULL},
    {"nic", 0, 0, G_OPTION_ARG_STRING_ARRAY, &nic, NULL, NULL},
    {"on-missing-network", 0, 0, G_OPTION_ARG_STRING, &options.on_missing_network, NULL, NULL},
    {"owner", 0, 0, G_OPTION_ARG_STRING, &options.owner, NULL, NULL},
    {"file-mode", 0, 0, G_OPTION_ARG_STRING, &options.file_mode, NULL, NULL},
    {"tpm", 0, 0, G_OPTION_ARG_STRING, &options.tpm, NULL, NULL},
    {"nvram", 0, 0, G_OPTION_ARG_STRING, &options.nvram, NULL, NULL},
    {"virt-type", 0, 0, G_OPTION_ARG_STRING, &options.virt_type, NULL, NULL},
    {"seclabel", 0, 0, G_OPTION_ARG_STRING_ARRAY, &seclabel, NULL, NULL},
    {"machine", 0, 0, G_OPTION_ARG_STRING, &options.machine, NULL, NULL},
    {"memory", 0, 0, G_OPTION_ARG_STRING, &options.memory, NULL, NULL},
    {"vcpus", 0, 0, G_OPTION_ARG_STRING, &options.vcpus, NULL, NULL},
    {"title", 0, 0, G_OPTION_ARG_STRING, &options.title, NULL, NULL},
    {"description", 0, 0, G_OPTION_ARG_STRING, &options.description, NULL, NULL},
    {"xml", 0, 0, G_OPTION_ARG_STRING_ARRAY, &xml, NULL, NULL},
    {"allow", 0, 0, G_OPTION_ARG_STRING_ARRAY, &allow, NULL, NULL},
    {"config-only", 0, 0, G_OPTION_ARG_NONE, &config_only, "the package holds no bytes", NULL},
    {"held", 0, 0, G_OPTION_ARG_STRING_ARRAY, &held, "a medium that the package holds", "TARGET"},
    {"chain", 0, 0, G_OPTION_ARG_STRING_ARRAY, &chain,
     "what the image of --disk lies on, from the top", "TARGET=PATH:FORMAT"},
    {NULL},
};

static G_NORETURN void
fail(const char *what, const GError *error)
{
    fprintf(stderr, "%s: %s\n", what, error->message);
    exit(2);
}

static GStrv
get_list(GKeyFile *ini, const char *key)
{
    return g_key_file_get_string_list(ini, "host", key, NULL, NULL);
}

static VpDomainFact *
domain_fact(GKeyFile *ini, const char *group)
{
    VpDomainFact *fact = g_new0(VpDomainFact, 1);
    fact->name = g_strdup(group + strlen("domain "));
    fact->uuid = g_key_file_get_string(ini, group, "uuid", NULL);
    fact->macs = g_key_file_get_string_list(ini, group, "macs", NULL, NULL);
    fact->paths = g_key_file_get_string_list(ini, group, "paths", NULL, NULL);
    return fact;
}

static VpPoolFact *
pool_fact(GKeyFile *ini, const char *group)
{
    g_autofree char *type = g_key_file_get_string(ini, group, "type", NULL);
    g_autofree char *inner = g_key_file_get_string(ini, group, "xml", NULL);
    g_autofree char *text = g_strdup_printf("<pool type='%s'><name>%s</name>%s</pool>", type,
                                            group + strlen("pool "), inner);
    VpPoolFact *fact = vp_pool_fact_new(vp_xml_parse(text, strlen(text), group, NULL));
    fact->active = !g_key_file_get_boolean(ini, group, "inactive", NULL);
    fact->free = 10 * GIB;
    return fact;
}

static VpHostFacts *
facts_new(GKeyFile *ini, const char *arch)
{
    VpHostFacts *facts = vp_host_facts_new();
    facts->session = g_key_file_get_boolean(ini, "host", "session", NULL);
    facts->local = TRUE;
    facts->privileged = !facts->session;
    facts->images = g_key_file_get_string(ini, "host", "images", NULL);
    facts->package = g_strdup("/packages/machine.vpkg");
    facts->networks = get_list(ini, "networks");
    facts->bridges = get_list(ini, "devices");
    facts->archs = get_list(ini, "archs");
    facts->virt_types = get_list(ini, "virt-types");
    facts->machines = get_list(ini, "machines");
    facts->firmware = get_list(ini, "firmware");
    facts->emulator = arch ? g_key_file_get_string(ini, "emulators", arch, NULL) : NULL;
    facts->tpm = facts->tpm_known = TRUE;
    facts->domains = g_ptr_array_new_with_free_func((GDestroyNotify)vp_domain_fact_free);
    facts->pools = g_ptr_array_new_with_free_func((GDestroyNotify)vp_pool_fact_free);
    g_auto(GStrv) volumes = get_list(ini, "volumes");
    for (char **volume = volumes; volume && *volume; volume++)
        g_hash_table_add(facts->volumes, g_strdup(*volume));
    g_auto(GStrv) groups = g_key_file_get_groups(ini, NULL);
    for (char **group = groups; *group; group++) {
        if (g_str_has_prefix(*group, "domain "))
            g_ptr_array_add(facts->domains, domain_fact(ini, *group));
        if (g_str_has_prefix(*group, "pool "))
            g_ptr_array_add(facts->pools, pool_fact(ini, *group));
    }
    facts->label_models = get_list(ini, "label-models");
    return facts;
}

static void
look_at(VpHostFacts *facts, GKeyFile *ini, const char *path)
{
    if (!path)
        return;
    VpPathFact *fact = g_new0(VpPathFact, 1);
    g_auto(GStrv) existing = get_list(ini, "existing");
    for (char **pattern = existing; *pattern; pattern++)
        fact->exists |= g_pattern_match_simple(*pattern, path);
    fact->readable = fact->exists;
    fact->folder_exists = !g_str_has_prefix(path, "/missing/");
    fact->folder_writable = fact->folder_exists;
    fact->free = 500 * GIB;
    fact->is_block = g_str_has_prefix(path, "/dev/") && !g_str_has_suffix(path, "/gone");
    fact->size = g_str_has_suffix(path, "/small") ? GIB / 2 : GIB;
    g_hash_table_insert(facts->paths, g_strdup(path), fact);
}

static void
look_at_plan(VpHostFacts *facts, GKeyFile *ini, const VpPlan *plan, xmlDoc *domain)
{
    g_autofree char *loader =
        vp_xml_get_text(vp_xml_find_path(xmlDocGetRootElement(domain), "os/loader"));
    look_at(facts, ini, loader);
    look_at(facts, ini, plan->nvram_path);
    look_at(facts, ini, plan->tpm_path);
    for (guint i = 0; i < plan->disks->len; i++)
        look_at(facts, ini, ((const VpPlanDisk *)plan->disks->pdata[i])->path);
}

static void
add_disks(VpMachine *machine)
{
    g_autoptr(GPtrArray) disks = vp_domain_disks(machine->domain);
    for (guint i = 0; i < disks->len; i++) {
        const VpDomainDisk *view = disks->pdata[i];
        gboolean medium = vp_domain_disk_is_removable(view);
        gboolean asked = held && g_strv_contains((const char *const *)held, view->target);
        if (view->kind == VP_SOURCE_NONE || (medium && !asked))
            continue;
        g_autofree char *member = g_strdup_printf("disks/%s", view->target);
        VpMachineDisk *part = vp_machine_add_disk(machine, view->target, member);
        part->format = medium ? VP_IMAGE_FORMAT_RAW : VP_IMAGE_FORMAT_QCOW2;
        part->size = part->bytes = GIB;
    }
}

static void
add_state(VpMachine *machine)
{
    g_autofree char *path = NULL;
    g_autoptr(GBytes) data = g_bytes_new_static("state", 5);
    if (vp_domain_has_nvram(machine->domain, &path))
        machine->nvram = g_bytes_ref(data);
    if (vp_domain_has_tpm(machine->domain))
        vp_machine_add_tpm(machine, "tpm2/tpm2-00.permall", data);
}

static VpMachine *
load_machine(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    gsize length;
    VpMachine *machine = vp_machine_new();
    machine->about = vp_manifest_new();
    machine->about->config_only = config_only;
    if (!g_file_get_contents(path, &text, &length, &error))
        fail("retarget", error);
    machine->domain = vp_xml_parse(text, length, "domain.xml", &error);
    if (!machine->domain || !vp_domain_check(machine->domain, "domain.xml", &error))
        fail("domain", error);
    vp_machine_describe(machine);
    if (!config_only) {
        add_disks(machine);
        add_state(machine);
    }
    return machine;
}

static char *
nvram_path(const char *name, gboolean session)
{
    return g_strdup_printf("%s/nvram/%s_VARS.fd", session ? "/session" : "/system", name);
}

static char *
tpm_path(const char *uuid, gboolean session)
{
    return g_strdup_printf("%s/swtpm/%s", session ? "/session" : "/system", uuid);
}

/* The number of @drawn among the random values seen so far. */
static guint
number_of(GPtrArray *seen, const char *drawn)
{
    for (guint i = 0; i < seen->len; i++) {
        if (g_str_equal(seen->pdata[i], drawn))
            return i + 1;
    }
    g_ptr_array_add(seen, g_strdup(drawn));
    return seen->len;
}

/* @known: all that the row and the domain say, in lower case. */
static void
tame(char **value, const char *known, GPtrArray *seen)
{
    g_autofree char *low = *value ? g_ascii_strdown(*value, -1) : NULL;
    if (!low || strstr(known, low))
        return;
    guint number = number_of(seen, *value);
    gboolean mac = strchr(*value, ':') != NULL;
    g_free(*value);
    *value = mac ? g_strdup_printf("52:54:00:ff:ff:%02x", number)
                 : g_strdup_printf("ffffffff-ffff-4fff-8fff-%012x", number);
}

static void
tame_draws(VpPlan *plan, const VpMachine *machine, const char *row)
{
    g_autofree char *text = vp_xml_format(machine->domain);
    g_autofree char *both = g_strconcat(text, row, NULL);
    g_autofree char *known = g_ascii_strdown(both, -1);
    g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *undashed = g_strdup(plan->uuid);
    for (char *c = strchr(undashed, '-'); c; c = strchr(c, '-'))
        memmove(c, c + 1, strlen(c));
    if (!strstr(known, undashed))
        tame(&plan->uuid, known, seen);
    tame(&plan->genid, known, seen);
    for (guint i = 0; i < plan->nics->len; i++)
        tame(&((VpPlanNic *)plan->nics->pdata[i])->mac, known, seen);
    if (plan->tpm_path) {
        g_free(plan->tpm_path);
        plan->tpm_path = tpm_path(plan->uuid, plan->session);
    }
}

static void
find_chains(VpPlan *plan)
{
    for (char **text = chain; text && *text; text++) {
        g_auto(GStrv) words = g_strsplit_set(*text, "=:", 3);
        vp_plan_disk_add_layer(vp_plan_find_disk(plan, words[0]), words[1], words[2],
                               g_str_has_prefix(words[1], "/dev/"));
    }
}

/* What comes of a domain, and what was found. */
typedef struct {
    char *domain;
    GString *findings;
    gboolean refused;
    char *plan_file;
} Result;

static void
note_finding(const VpFinding *finding, gpointer data)
{
    static const char *const levels[] = {"note", "warning", "error"};
    Result *result = data;
    g_string_append_printf(result->findings, "%s %s %s: %s\n", levels[finding->level],
                           finding->code, finding->resource, finding->message);
    for (const char *const *fix = finding->fix; fix && *fix; fix++)
        g_string_append_printf(result->findings, "    %s\n", *fix);
}

/* @row: all that was said, for what was not drawn at random. Ends the program with what does
 * not fit, as @what. */
static Result
retarget(GKeyFile *ini, const char *path, VpWishes *wishes, const char *row, const char *what)
{
    static const VpPlanPaths paths = {nvram_path, tpm_path};
    static const char identity[] =
        "0000000000000000000000000000000000000000000000000000000000000000";
    g_autoptr(GError) error = NULL;
    g_autoptr(VpMachine) machine = load_machine(path);
    g_autoptr(VpHostFacts) facts = facts_new(ini, machine->about->arch);
    g_autoptr(GPtrArray) order = vp_wishes_order_new();
    g_ptr_array_add(order, wishes);
    g_autoptr(VpPlan) plan = vp_plan_new(order, machine, facts, &paths, &error);
    if (!plan)
        fail(what, error);
    tame_draws(plan, machine, row);
    find_chains(plan);
    g_autoptr(xmlDoc) domain = xmlCopyDoc(machine->domain, 1);
    g_autoptr(VpReport) report = vp_report_new();
    if (!vp_retarget(domain, plan, report, &error))
        fail("retarget", error);
    look_at_plan(facts, ini, plan, domain);
    vp_check_plan(plan, machine, domain, facts, report);

    Result result = {.findings = g_string_new(NULL)};
    VpObserver observer = {.finding = note_finding, .data = &result};
    vp_report_tell(report, &observer);
    result.refused = vp_report_count(report, VP_LEVEL_ERROR) > 0;
    result.domain = vp_xml_format(domain);
    result.plan_file = vp_plan_file_format(plan, machine, facts, report, identity);
    return result;
}

static void
result_clear(Result *result)
{
    g_free(result->domain);
    g_string_free(result->findings, TRUE);
    g_free(result->plan_file);
}

/* The plan as a file, not edited, does just what the options did. */
static gboolean
plan_file_says_it(GKeyFile *ini, const char *path, const char *row, const Result *wanted)
{
    g_autoptr(GError) error = NULL;
    VpWishes *wishes =
        vp_plan_file_parse(wanted->plan_file, strlen(wanted->plan_file), "plan", "plan", &error);
    if (!wishes)
        fail("plan file", error);
    Result result = retarget(ini, path, wishes, row, "plan file");
    gboolean same = g_str_equal(result.domain, wanted->domain) &&
                    g_string_equal(result.findings, wanted->findings);
    if (!same)
        fprintf(stderr, "its plan as a file does not do the same:\n%s\n%s\n%s", wanted->plan_file,
                result.findings->str, result.domain);
    result_clear(&result);
    return same;
}

static int
run(GKeyFile *ini, const char *path, const char *row)
{
    g_autoptr(GError) error = NULL;
    VpWishes *wishes = vp_wishes_of_options(&options, &error);
    if (!wishes)
        fail("plan", error);
    Result result = retarget(ini, path, wishes, row, "plan");
    fputs(result.findings->str, stderr);
    fputs(result.domain, stdout);
    int status = !plan_file_says_it(ini, path, row, &result) ? 1 : result.refused ? 3 : 0;
    result_clear(&result);
    return status;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    setlocale(LC_ALL, "");
    g_autofree char *row = g_strjoinv(" ", argv);
    g_autoptr(GOptionContext) context = g_option_context_new("HOST.ini DOMAIN.xml");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error))
        fail("usage", error);
    g_autoptr(GKeyFile) ini = g_key_file_new();
    if (argc != 3 || !g_key_file_load_from_file(ini, argv[1], G_KEY_FILE_NONE, &error)) {
        fprintf(stderr, "usage: retarget HOST.ini DOMAIN.xml [OPTION …]: %s\n",
                error ? error->message : "two operands");
        return 2;
    }
    options.disk = (const char *const *)disk;
    options.network = (const char *const *)network;
    options.nic = (const char *const *)nic;
    options.xml = (const char *const *)xml;
    options.seclabel = (const char *const *)seclabel;
    options.allow = (const char *const *)allow;
    return run(ini, argv[2], row);
}
