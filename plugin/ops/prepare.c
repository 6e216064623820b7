/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ops/prepare.h"
#include "base/schema.h"
#include "host/files.h"
#include "host/paths.h"
#include "host/profile.h"
#include "model/check.h"
#include "model/origin.h"
#include "model/retarget.h"
#include "virt/native.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
vp_import_clear(VpImport *import)
{
    g_clear_pointer(&import->order, g_ptr_array_unref);
    vp_machine_free(import->machine);
    vp_host_facts_free(import->facts);
    vp_plan_free(import->plan);
    g_clear_pointer(&import->domain, xmlFreeDoc);
    g_clear_pointer(&import->ram, xmlFreeDoc);
    g_clear_pointer(&import->snapshots, g_ptr_array_unref);
    vp_report_free(import->report);
    vp_package_close(import->package);
    vp_connection_close(import->connection);
}

static VpScope
scope_of(gboolean session)
{
    return session ? VP_SCOPE_SESSION : VP_SCOPE_SYSTEM;
}

static char *
nvram_path(const char *name, gboolean session)
{
    return vp_path_nvram(scope_of(session), name);
}

static char *
save_path(const char *name, gboolean session)
{
    return vp_path_managed_save(scope_of(session), name);
}

static char *
tpm_path(const char *uuid, gboolean session)
{
    return vp_path_tpm(scope_of(session), uuid);
}

/* As root QEMU's tools meet the bytes of a package as QEMU's own user. */
static VpRunAs
reader_user(VpConnection *connection)
{
    VpRunAs run_as = {0};
    run_as.drop = geteuid() == 0 &&
                  vp_connection_get_qemu_user(connection, &run_as.uid, &run_as.gid) &&
                  run_as.uid != 0;
    return run_as;
}

static void
write_origin(xmlDoc *domain, const VpPackage *package)
{
    const VpManifest *manifest = vp_package_get_manifest(package);
    const char *moment = vp_manifest_get_moment(manifest)->name;
    g_autofree char *user = vp_caller_name();
    VpOrigin origin = {
        .package = (char *)vp_package_get_path(package),
        .identity = (char *)vp_package_get_identity(package),
        .time = g_get_real_time() / G_USEC_PER_SEC,
        .user = user,
        .moment = (char *)(moment ? moment : "now"),
        .origin_host = manifest->host,
        .origin_domain = manifest->domain_name,
    };
    vp_origin_write(&origin, domain);
}

static void
add_refusal(VpReport *report, const GError *why)
{
    vp_report_add(report, VP_FINDING_XML_REFUSED, VP_LEVEL_ERROR, "domain",
                  "libvirt would not take the domain: %s", why->message);
    vp_report_add_fix(report, "--xml XPATH=VALUE");
}

/* The place that the schema does not take says more than libxml2, which often names no more
 * than an element far around it. */
static void
add_schema_refusal(VpReport *report, xmlDoc *domain, const char *schema, const GError *why)
{
    g_autofree char *place = vp_schema_find_fault(domain, schema);
    if (!place) {
        add_refusal(report, why);
        return;
    }
    vp_report_add(report, VP_FINDING_XML_REFUSED, VP_LEVEL_ERROR, "domain",
                  "libvirt would not take the domain: its schema has no room for %s as it stands",
                  place);
    vp_report_set_place(report, place);
    vp_report_add_fix(report, "--xml %s=VALUE", place);
    vp_report_add_fix(report, "--xml xpath.delete=%s", place);
}

/* What libvirt itself says of the result; asked only when all powers were allowed, since
 * libvirt runs the emulator that an XML names. */
static void
check_with_libvirt(VpConnection *connection, xmlDoc *domain, VpReport *report)
{
    g_autoptr(GError) local = NULL;
    const char *schema = vp_path_domain_schema();
    if (schema && !vp_xml_validate(domain, schema, &local)) {
        add_schema_refusal(report, domain, schema, local);
        return;
    }
    if (vp_report_count(report, VP_LEVEL_ERROR) > 0)
        return;
    gboolean unsupported = FALSE;
    g_autofree char *xml = vp_xml_format(domain);
    gboolean taken = vp_virt_check_xml(connection, xml, &unsupported, &local);
    if (g_error_matches(local, VP_ERROR, VP_ERROR_NOT_FOUND))
        vp_report_add(report, VP_FINDING_SECRET_MISSING, VP_LEVEL_WARNING, "domain",
                      "the domain does not start before its secret is here: %s: see "
                      "virsh secret-define and secret-set-value",
                      local->message);
    else if (!taken)
        add_refusal(report, local);
    else if (unsupported)
        vp_report_add(report, VP_FINDING_UNCHECKED, VP_LEVEL_NOTE, "domain",
                      "this libvirt driver cannot say whether the domain would start");
}

static gboolean
add_options(VpImport *import, GError **error)
{
    VpWishes *options = vp_wishes_of_options(import->options, error);
    if (options)
        g_ptr_array_add(import->order, options);
    return options != NULL;
}

static VpWishes *
load_file(const char *path, const char *label, const char *from, GError **error)
{
    gsize length;
    g_autofree char *text = vp_profile_load(path, &length, error);
    if (text)
        return vp_plan_file_parse(text, length, label, from, error);
    g_prefix_error(error, "%s: ", from);
    return NULL;
}

static gboolean
add_profile(VpImport *import, const char *name, GError **error)
{
    g_autofree char *path = vp_profile_find(name, error);
    if (!path)
        return FALSE;
    g_autofree char *from = g_strdup_printf("profile %s", name);
    g_autofree char *label = g_strdup_printf("%s (%s)", from, path);
    g_autoptr(VpWishes) wishes =
        load_file(path, g_str_equal(name, path) ? from : label, from, error);
    if (!wishes)
        return FALSE;
    if (wishes->package) {
        vp_error_set(error, VP_ERROR_USAGE, "%s is a plan of one package: give it with --plan",
                     name);
        vp_error_add_fix(error, "--plan %s", name);
        return FALSE;
    }
    g_ptr_array_add(import->order, g_steal_pointer(&wishes));
    return TRUE;
}

static gboolean
add_plan(VpImport *import, const char *path, GError **error)
{
    if (!*path) {
        vp_error_set(error, VP_ERROR_USAGE, "--plan: “” is no file: give its path");
        return FALSE;
    }
    g_autofree char *label = g_strdup_printf("plan %s", path);
    VpWishes *wishes = load_file(path, label, label, error);
    if (!wishes)
        return FALSE;
    g_ptr_array_add(import->order, wishes);
    if (wishes->package)
        return TRUE;
    vp_error_set(error, VP_ERROR_USAGE, "%s names no package: a profile is given with --profile",
                 path);
    vp_error_add_fix(error, "--profile %s", path);
    return FALSE;
}

/* Profiles in their order, then the plan, then the options: each whole, the later wins. */
static gboolean
gather_wishes(VpImport *import, GError **error)
{
    const VpImportOptions *options = import->options;
    import->order = vp_wishes_order_new();
    for (const char *const *name = options->profile; name && *name; name++) {
        if (!add_profile(import, *name, error))
            return FALSE;
    }
    return (!options->plan || add_plan(import, options->plan, error)) && add_options(import, error);
}

/* A plan is of the package that it was made for. */
static gboolean
check_package(const VpImport *import, GError **error)
{
    const char *identity = vp_package_get_identity(import->package);
    for (guint i = 0; i < import->order->len; i++) {
        const VpWishes *wishes = import->order->pdata[i];
        if (!wishes->package || g_str_equal(wishes->package, identity))
            continue;
        vp_error_set(error, VP_ERROR_USAGE,
                     "%s is of another package: it names the SHA-256 %s, and that of %s is %s",
                     import->options->plan, wishes->package, vp_package_get_path(import->package),
                     identity);
        vp_error_add_fix(error, "virt-porter plan %s", import->options->package);
        return FALSE;
    }
    return TRUE;
}

static gboolean
open_package(VpImport *import, GError **error)
{
    import->connection = vp_connection_open(import->options->uri, error);
    if (!import->connection)
        return FALSE;
    import->package = vp_package_open(import->options->package, error);
    if (!import->package || !check_package(import, error))
        return FALSE;
    import->run_as = reader_user(import->connection);
    const VpWish *ram = vp_wishes_order_find(import->order, VP_CHOICE_RAM);
    gboolean with_ram = !ram || strcmp(ram->text, "drop") != 0;
    import->machine = vp_source_open_package(import->package, &import->run_as, with_ram, error);
    if (!import->machine) {
        vp_package_advise(error);
        return FALSE;
    }
    if (vp_connection_is_local(import->connection) || import->machine->disks->len == 0)
        return TRUE;
    vp_error_set(error, VP_ERROR_FAILED,
                 "%s is on another machine, whose disks cannot be written from here: import there",
                 vp_connection_get_uri(import->connection));
    return FALSE;
}

/* Its definition becomes what the one that boots becomes. */
static void
plan_ram(VpImport *import)
{
    if (import->plan->ram == VP_RAM_DROP)
        return;
    import->ram = xmlCopyDoc(import->machine->ram->description->domain, 1);
    vp_retarget_moment(import->ram, import->plan, "ram", import->report);
    vp_check_ram(import->plan, import->machine, import->ram, import->facts, import->report);
    write_origin(import->ram, import->package);
}

/* Domains may depend on it: no link on the way is to be turned elsewhere. */
static char *
real_path(const char *path)
{
    g_autofree char *real = realpath(path, NULL);
    return g_strdup(real ? real : path);
}

/* Everything becomes what the options say, and all that speaks against it is found;
 * nothing is touched. */
static gboolean
plan_and_check(VpImport *import, GError **error)
{
    static const VpPlanPaths paths = {nvram_path, tpm_path, save_path};
    import->facts = vp_facts_gather(import->connection, import->machine, error);
    if (!import->facts)
        return FALSE;
    import->facts->package = real_path(vp_package_get_path(import->package));
    import->plan = vp_plan_new(import->order, import->machine, import->facts, &paths, error);
    if (!import->plan)
        return FALSE;
    import->report = vp_report_new();
    vp_plan_find_chains(import->plan, import->report);
    import->domain = xmlCopyDoc(import->machine->domain, 1);
    if (!vp_retarget(import->domain, import->plan, import->report, error) ||
        !vp_facts_look_at(import->facts, import->connection, import->plan, import->domain, error))
        return FALSE;
    vp_facts_look_at_cpu(import->connection, import->domain, import->facts);
    vp_check_plan(import->plan, import->machine, import->domain, import->facts, import->report);
    plan_ram(import);
    import->snapshots =
        vp_snapshots_retarget(import->machine, import->plan, import->facts, import->report);
    write_origin(import->domain, import->package);
    check_with_libvirt(import->connection, import->domain, import->report);
    if (import->ram)
        check_with_libvirt(import->connection, import->ram, import->report);
    return TRUE;
}

gboolean
vp_import_prepare(VpImport *import, const VpImportOptions *options, GError **error)
{
    import->options = options;
    return gather_wishes(import, error) && open_package(import, error) &&
           plan_and_check(import, error);
}
